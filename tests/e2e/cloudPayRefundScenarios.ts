import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { chosen } from '../support/chosen.ts';
import { payer, playOn } from './play.ts';
import { type As, type Fault, isCallback, type Stage } from './stage.ts';
import { printStoryOnFailure } from './story.ts';

const admin: As = { openid: 'oAdmin' };

/**
 * Refunds on cloud pay: WeChat takes them and never says more (Cloud.CloudPay), so none ends as a
 * success; what must hold all the same is that none exceeds what was paid and none is made twice. `only`
 * chooses by title.
 */
export function cloudPayRefundScenarios(
  name: string,
  open: () => Promise<Stage>,
  only?: RegExp,
): void {
  const test = chosen(only);
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    beforeEach(() => stage.reset());
    printStoryOnFailure(() => stage);
    const { place, pay } = playOn(() => stage);

    const paidOrder = async () => {
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      return outTradeNo;
    };
    const refund = (outTradeNo: string, refundFee: number, part = 1, as = admin) => {
      const outRefundNo = `${outTradeNo}-${part}`;
      return stage.call('refund', { outTradeNo, outRefundNo, refundFee, totalFee: 1990 }, as);
    };
    const query = (outTradeNo: string) => stage.call('queryRefund', { outTradeNo }, admin);
    const eventsOf = async (outTradeNo: string) =>
      (await stage.stored(outTradeNo))?.events.filter((type) => type.startsWith('refund.'));
    /** Asks WeChat how many fen it has given back, and in how many parts. */
    const givenBack = async (outTradeNo: string) => {
      const refunds = (await stage.truth(outTradeNo))?.refunds ?? [];
      return [refunds.reduce((sum, { amount }) => sum + amount.refund, 0), refunds.length];
    };

    test.each<[string, Fault[]]>([
      ['as a payment', []],
      [
        'and nothing of its payment',
        [{ at: 'wechatpay.query', kind: 'mutated', code: 'BARE_REFUND' }],
      ],
    ])(
      'paid and refunded in the console before we know: reported so, %s, never as paid',
      async (_how, faults) => {
        const { outTradeNo, prepayId } = await place();
        await stage.faults([{ at: 'wechatpay.notify', kind: 'lost_request' }, ...faults]);
        await pay(prepayId);
        await stage.refunds?.inConsole(outTradeNo, 1000);
        // Due after 30 seconds, and the timer fires at some second of each minute.
        await stage.advance('PT2M', 'all');
        expect((await stage.stored(outTradeNo))?.events).toEqual(['order.refunded_externally']);
        expect(await stage.call('queryOrder', { outTradeNo }, payer)).toMatchObject({
          state: 'paid',
          tradeState: 'REFUND',
          refundedExternally: true,
        });
      },
    );

    test('long paid, then refunded in the console: the next queryOrder tells it, once', async () => {
      const outTradeNo = await paidOrder();
      await stage.advance('PT240H', 'none');
      await stage.refunds?.inConsole(outTradeNo, 1990);
      for (let i = 0; i < 3; i += 1) {
        expect(await stage.call('queryOrder', { outTradeNo }, payer)).toMatchObject({
          state: 'paid',
          tradeState: 'REFUND',
        });
        await stage.advance('PT1H', 'none');
      }
      const events = (await stage.stored(outTradeNo))?.events;
      expect(events).toEqual(['order.paid', 'order.refunded_externally']);
    });

    test('accepted, called back without proof: not acknowledged, and unverified in the end', async () => {
      const outTradeNo = await paidOrder();
      expect(await refund(outTradeNo, 1500)).toMatchObject({ errCode: 0, state: 'processing' });
      await stage.advance('PT1M', 'last');
      expect(await query(outTradeNo)).toMatchObject({ refunds: [{ state: 'processing' }] });
      await stage.advance('PT192H', 'last');
      expect(await eventsOf(outTradeNo)).toEqual(['refund.unverified']);
      expect(await query(outTradeNo)).toMatchObject({
        refundedFee: 1500,
        refunds: [{ state: 'unverified', refundStatus: 'PROCESSING' }],
      });
      expect(await refund(outTradeNo, 491, 2)).toMatchObject({ errCode: 'REFUND_EXCEEDS_PAID' });
      expect(await givenBack(outTradeNo)).toEqual([1500, 1]);
      const callbacks = (await stage.sent()).filter(
        (sent) => isCallback(sent) && sent.event.refundId,
      );
      expect(callbacks.length).toBeGreaterThan(1);
    });

    test.each<[string, Fault]>([
      ['after it was taken', { at: 'wechatpay.refund', kind: 'lost_answer', times: 1 }],
      ['twice after it was taken', { at: 'wechatpay.refund', kind: 'lost_answer', times: 2 }],
      ['before', { at: 'wechatpay.refund', kind: 'lost_request', times: 1 }],
      ['and asking fails too', { at: 'wechatpay.queryRefund', kind: 'lost_answer', times: 3 }],
    ])('the answer is lost %s: refunded once', async (_when, fault) => {
      const outTradeNo = await paidOrder();
      await stage.faults([fault]);
      await refund(outTradeNo, 990);
      await stage.advance('PT3M', 'all');
      expect(await refund(outTradeNo, 990)).toMatchObject({ errCode: 0, state: 'processing' });
      expect(await givenBack(outTradeNo)).toEqual([990, 1]);
    });

    test('a balance too short: the same number goes through later', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([{ at: 'wechatpay.refund', kind: 'error', code: 'NOT_ENOUGH', times: 1 }]);
      expect(await refund(outTradeNo, 990)).toMatchObject({
        errCode: 'NOT_ENOUGH',
        advice: 'same_request',
      });
      expect(await refund(outTradeNo, 990)).toMatchObject({ errCode: 0, state: 'processing' });
      expect(await givenBack(outTradeNo)).toEqual([990, 1]);
    });

    test('a balance too short, and given up: its sum is free, its number closed', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([{ at: 'wechatpay.refund', kind: 'error', code: 'NOT_ENOUGH', times: 1 }]);
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'NOT_ENOUGH' });
      await stage.advance('PT1S', 'none');
      const outRefundNo = `${outTradeNo}-1`;
      const decision = { decision: 'giveUpRefund', outTradeNo, outRefundNo, reason: '线下已退' };
      expect(await stage.call('decideOrder', decision, admin)).toMatchObject({
        errCode: 0,
        refundStatus: 'CLOSED',
        refundedFee: 0,
      });
      await stage.advance('PT2H', 'all');
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'REFUND_NO_CLOSED' });
      expect(await refund(outTradeNo, 1990, 2)).toMatchObject({ errCode: 0, state: 'processing' });
      const again = { ...decision, outRefundNo: `${outTradeNo}-2` };
      expect(await stage.call('decideOrder', again, admin)).toMatchObject({
        errCode: 'REFUND_TAKEN',
      });
    });

    test('the payer’s account is abnormal: refused, and the sum is free again', async () => {
      const outTradeNo = await paidOrder();
      const code = 'USER_ACCOUNT_ABNORMAL';
      await stage.faults([{ at: 'wechatpay.refund', kind: 'error', code, times: 1 }]);
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: code });
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'REFUND_NO_CLOSED' });
      expect(await refund(outTradeNo, 1990, 2)).toMatchObject({ errCode: 0 });
    });

    test('100 at once never give back more than was paid', async () => {
      const outTradeNo = await paidOrder();
      await Promise.all(Array.from({ length: 100 }, (_, i) => refund(outTradeNo, 1500, i)));
      await stage.advance('PT3M', 'all');
      expect(await query(outTradeNo)).toMatchObject({ refundedFee: 1500, refundCount: 1 });
      expect(await givenBack(outTradeNo)).toEqual([1500, 1]);
    });

    test('the merchant’s server has no token: stored, and sent by a timer that has one', async () => {
      const outTradeNo = await paidOrder();
      const asked = await refund(outTradeNo, 990, 1, { service: true });
      expect(asked).toMatchObject({ errCode: 'REFUND_SCHEDULED', advice: 'same_request' });
      expect(asked).toMatchObject({ outRefundNo: `${outTradeNo}-1` });
      expect(await givenBack(outTradeNo)).toEqual([0, 0]);
      await stage.advance('PT2M', 'all');
      expect(await query(outTradeNo)).toMatchObject({ refunds: [{ state: 'processing' }] });
      expect(await givenBack(outTradeNo)).toEqual([990, 1]);
    });

    test.each([
      ['goes through with the same number', 'PT144H', 1, 0, []],
      ['needs a new one', 'PT240H', 2, 'REFUND_NO_CLOSED', ['refund.given_up']],
    ])('a timer without token sends nothing again: a refund %s after %s', async (...row) => {
      const [, later, part, errCode, events] = row;
      const outTradeNo = await paidOrder();
      await stage.platform({ devtoolsTimers: false });
      await stage.faults([{ at: 'wechatpay.refund', kind: 'lost_request' }]);
      await refund(outTradeNo, 990);
      await stage.faults([]);
      await stage.advance(later, 'last');
      expect(await givenBack(outTradeNo)).toEqual([0, 0]);
      expect(await eventsOf(outTradeNo)).toEqual([]);
      expect(await refund(outTradeNo, 990)).toMatchObject({ errCode });
      expect(await eventsOf(outTradeNo)).toEqual(events);
      expect(await refund(outTradeNo, 990, part)).toMatchObject({ state: 'processing' });
      expect(await givenBack(outTradeNo)).toEqual([990, 1]);
    });

    test('a client can neither refund nor say that it was', async () => {
      const outTradeNo = await paidOrder();
      const request = { outTradeNo, outRefundNo: 'R', refundFee: 1, totalFee: 1990 };
      expect(await stage.call('refund', request, payer)).toMatchObject({
        errCode: 'CALLER_REFUSED',
      });
      await refund(outTradeNo, 990);
      const event = {
        returnCode: 'SUCCESS',
        outTradeNo,
        outRefundNo: `${outTradeNo}-1`,
        refundStatus: 'SUCCESS',
      };
      for (const source of ['wx_client', 'wx_client,scf', 'wx_http', 'scf', 'wx_paycallback,scf']) {
        const answer = await stage.call('refundCallback', event, { ...payer, source });
        expect(answer).toMatchObject({ errCode: 'CALLER_REFUSED' });
      }
      expect(await eventsOf(outTradeNo)).toEqual([]);
    });
  });
}
