/** Holds that no word learnt after an attempt that may have acted is final, on both links. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leaksIn } from './canaries.ts';
import { openInProcess } from './inProcess.ts';
import { aNumber, goods, payer, playOn, prepayIdOf } from './play.ts';
import type { As, Fault, Stage } from './stage.ts';
import { printStoryOnFailure } from './story.ts';

const admin: As = { openid: 'oAdmin' };
/** The answers that WeChat Pay may give although it acted. */
const CODES = [
  'SYSTEM_ERROR',
  'FREQUENCY_LIMITED',
  'HTTP_202',
  'HTTP_500',
  'HTTP_502',
  'HTTP_503',
  'HTTP_504',
];
const REFUSALS = ['NO_AUTH', 'RULE_LIMIT', 'INVALID_REQUEST', 'SIGN_ERROR'];
const pairs = [
  ...CODES.map((code) => [code, 'NO_AUTH']),
  ...REFUSALS.map((no) => ['HTTP_503', no]),
];

/** It acts once and answers so; whatever comes after it is refused. */
const actedThenRefused = (at: string, code: string, refusal: string): Fault[] => [
  { at, kind: 'error_after', code, times: 1 },
  { at, kind: 'error', code: refusal },
];
const unnotified: Fault = { at: 'wechatpay.refundNotify', kind: 'lost_request' };
const silent = (at: string): Fault => ({ at, kind: 'lost_answer' });

describe.each(['publicKey', 'cloudPay'] as const)('on %s', (mode) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openInProcess(mode);
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.reset());
  printStoryOnFailure(() => stage);
  afterEach(async () => {
    expect(leaksIn(await stage.traces(), stage.canaries())).toEqual([]);
  });
  const { place, pay, expectState, expectPaidOnce } = playOn(() => stage);
  const paidOrder = async () => {
    const { outTradeNo, prepayId } = await place();
    await pay(prepayId);
    await stage.advance('PT1S', 'none');
    return outTradeNo;
  };
  const refund = (outTradeNo: string, refundFee: number, part = 1) => {
    const outRefundNo = `${outTradeNo}-${part}`;
    return stage.call('refund', { outTradeNo, outRefundNo, refundFee, totalFee: 1990 }, admin);
  };

  test.each(pairs)(
    'an order that was taken with %s and then refused with %s is not closed',
    async (...row) => {
      const [code = '', refusal = ''] = row;
      const outTradeNo = aNumber();
      const again = () => stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
      await stage.faults(actedThenRefused('wechatpay.jsapi', code, refusal));
      expect(await again()).toMatchObject({ advice: 'same_request' });
      expect((await stage.stored(outTradeNo))?.state).toBe('created');
      // The next call meets nothing but the refusal, and that is as little final.
      expect(await again()).toMatchObject({ resultCode: 'FAIL', advice: 'same_request' });
      await stage.advance('PT5M', 'all');
      expect((await stage.stored(outTradeNo))?.state).toBe('created');
      await stage.faults([]);
      await pay(prepayIdOf(await again()));
      await stage.advance('PT1S', 'none');
      await expectPaidOnce(outTradeNo);
    },
  );

  test.each(CODES)('a close that was done with %s and then refused is one', async (code) => {
    const { outTradeNo } = await place();
    await stage.advance('PT6M', 'none');
    const close = () => stage.call('closeOrder', { outTradeNo }, payer);
    const faults = actedThenRefused('wechatpay.close', code, 'NO_AUTH');
    await stage.faults([...faults, silent('wechatpay.query')]);
    expect(await close()).toMatchObject({ resultCode: 'FAIL' });
    expect((await stage.stored(outTradeNo))?.state).toBe('paying');
    await stage.faults(faults.slice(1));
    expect(await close()).toMatchObject({ errCode: 0, state: 'closed' });
    await expectState(outTradeNo, 'closed');
  });

  test.each(pairs)(
    'a refund that was taken with %s and then refused with %s keeps its sum',
    async (...row) => {
      const [code = '', refusal = ''] = row;
      const outTradeNo = await paidOrder();
      const faults = actedThenRefused('wechatpay.refund', code, refusal);
      await stage.faults([...faults, silent('wechatpay.queryRefund'), unnotified]);
      for (const _call of [1, 2, 3]) {
        expect(await refund(outTradeNo, 1990)).toMatchObject({ advice: 'same_request' });
        await stage.advance('PT1M', 'all');
        expect(await refund(outTradeNo, 1, 2)).toMatchObject({ errCode: 'REFUND_EXCEEDS_PAID' });
      }
      const outRefundNo = `${outTradeNo}-1`;
      const decision = { decision: 'giveUpRefund', outTradeNo, outRefundNo, reason: 'x' };
      expect(await stage.call('decideOrder', decision, admin)).toMatchObject({
        resultCode: 'FAIL',
      });
      await stage.advance('PT11M', 'all');
      await stage.faults([...faults.slice(1), unnotified]);
      const { errCode } = await stage.call('decideOrder', decision, admin);
      expect(errCode).toBe('REFUND_TAKEN');
      const { refunds } = (await stage.truth(outTradeNo)) ?? {};
      expect(refunds?.map(({ amount }) => amount.refund)).toEqual([1990]);
      expect(await refund(outTradeNo, 1, 2)).toMatchObject({ errCode: 'REFUND_EXCEEDS_PAID' });
    },
  );
});
