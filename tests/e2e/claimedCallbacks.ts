/**
 * Checks which callbacks of cloud pay count. Nobody signs them, so WeChat is asked where the call can, and
 * where it cannot the order's secret is proof. All else proves nothing.
 */
import { expect, type TestAPI } from 'vitest';
import { goods, lostNotification, payer, playOn, prepayIdOf } from './play.ts';
import { isCallback, type Sent, type Stage } from './stage.ts';

/** Every source that a client can have, alone or behind a relay (Cloud.getWXContext). */
const CLIENT_SOURCES = [
  'wx_client',
  'wx_devtools',
  'wx_localdebug',
  'wx_http',
  'wx_trigger',
  'wx_crawler',
  'wx_unknown',
  'scf',
  'wx_client,scf',
  'wx_client,wx_paycallback',
  'wx_paycallback,scf',
];

type Called = Extract<Sent, { event: unknown }>;

export function claimedCallbacks(stage: () => Stage, test: TestAPI): void {
  const { place, pay, query, lastSent, expectState, expectPaidOnce } = playOn(stage);

  /** An order that was paid, and the callback that did not arrive. */
  const catchCallback = async () => {
    await stage().faults([lostNotification]);
    const { outTradeNo, prepayId } = await place();
    await pay(prepayId);
    await stage().advance('PT1S', 'none');
    const sent = await lastSent();
    if (!isCallback(sent)) throw new Error('that is no callback of cloud pay');
    return { outTradeNo, sent };
  };
  const withChange = (sent: Called, change: object): Called => ({
    ...sent,
    event: { ...sent.event, ...change },
  });

  test('9 the right event from every source that a client can have: refused, nothing changes', async () => {
    const { outTradeNo, sent } = await catchCallback();
    const before = await stage().stored(outTradeNo);
    for (const source of CLIENT_SOURCES) {
      for (const openid of ['oPayer', 'oStranger', undefined]) {
        const as = { source, ...(openid === undefined ? {} : { openid }) };
        const answer = await stage().call('payCallback', sent.event, as);
        expect(answer, `${source} ${openid}`).toMatchObject({ errCode: 'CALLER_REFUSED' });
      }
    }
    const posted = await stage().notify({}, JSON.stringify(sent.event));
    expect(posted).toBeGreaterThanOrEqual(400);
    expect(await stage().stored(outTradeNo)).toEqual(before);
  });

  test.each([
    ['another secret', { attach: 'A'.repeat(32) }],
    ['no secret', { attach: undefined }],
    ['the merchant’s attach in place of the secret', { attach: goods.attach }],
    ['another amount', { totalFee: 1 }],
    ['another payer', { subOpenid: 'oStranger' }],
    ['another mini program', { subAppid: 'wx0000000000000009' }],
    ['another merchant', { subMchId: '1900000999' }],
    ['another currency', { feeType: 'USD' }],
  ])(
    '9 a callback with %s proves nothing: not acknowledged, queried by the timer',
    async (_what, change) => {
      const { outTradeNo, sent } = await catchCallback();
      expect(await stage().again(withChange(sent, change))).toBe(500);
      expect((await stage().stored(outTradeNo))?.state).toBe('paying');
      await stage().advance('PT1S', 'last');
      const { stored } = await expectPaidOnce(outTradeNo);
      expect(stored?.confirmedBy).toBe('query');
    },
  );

  test('9 a claim about an order that is unpaid changes nothing but when it is queried', async () => {
    const { outTradeNo, sent } = await catchCallback();
    const unpaid = await place();
    const claim = withChange(sent, { outTradeNo: unpaid.outTradeNo });
    expect(await stage().again(claim)).toBe(500);
    await stage().advance('PT1S', 'last');
    await expectState(unpaid.outTradeNo, 'paying');
    expect(await query(outTradeNo)).toMatchObject({ tradeState: 'SUCCESS' });
  });

  test('9 without a token and with the right secret a callback pays; with a token WeChat is asked', async () => {
    const first = await catchCallback();
    expect(await stage().again(first.sent)).toBe(200);
    expect((await expectPaidOnce(first.outTradeNo)).stored?.confirmedBy).toBe('callback');
    const second = await catchCallback();
    await stage().platform({ callbackTokens: true });
    expect(await stage().again(withChange(second.sent, { attach: 'A'.repeat(32) }))).toBe(200);
    expect((await expectPaidOnce(second.outTradeNo)).stored?.confirmedBy).toBe('query');
    const unpaid = await place();
    const lie = withChange(second.sent, { outTradeNo: unpaid.outTradeNo });
    expect(await stage().again(lie)).toBe(500);
    await expectState(unpaid.outTradeNo, 'paying');
  });

  test.each(['AMOUNT', 'APPID', 'MCHID', 'OPENID'])(
    '10 a callback with another %s is not believed; it comes again, and pays once',
    async (code) => {
      await stage().faults([{ at: 'wechatpay.notify', kind: 'mutated', code, times: 1 }]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage().advance('PT1S', 'none');
      expect(await stage().stored(outTradeNo)).toMatchObject({
        state: 'paying',
        quarantined: false,
      });
      await stage().advance('PT1M', 'none');
      const { stored, truth } = await expectPaidOnce(outTradeNo);
      expect(stored?.confirmedBy).toBe('callback');
      expect(truth?.notifications.map(({ status }) => status)).toEqual([500, 200]);
    },
  );

  test('11 a callback for an unknown number is not acknowledged, and nothing is written', async () => {
    const { sent } = await catchCallback();
    const documents = await stage().documents();
    for (const callbackTokens of [false, true]) {
      await stage().platform({ callbackTokens });
      expect(await stage().again(withChange(sent, { outTradeNo: 'NOBODY000001' }))).toBe(500);
    }
    expect(await stage().documents()).toBe(documents);
  });

  test('a timer without token pays and closes nothing, and says what to do', async () => {
    await stage().platform({ devtoolsTimers: false });
    const { outTradeNo } = await catchCallback();
    const unpaid = await place();
    await stage().advance('PT2H', 'last');
    await expectState(unpaid.outTradeNo, 'paying');
    expect(await stage().stored(outTradeNo)).toMatchObject({ state: 'paying' });
    expect((await stage().stored(outTradeNo))?.checkAt).not.toBeNull();
    const logs = (await stage().traces()).filter(({ place }) => place === 'log');
    expect(logs.some(({ text }) => text.includes('CLOUDPAY_TOKEN_MISSING'))).toBe(true);
    // The payer comes back, whose call has a token.
    expect(await query(outTradeNo)).toMatchObject({ tradeState: 'SUCCESS', confirmedBy: 'query' });
    const closed = await stage().call('closeOrder', { outTradeNo: unpaid.outTradeNo }, payer);
    expect(closed).toMatchObject({ errCode: 0, state: 'closed' });
    await expectState(unpaid.outTradeNo, 'closed');
  });

  test('a timer without token leaves a scheduled close to the next call', async () => {
    await stage().platform({ devtoolsTimers: false });
    const { outTradeNo } = await place();
    const close = () => stage().call('closeOrder', { outTradeNo }, payer);
    expect(await close()).toMatchObject({ errCode: 'CLOSE_SCHEDULED' });
    await stage().advance('PT6M', 'all');
    await expectState(outTradeNo, 'paying');
    expect(await close()).toMatchObject({ errCode: 0, state: 'closed' });
    await expectState(outTradeNo, 'closed');
  });

  test('the merchant’s server has no token: a named refusal, and the number is not used up', async () => {
    const request = { ...goods, outTradeNo: 'SERVER0001' };
    const asked = await stage().call(
      'unifiedOrder',
      { ...request, openid: 'oPayer' },
      { service: true },
    );
    expect(asked).toMatchObject({ errCode: 'CLOUDPAY_TOKEN_MISSING', advice: 'same_request' });
    expect(asked.errMsg).toContain('小程序端');
    expect(await stage().call('unifiedOrder', request, payer)).toMatchObject({ errCode: 0 });
  });

  test('through WeChat’s server API the merchant’s server has a token, or is refused as without', async () => {
    const viaServerApi = { service: true, source: 'wx_http' } as const;
    const ask = (outTradeNo: string) =>
      stage().call('unifiedOrder', { ...goods, outTradeNo, openid: 'oPayer' }, viaServerApi);
    await stage().platform({ serverApiTokens: true });
    const outTradeNo = 'SERVERAPI0001';
    await pay(prepayIdOf(await ask(outTradeNo)));
    await stage().advance('PT1S', 'none');
    await expectPaidOnce(outTradeNo);
    await stage().platform({ serverApiTokens: false });
    expect(await ask('SERVERAPI0002')).toMatchObject({ errCode: 'CLOUDPAY_TOKEN_MISSING' });
    // Nobody signs for whoever has no key: the source alone opens nothing.
    const unsigned = await stage().call('unifiedOrder', goods, { source: 'wx_http' });
    expect(unsigned).toMatchObject({ errCode: 'CALLER_REFUSED' });
  });
}
