import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { providerOpenid } from '../../emulator/wechatpay/orders/openid.ts';
import { beijingDigits } from '../../shared/domain/beijing.ts';
import { goods, lostNotification, payer, playOn } from './play.ts';
import type { As, Fault, Stage } from './stage.ts';
import { printStoryOnFailure } from './story.ts';

const server: As = { service: true };
const admin: As = { openid: 'oAdmin' };

/** Answers after which nobody knows whether WeChat acted, or that are not WeChat's: `after` it did. */
const ANSWERS: Omit<Fault, 'at'>[] = [
  { kind: 'error_after', code: 'SYSTEM_ERROR' },
  { kind: 'error_after', code: 'BANKERROR' },
  { kind: 'error_after', code: 'HTTP_502' },
  { kind: 'error_after', code: 'HTTP_504' },
  { kind: 'error_after', code: 'HTTP_202' },
  { kind: 'error', code: 'USERPAYING' },
  { kind: 'error', code: 'HTTP_202' },
  { kind: 'error', code: 'HTTP_404' },
  { kind: 'error', code: 'HTTP_405' },
  { kind: 'error', code: 'HTTP_502' },
  { kind: 'error', code: 'HTTP_503' },
  { kind: 'probe' },
];
const CASES = ANSWERS.flatMap((answer) =>
  [1, 9].map((times): [string, number, Omit<Fault, 'at'>] => [
    `${answer.kind} ${answer.code ?? ''}`,
    times,
    { ...answer, times },
  ]),
);

/**
 * Scenarios in which WeChat's answer does not say what it did: an order is paid or closed once, money goes back
 * once, and nothing is taken for missing. Whatever is refused for good after such an answer is not final.
 */
export function uncertainAnswers(name: string, open: () => Promise<Stage>): void {
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    beforeEach(() => stage.reset());
    printStoryOnFailure(() => stage);
    const { place, pay, query, expectState, expectPaidOnce } = playOn(() => stage);
    const openOrder = (more: object) =>
      stage.call('unifiedOrder', { body: '咖啡', totalFee: 1990, ...more }, payer);
    const paidOrder = async () => {
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      return outTradeNo;
    };
    const refund = (outTradeNo: string) =>
      stage.call('refund', { outTradeNo, outRefundNo: `${outTradeNo}-1`, refundFee: 990 }, admin);
    const givenBack = async (outTradeNo: string) => {
      const refunds = (await stage.truth(outTradeNo))?.refunds ?? [];
      return [refunds.reduce((sum, { amount }) => sum + amount.refund, 0), refunds.length];
    };

    test.each(CASES)(
      'an order answered with %s %d times is placed once, and paid',
      async (...[, , fault]) => {
        const outTradeNo = 'UNCERTAIN00001';
        await stage.faults([{ at: 'wechatpay.jsapi', ...fault }]);
        await openOrder({ outTradeNo });
        await stage.faults([]);
        await stage.advance('PT10S', 'none');
        const answer = await openOrder({ outTradeNo });
        expect(answer).toMatchObject({ errCode: 0 });
        await pay(
          String((answer.payment as { package: string }).package).replace('prepay_id=', ''),
        );
        await stage.advance('PT1S', 'none');
        await expectPaidOnce(outTradeNo);
      },
    );

    test.each(CASES)(
      'a close answered with %s %d times ends closed on both sides',
      async (...[, , fault]) => {
        const { outTradeNo } = await place();
        await stage.advance('PT6M', 'none');
        await stage.faults([{ at: 'wechatpay.close', ...fault }]);
        await stage.call('closeOrder', { outTradeNo }, payer);
        await stage.faults([]);
        await stage.advance('PT5M', 'all');
        await expectState(outTradeNo, 'closed');
      },
    );

    test.each(CASES)(
      'a refund answered with %s %d times is paid back once',
      async (...[, , fault]) => {
        const outTradeNo = await paidOrder();
        await stage.faults([{ at: 'wechatpay.refund', ...fault }]);
        await refund(outTradeNo);
        await stage.faults([]);
        await stage.advance('PT5M', 'all');
        expect(await refund(outTradeNo)).toMatchObject({ errCode: 0 });
        expect(await givenBack(outTradeNo)).toEqual([990, 1]);
      },
    );

    test.each(CASES.filter(([what]) => what.startsWith('error_after')))(
      'a refund that was taken, answered with %s %d times and then refused for good, is not refused',
      async (...[, , fault]) => {
        const outTradeNo = await paidOrder();
        const at = 'wechatpay.refund';
        const never = { at, kind: 'error', code: 'NO_AUTH', times: 9 };
        await stage.faults([
          { at: 'wechatpay.queryRefund', kind: 'lost_answer', times: 3 },
          { at, ...fault, times: 1 },
          never,
        ]);
        await refund(outTradeNo);
        const states = async () =>
          (await stage.stored(outTradeNo))?.refunds.map(({ state }) => state);
        expect(await states()).not.toContain('refused');
        await stage.faults([]);
        await stage.advance('PT5M', 'all');
        expect(await states()).toEqual([stage.link === 'apiV3' ? 'success' : 'processing']);
        expect(await givenBack(outTradeNo)).toEqual([990, 1]);
      },
    );

    test.each(['HTTP_404', 'HTTP_405', 'HTTP_502', 'HTTP_202'])(
      'queries that are answered with %s alone neither close an order nor deny a refund',
      async (code) => {
        const { outTradeNo, prepayId } = await place();
        const refunded = await paidOrder();
        await refund(refunded);
        const bare = ['wechatpay.query', 'wechatpay.queryRefund', 'wechatpay.close'];
        await stage.faults([lostNotification, ...bare.map((at) => ({ at, kind: 'error', code }))]);
        await stage.advance('PT25M', 'all');
        expect(await query(outTradeNo)).not.toMatchObject({ errCode: 'ORDER_NOT_EXIST' });
        await pay(prepayId);
        await stage.advance('PT20M', 'all');
        expect((await stage.stored(outTradeNo))?.state).toBe('paying');
        const asked = { outTradeNo: refunded, outRefundNo: `${refunded}-1` };
        expect(await stage.call('queryRefund', asked, admin)).not.toMatchObject({
          errCode: 'REFUND_NOT_EXIST',
        });
        await stage.faults([lostNotification]);
        await stage.advance('PT30M', 'all');
        await expectPaidOnce(outTradeNo);
      },
    );

    test('a 5xx for ever, and then calm: the order that never was there is closed', async () => {
      const outTradeNo = 'UNCERTAIN00002';
      await stage.faults([{ at: 'wechatpay.jsapi', kind: 'error', code: 'SYSTEM_ERROR' }]);
      await openOrder({ outTradeNo });
      await stage.advance('PT45M', 'all');
      await expectState(outTradeNo, 'closed');
    });

    test('a payer of another app never gets an order, and the number ends', async () => {
      const outTradeNo = 'UNCERTAIN00003';
      const data = { outTradeNo, body: '咖啡', totalFee: 1990, openid: providerOpenid('oPayer') };
      const as = stage.link === 'apiV3' ? server : { ...server, source: 'wx_client,scf' };
      expect((await stage.call('unifiedOrder', data, as)).errCode).not.toBe(0);
      await stage.advance('PT45M', 'all');
      await expectState(outTradeNo, 'closed');
    });

    // What WeChat moves or sees later than we asked can be paid past our end; what it sees earlier, not so long.
    test.each([
      ['ahead', 240_000, 'PT30S', 0],
      ['behind', -240_000, 'PT150S', 'ORDER_EXPIRED'],
    ])(
      'WeChat’s clock is %s: what can be paid is paid, and the rest is closed',
      async (...[, clockAheadMs, after, errCode]) => {
        // Refused is refused at once: only what is moved can be paid at another time than was asked.
        await stage.platform({ clockAheadMs, timeExpire: 'moved' });
        const short = async () => {
          const timeExpire = beijingDigits(new Date((await stage.now()).getTime() + 120_000));
          return place({ timeExpire });
        };
        const paid = await short();
        const unpaid = await short();
        await stage.faults([lostNotification]);
        await stage.advance(after, 'none');
        expect(await openOrder({ ...goods, outTradeNo: paid.outTradeNo })).toMatchObject({
          errCode,
        });
        await pay(paid.prepayId);
        await stage.advance('PT10M', 'all');
        await expectPaidOnce(paid.outTradeNo);
        await expectState(unpaid.outTradeNo, 'closed');
      },
    );
  });
}
