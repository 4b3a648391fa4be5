import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { chosen } from '../support/chosen.ts';
import { CARD, leaksIn } from './canaries.ts';
import { prepayIdOf } from './play.ts';
import type { As, Fault, Stage } from './stage.ts';
import { printStoryOnFailure } from './story.ts';

const payer: As = { openid: 'oPayer' };
const server: As = { service: true };
const goods = { body: '咖啡', totalFee: 1990 };
let serial = 0;

/**
 * Refunds on a stage whose WeChat Pay refunds: what comes back, ours compared with WeChat's. `only`
 * chooses by title.
 */
export function refundScenarios(name: string, open: () => Promise<Stage>, only?: RegExp): void {
  const test = chosen(only);
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    beforeEach(() => stage.reset());
    printStoryOnFailure(() => stage);
    afterEach(async () => {
      expect(leaksIn(await stage.traces(), stage.canaries())).toEqual([]);
    });

    const wechat = () => {
      if (!stage.refunds) throw new Error('the WeChat Pay of this stage does not refund');
      return stage.refunds;
    };
    const paidOrder = async () => {
      serial += 1;
      const outTradeNo = `REFUND${String(serial).padStart(8, '0')}`;
      const placed = await stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
      expect(await stage.cashier(prepayIdOf(placed))).toBe('requestPayment:ok');
      await stage.advance('PT1S', 'none');
      return outTradeNo;
    };
    const numberOf = (outTradeNo: string, part: number) => `${outTradeNo}-${part}`;
    const refund = (outTradeNo: string, refundFee: number, part = 1) => {
      const outRefundNo = numberOf(outTradeNo, part);
      return stage.call('refund', { outTradeNo, outRefundNo, refundFee, totalFee: 1990 }, server);
    };
    const query = (outTradeNo: string) => stage.call('queryRefund', { outTradeNo }, server);
    const eventsOf = async (outTradeNo: string) =>
      (await stage.stored(outTradeNo))?.events.filter((type) => type.startsWith('refund.'));
    const lost: Fault = { at: 'wechatpay.refundNotify', kind: 'lost_request' };

    test('accepted, then notified: a success, one event', async () => {
      const outTradeNo = await paidOrder();
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 0, state: 'processing' });
      await stage.advance('PT1M', 'none');
      expect(await eventsOf(outTradeNo)).toEqual(['refund.success']);
      expect(await query(outTradeNo)).toMatchObject({
        refundedFee: 1990,
        refunds: [{ refundStatus: 'SUCCESS' }],
      });
      expect((await stage.truth(outTradeNo))?.trade_state).toBe('REFUND');
      const { transactionId, ...answer } = await stage.call('queryOrder', { outTradeNo }, payer);
      expect(answer).toMatchObject({ state: 'paid', tradeState: 'REFUND' });
      const byTransaction = await stage.call('queryOrder', { transactionId }, payer);
      expect(byTransaction).toMatchObject({ outTradeNo, transactionId, tradeState: 'REFUND' });
    });

    test('a reason of 27 Chinese characters is longer than WeChat takes: it goes out clipped', async () => {
      const outTradeNo = await paidOrder();
      const reason = { outTradeNo, refundFee: 1990, refundDesc: '退'.repeat(27) };
      expect(await stage.call('refund', reason, server)).toMatchObject({
        errCode: 0,
        outRefundNo: `R${outTradeNo}`,
        state: 'processing',
      });
    });

    test('the notification is lost: the timer finds out', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([lost]);
      await refund(outTradeNo, 1);
      await stage.advance('PT2M', 'all');
      expect(await eventsOf(outTradeNo)).toEqual(['refund.success']);
      expect((await stage.stored(outTradeNo))?.checkAt).toBeNull();
    });

    test.each<[string, Fault]>([
      ['after it was taken', { at: 'wechatpay.refund', kind: 'lost_answer', times: 1 }],
      ['before', { at: 'wechatpay.refund', kind: 'lost_request', times: 1 }],
      ['and asking fails too', { at: 'wechatpay.queryRefund', kind: 'lost_answer', times: 3 }],
    ])('the answer is lost %s: refunded once', async (_when, fault) => {
      const outTradeNo = await paidOrder();
      await stage.faults([fault]);
      await refund(outTradeNo, 990);
      await stage.advance('PT3M', 'all');
      expect(await query(outTradeNo)).toMatchObject({ refundedFee: 990, refundCount: 1 });
      expect(await eventsOf(outTradeNo)).toEqual(['refund.success']);
    });

    test('a balance too short: the same number goes through later', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([{ at: 'wechatpay.refund', kind: 'error', code: 'NOT_ENOUGH', times: 1 }]);
      expect(await refund(outTradeNo, 990)).toMatchObject({
        errCode: 'NOT_ENOUGH',
        advice: 'same_request',
      });
      expect(await refund(outTradeNo, 990)).toMatchObject({ errCode: 0, state: 'processing' });
    });

    test('a balance too short, and given up: its sum is free, its number closed', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([{ at: 'wechatpay.refund', kind: 'error', code: 'NOT_ENOUGH', times: 1 }]);
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'NOT_ENOUGH' });
      await stage.advance('PT1S', 'none');
      const outRefundNo = numberOf(outTradeNo, 1);
      const decision = { decision: 'giveUpRefund', outTradeNo, outRefundNo, reason: '线下已退' };
      expect(await stage.call('decideOrder', decision, server)).toMatchObject({
        errCode: 0,
        refundStatus: 'CLOSED',
        refundedFee: 0,
      });
      await stage.advance('PT2H', 'all');
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'REFUND_NO_CLOSED' });
      expect(await refund(outTradeNo, 1990, 2)).toMatchObject({ errCode: 0, state: 'processing' });
      const again = { ...decision, outRefundNo: numberOf(outTradeNo, 2) };
      expect(await stage.call('decideOrder', again, server)).toMatchObject({
        errCode: 'REFUND_TAKEN',
      });
    });

    test('the payer’s account is abnormal: refused, and the sum is free again', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([
        { at: 'wechatpay.refund', kind: 'error', code: 'USER_ACCOUNT_ABNORMAL', times: 1 },
      ]);
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'USER_ACCOUNT_ABNORMAL' });
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'REFUND_NO_CLOSED' });
      expect(await refund(outTradeNo, 1990, 2)).toMatchObject({ errCode: 0 });
    });

    test('closed at WeChat: a new number works, the old one does not', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([lost]);
      await refund(outTradeNo, 1990);
      await wechat().end(numberOf(outTradeNo, 1), 'CLOSED');
      await stage.advance('PT2M', 'all');
      expect(await eventsOf(outTradeNo)).toEqual(['refund.closed']);
      expect(await refund(outTradeNo, 1990)).toMatchObject({ errCode: 'REFUND_NO_CLOSED' });
      expect(await refund(outTradeNo, 1990, 2)).toMatchObject({ errCode: 0 });
    });

    test('abnormal, then repaired', async () => {
      const outTradeNo = await paidOrder();
      await refund(outTradeNo, 1990);
      await wechat().end(numberOf(outTradeNo, 1), 'ABNORMAL');
      await stage.advance('PT2M', 'all');
      await wechat().end(numberOf(outTradeNo, 1), 'SUCCESS');
      await stage.advance('PT25H', 'last');
      expect(await eventsOf(outTradeNo)).toEqual(['refund.abnormal', 'refund.success']);
    });

    test.each([
      ['a card of the payer’s', CARD],
      ['the merchant’s own account', { type: 'MERCHANT_BANK_CARD' }],
    ])('abnormal, then paid to %s by our own call', async (_where, abnormal) => {
      const outTradeNo = await paidOrder();
      await refund(outTradeNo, 1990);
      const outRefundNo = numberOf(outTradeNo, 1);
      const request = { outTradeNo, outRefundNo, refundFee: 1990, abnormal };
      const applyAbnormal = (as = server) => stage.call('refund', request, as);
      expect(await applyAbnormal()).toMatchObject({
        errCode: 'REFUND_NOT_ABNORMAL',
        advice: 'never',
      });
      await wechat().end(outRefundNo, 'ABNORMAL');
      await stage.advance('PT2S', 'none');
      expect(await applyAbnormal(payer)).toMatchObject({ errCode: 'CALLER_REFUSED' });
      const mistyped = { ...CARD, bankAccount: `${CARD.bankAccount} ` };
      expect(await stage.call('refund', { ...request, abnormal: mistyped }, server)).toMatchObject({
        errCode: 'PARAM_ERROR',
        field: 'abnormal.bankAccount',
      });
      await stage.faults([{ at: 'wechatpay.abnormalRefund', kind: 'lost_answer', times: 1 }]);
      const stillAbnormal = { errCode: 0, state: 'abnormal', refundStatus: 'ABNORMAL' };
      expect(await applyAbnormal()).toMatchObject(stillAbnormal);
      expect(await applyAbnormal({ openid: 'oAdmin' })).toMatchObject(stillAbnormal);
      await stage.advance('PT1M', 'none');
      expect(await applyAbnormal()).toMatchObject({ errCode: 0, state: 'success' });
      expect(await query(outTradeNo)).toMatchObject({ refundedFee: 1990, refundCount: 1 });
      expect(await eventsOf(outTradeNo)).toEqual(['refund.abnormal', 'refund.success']);
    });

    test.each<Omit<Fault, 'at'>>([
      { kind: 'error', code: 'HTTP_202', times: 1 },
      { kind: 'error_after', code: 'HTTP_202', times: 1 },
      { kind: 'error_after', code: 'SYSTEM_ERROR', times: 2 },
      { kind: 'error_after', code: 'HTTP_502', times: 9 },
      { kind: 'probe', times: 1 },
    ])('an abnormal refund that is answered with %o is paid out once', async (fault) => {
      const outTradeNo = await paidOrder();
      const outRefundNo = numberOf(outTradeNo, 1);
      await refund(outTradeNo, 1990);
      await wechat().end(outRefundNo, 'ABNORMAL');
      const abnormal = { type: 'MERCHANT_BANK_CARD' };
      const request = { outTradeNo, outRefundNo, refundFee: 1990, abnormal };
      await stage.faults([{ at: 'wechatpay.abnormalRefund', ...fault }]);
      await stage.call('refund', request, server);
      await stage.faults([]);
      await stage.call('refund', request, server);
      await stage.advance('PT1M', 'none');
      expect(await stage.call('refund', request, server)).toMatchObject({ state: 'success' });
      expect(await query(outTradeNo)).toMatchObject({ refundedFee: 1990, refundCount: 1 });
    });

    test('a refund made in the console is found by its number and counted', async () => {
      const outTradeNo = await paidOrder();
      const outRefundNo = await wechat().inConsole(outTradeNo, 1000);
      const found = await stage.call('queryRefund', { outTradeNo, outRefundNo }, server);
      expect(found).toMatchObject({ refundedFee: 1000, refunds: [{ origin: 'external' }] });
      await stage.advance('PT2M', 'all');
      expect(await refund(outTradeNo, 991)).toMatchObject({
        errCode: 'REFUND_EXCEEDS_PAID',
        refundableFee: 990,
      });
    });

    test('a refund made in the console is found by itself and counted', async () => {
      const outTradeNo = await paidOrder();
      await wechat().inConsole(outTradeNo, 1000);
      await stage.advance('PT1M', 'none');
      expect(await eventsOf(outTradeNo)).toEqual(['refund.external', 'refund.success']);
      expect(await stage.truth(outTradeNo)).toMatchObject({
        refunds: [{ notifications: [{ status: 200 }] }],
      });
      expect(await query(outTradeNo)).toMatchObject({
        refundedFee: 1000,
        refunds: [{ origin: 'external', refundStatus: 'SUCCESS' }],
      });
      expect(await refund(outTradeNo, 991)).toMatchObject({
        errCode: 'REFUND_EXCEEDS_PAID',
        refundableFee: 990,
      });
    });

    test.each<[string, Fault[]]>([
      ['as a payment', []],
      [
        'and nothing of its payment',
        [{ at: 'wechatpay.query', kind: 'mutated', code: 'BARE_REFUND' }],
      ],
    ])(
      'paid and refunded in the console before we know: reported so, %s, never as paid',
      async (_how, faults) => {
        serial += 1;
        const outTradeNo = `REFUND${String(serial).padStart(8, '0')}`;
        await stage.faults([{ at: 'wechatpay.notify', kind: 'lost_request' }, lost, ...faults]);
        const placed = await stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
        await stage.cashier(prepayIdOf(placed));
        await wechat().inConsole(outTradeNo, 1000);
        await stage.advance('PT1M', 'last');
        expect((await stage.stored(outTradeNo))?.events).toEqual(['order.refunded_externally']);
        expect(await stage.call('queryOrder', { outTradeNo }, payer)).toMatchObject({
          state: 'paid',
          tradeState: 'REFUND',
          refundedExternally: true,
        });
        await stage.faults([]);
        await stage.advance('PT1H', 'last');
        expect((await stage.stored(outTradeNo))?.events).toEqual([
          'order.refunded_externally',
          'refund.external',
          'refund.success',
        ]);
        expect(await refund(outTradeNo, 990)).toMatchObject({ errCode: 0 });
      },
    );

    test('long paid, then refunded in the console: the next queryOrder tells it, once', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([lost]);
      await stage.advance('PT240H', 'none');
      await wechat().inConsole(outTradeNo, 1990);
      for (let i = 0; i < 3; i += 1) {
        expect(await stage.call('queryOrder', { outTradeNo }, payer)).toMatchObject({
          state: 'paid',
          tradeState: 'REFUND',
        });
        await stage.advance('PT1H', 'none');
      }
      expect((await stage.stored(outTradeNo))?.events).toEqual([
        'order.paid',
        'order.refunded_externally',
      ]);
    });

    test('its notice, lost once, comes again; so it does where WeChat could not be asked', async () => {
      const outTradeNo = await paidOrder();
      await stage.faults([
        { ...lost, times: 1 },
        { at: 'wechatpay.queryRefund', kind: 'error', code: 'NO_AUTH', times: 1 },
      ]);
      await wechat().inConsole(outTradeNo, 1000);
      await stage.advance('PT1M', 'none');
      expect(await stage.truth(outTradeNo)).toMatchObject({
        refunds: [{ notifications: [{ status: 'lost' }, { status: 500 }, { status: 200 }] }],
      });
      expect(await eventsOf(outTradeNo)).toEqual(['refund.external', 'refund.success']);
    });

    test.each<[string, number, Omit<Fault, 'at'>]>([
      ['closed with another key', 400, { kind: 'forged' }],
      ['spoilt', 400, { kind: 'mutated' }],
      ['of another merchant', 400, { kind: 'mutated', code: 'MCHID' }],
      ['of another order', 500, { kind: 'mutated', code: 'UNKNOWN_ORDER' }],
      ['of another refund', 500, { kind: 'mutated', code: 'UNKNOWN_REFUND' }],
    ])('a forged notice, %s, changes nothing: %d', async (_how, status, fault) => {
      const outTradeNo = await paidOrder();
      await stage.faults([{ at: 'wechatpay.refundNotify', ...fault }]);
      await wechat().inConsole(outTradeNo, 1000);
      await stage.advance('PT24S', 'none');
      expect(await stage.truth(outTradeNo)).toMatchObject({
        refunds: [{ notifications: [{ status }] }],
      });
      expect(await eventsOf(outTradeNo)).toEqual([]);
      expect(await query(outTradeNo)).toMatchObject({ refundedFee: 0, refundCount: 0 });
      await stage.faults([]);
      await stage.advance('PT1M', 'none');
      expect(await eventsOf(outTradeNo)).toEqual(['refund.external', 'refund.success']);
      expect(leaksIn(await stage.traces(), stage.canaries())).toEqual([]);
    });

    test.each(['AMOUNT', 'TOTAL', 'TRANSACTION'])(
      'another %s in its notice is not believed: what WeChat answers counts',
      async (code) => {
        const outTradeNo = await paidOrder();
        await stage.faults([{ at: 'wechatpay.refundNotify', kind: 'mutated', code }]);
        await wechat().inConsole(outTradeNo, 1000);
        await stage.advance('PT1M', 'none');
        expect(await query(outTradeNo)).toMatchObject({ refundedFee: 1000, refundCount: 1 });
      },
    );

    test('its notice, captured and posted 100 times at once and again, asks WeChat once', async () => {
      const outTradeNo = await paidOrder();
      // A probe in the place of an answer is one more question, and no repeat of a notice.
      await stage.platform({ answerProbes: false });
      await stage.faults([lost]);
      await wechat().inConsole(outTradeNo, 1000);
      await stage.advance('PT11S', 'none');
      const [captured] = (await stage.sent()).slice(-1);
      if (!captured) throw new Error('WeChat sent nothing');
      const post = () => Promise.all(Array.from({ length: 100 }, () => stage.again(captured)));
      for (const status of await post()) expect([200, 500]).toContain(status);
      expect(new Set(await post())).toEqual(new Set([200]));
      const asked = (await stage.traces()).filter(
        ({ place, text }) => place === 'timeline' && text.includes('"wechatpay.queryRefund"'),
      );
      expect(asked).toHaveLength(1);
      expect(await eventsOf(outTradeNo)).toEqual(['refund.external', 'refund.success']);
    });

    test('100 at once never give back more than was paid', async () => {
      const outTradeNo = await paidOrder();
      await Promise.all(Array.from({ length: 100 }, (_, i) => refund(outTradeNo, 1500, i)));
      await stage.advance('PT3M', 'all');
      expect(await query(outTradeNo)).toMatchObject({ refundedFee: 1500, refundCount: 1 });
    });

    test('who may not refund is refused, and a stranger sees nothing', async () => {
      const outTradeNo = await paidOrder();
      const request = { outTradeNo, outRefundNo: 'R', refundFee: 1, totalFee: 1990 };
      expect(await stage.call('refund', request, payer)).toMatchObject({
        errCode: 'CALLER_REFUSED',
      });
      await refund(outTradeNo, 1);
      const seen = await stage.call('queryRefund', { outTradeNo }, payer);
      expect(seen).toMatchObject({ errCode: 0, refundCount: 1 });
      const strange = await stage.call('queryRefund', { outTradeNo }, { openid: 'oStranger' });
      expect(strange).toMatchObject({ errCode: 'ORDER_NOT_EXIST' });
    });
  });
}
