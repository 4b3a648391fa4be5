import { expect, test } from 'vitest';
import { openInProcess } from './inProcess.ts';
import { playOn } from './play.ts';
import type { Stage } from './stage.ts';

type Phase = [what: string, change: (keys: NonNullable<Stage['keys']>) => Promise<void>];

/** Changes of keys while orders are placed and paid, in the order of the documents (D4012153196). */
const phases: Phase[] = [
  ['a merchant of platform certificates', async () => {}],
  ['WeChat renews the certificate', (keys) => keys.wechats('new_certificate')],
  ['the public key is configured beside it', (keys) => keys.ours('both')],
  ['WeChat signs with the public key alone', (keys) => keys.wechats('public_key_only')],
  ['the certificate is taken out of the configuration', (keys) => keys.ours('publicKey')],
  ['WeChat goes back to both', (keys) => keys.wechats('both')],
  ['and the merchant too', (keys) => keys.ours('both')],
];

test('a merchant switched from certificate to public key in the middle of traffic loses nothing', async () => {
  const stage = await openInProcess('certificate');
  const { place, pay, query, expectPaidOnce } = playOn(() => stage);
  if (!stage.keys) throw new Error('the keys of this stage do not change');
  const paid: string[] = [];
  let open: { outTradeNo: string; prepayId: string }[] = [];
  for (const [what, change] of phases) {
    await change(stage.keys);
    // Placed before the change and paid after it; then asked about, in the same breath.
    for (const { outTradeNo, prepayId } of open) {
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      expect(await query(outTradeNo), what).toMatchObject({ tradeState: 'SUCCESS' });
      paid.push(outTradeNo);
    }
    // A payer begins ten orders a minute at most.
    await stage.advance('PT1M', 'none');
    open = await Promise.all(Array.from({ length: 5 }, () => place()));
  }
  for (const { outTradeNo, prepayId } of open) {
    await pay(prepayId);
    await stage.advance('PT1S', 'none');
    paid.push(outTradeNo);
  }
  expect(paid).toHaveLength(35);
  for (const outTradeNo of paid) {
    const { stored, truth } = await expectPaidOnce(outTradeNo);
    expect(stored?.confirmedBy).toBe('callback');
    expect(truth?.notifications.map(({ status }) => status)).toEqual([200]);
  }
  await stage.close();
});
