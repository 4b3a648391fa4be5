/** Checks that callbacks of the direct link count by WeChat Pay's signature, and by nothing else. */
import { expect, type TestAPI } from 'vitest';
import { goods, lostNotification, payer, playOn } from './play.ts';
import { isCallback, type Stage } from './stage.ts';

export function signedCallbacks(stage: () => Stage, test: TestAPI): void {
  const { place, pay, query, lastSent } = playOn(stage);

  test('9 forged, replayed, changed and probing callbacks change nothing: 4xx', async () => {
    await stage().faults([lostNotification]);
    const { outTradeNo, prepayId } = await place();
    await pay(prepayId);
    await stage().advance('PT1S', 'none');
    const sent = await lastSent();
    if (isCallback(sent)) throw new Error('that is no notification of the direct link');
    const { headers, body } = sent;
    const names = Object.fromEntries(Object.keys(headers).map((key) => [key.toLowerCase(), key]));
    const signature = names['wechatpay-signature'] ?? '';
    const flip = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    const forgeries: [Record<string, string>, string][] = [
      [{ ...headers, [signature]: flip(headers[signature] ?? '', 10) }, body],
      [{ ...headers, [signature]: `WECHATPAY/SIGNTEST/${headers[signature]}` }, body],
      [{ ...headers, [names['wechatpay-nonce'] ?? '']: 'another' }, body],
      [{ ...headers, [names['wechatpay-serial'] ?? '']: 'PUB_KEY_ID_0' }, body],
      [{}, body],
      [headers, ''],
      [headers, '{}'],
      ...[5, 50, 150, 300, body.length - 20].map((at): [Record<string, string>, string] => [
        headers,
        flip(body, at),
      ]),
    ];
    for (const [forgedHeaders, forgedBody] of forgeries) {
      const status = await stage().notify(forgedHeaders, forgedBody);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    await stage().advance('PT6M', 'none');
    expect(await stage().notify(headers, body)).toBe(401);
    expect((await stage().stored(outTradeNo))?.state).toBe('paying');
  });

  test.each(['AMOUNT', 'APPID', 'MCHID', 'OPENID'])(
    '10 a verified payment with another %s is quarantined once, not paid',
    async (code) => {
      await stage().faults([{ at: 'wechatpay.notify', kind: 'mutated', code }]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage().advance('PT2M', 'none');
      const stored = await stage().stored(outTradeNo);
      expect(stored).toMatchObject({ state: 'paying', quarantined: true, checkAt: null });
      expect(stored?.events).toEqual(['order.mismatch']);
      const truth = await stage().truth(outTradeNo);
      expect(truth?.notifications.at(-1)?.status).toBe(200);
      const answer = await stage().call('unifiedOrder', { ...goods, outTradeNo }, payer);
      expect(answer.errCode).toBe('ORDER_QUARANTINED');
      expect(await query(outTradeNo)).toMatchObject({ tradeState: 'NOTPAY', quarantined: true });
    },
  );

  test('11 a verified payment for an unknown number is stored as an orphan', async () => {
    await stage().faults([
      { at: 'wechatpay.notify', kind: 'mutated', code: 'UNKNOWN_ORDER', times: 1 },
    ]);
    const { outTradeNo, prepayId } = await place();
    await pay(prepayId);
    await stage().advance('PT1S', 'none');
    const [sent] = await stage().sent();
    expect(sent).toBeDefined();
    const orphan = await stage().stored(`orphan of ${outTradeNo}`);
    expect(orphan).toMatchObject({ kind: 'orphan', events: ['order.orphan'] });
  });
}
