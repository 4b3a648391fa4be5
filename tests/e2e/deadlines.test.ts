import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openInProcess } from './inProcess.ts';
import { goods, payer, playOn } from './play.ts';
import type { As, Stage } from './stage.ts';

const ASKED = ['jsapi', 'query', 'close', 'refund', 'queryRefund', 'bill', 'certificates'];
const silence = ASKED.map((at) => ({ at: `wechatpay.${at}`, kind: 'lost_answer' }));
const admin: As = { openid: 'oAdmin' };

/**
 * WeChat takes every call and answers none, so that each lasts as long as it may. The stage fails by itself
 * where an invocation takes longer than it was granted; here is what it answers, and that nothing is lost.
 */
describe.each(['publicKey', 'cloudPay'] as const)('WeChat answers nothing: %s', (mode) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openInProcess(mode);
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());
  const { place, pay, query, lastSent, expectPaidOnce } = playOn(() => stage);

  const paid = async () => {
    const { outTradeNo, prepayId } = await place();
    await stage.platform({ callbackTokens: true });
    await pay(prepayId);
    await stage.advance('PT1S', 'none');
    await expectPaidOnce(outTradeNo);
    return outTradeNo;
  };

  test('an order is answered in time, and placed by the next call', async () => {
    await stage.faults(silence);
    const input = { ...goods, outTradeNo: 'SILENT0001' };
    expect(await stage.call('unifiedOrder', input, payer)).toMatchObject({
      errCode: 'ANSWER_LOST',
      advice: 'same_request',
    });
    await stage.faults([]);
    await stage.advance('PT20S', 'none');
    expect(await stage.call('unifiedOrder', input, payer)).toMatchObject({ errCode: 0 });
  });

  test('a query and a close are answered in time, and the timer closes', async () => {
    const { outTradeNo } = await place();
    await stage.advance('PT6M', 'none');
    await stage.faults(silence);
    expect(await query(outTradeNo)).toMatchObject({ errCode: 'ANSWER_LOST' });
    const closing = await stage.call('closeOrder', { outTradeNo }, payer);
    expect(closing.errCode).not.toBe(0);
    await stage.faults([]);
    await stage.advance('PT1H', 'all');
    expect(await stage.stored(outTradeNo)).toMatchObject({ state: 'closed' });
  });

  test('a refund is answered in time, and taken once by the time that it is known', async () => {
    const outTradeNo = await paid();
    await stage.faults(silence);
    const input = { outTradeNo, refundFee: goods.totalFee };
    expect(await stage.call('refund', input, admin)).toMatchObject({ errCode: 'ANSWER_LOST' });
    expect(await stage.call('queryRefund', { outTradeNo }, admin)).toMatchObject({
      errCode: 'ANSWER_LOST',
    });
    await stage.faults([]);
    expect((await stage.truth(outTradeNo))?.refunds).toHaveLength(1);
    await stage.advance('PT2M');
    expect(await stage.call('queryRefund', { outTradeNo }, admin)).toMatchObject({
      refundedFee: goods.totalFee,
      refundCount: 1,
    });
  });

  test('a timer begins no refund that it could not end', async () => {
    const outTradeNo = await paid();
    for (const part of [1, 2, 3]) {
      const outRefundNo = `PART${part}`;
      const input = { outTradeNo, outRefundNo, refundFee: 100 };
      expect(await stage.call('refund', input, admin)).toMatchObject({ errCode: 0 });
      await stage.advance('PT61S', 'none');
    }
    await stage.faults(silence);
    await stage.advance('PT1H');
    await stage.faults([]);
    expect(await stage.stored(outTradeNo)).toMatchObject({ state: 'paid' });
  });

  test('a timer waits for the refunds of two orders side by side', async () => {
    const outTradeNos = [await paid(), await paid()];
    await stage.faults([{ at: 'wechatpay.refund', kind: 'lost_request' }]);
    for (const outTradeNo of outTradeNos) {
      await stage.call('refund', { outTradeNo, refundFee: goods.totalFee }, admin);
    }
    // Each sends twice, and waits twice for 5 of the 20 seconds that the stage grants.
    await stage.advance('PT2M');
    await stage.faults([]);
    await stage.advance('PT1H', 'all');
    for (const outTradeNo of outTradeNos) {
      expect((await stage.truth(outTradeNo))?.refunds).toMatchObject([{ status: 'SUCCESS' }]);
    }
  });

  test('a callback is answered before WeChat gives up on it', async () => {
    const { outTradeNo, prepayId } = await place();
    await stage.platform({ callbackTokens: true });
    await stage.faults([{ at: 'wechatpay.notify', kind: 'lost_request' }]);
    await pay(prepayId);
    await stage.advance('PT1S', 'none');
    await stage.faults(silence);
    expect(await stage.again(await lastSent())).toBe(200);
    await expectPaidOnce(outTradeNo);
  });
});
