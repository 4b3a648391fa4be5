import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { beijingDay, beijingDigits } from '../../shared/domain/beijing.ts';
import type { Link } from '../../shared/domain/limits.ts';
import { chosen } from '../support/chosen.ts';
import { leaksIn, metIn, type Place } from './canaries.ts';
import { claimedCallbacks } from './claimedCallbacks.ts';
import { aNumber, goods, lostNotification, payer, playOn, prepayIdOf } from './play.ts';
import { signedCallbacks } from './signedCallbacks.ts';
import type { Answer, As, Fault, Stage } from './stage.ts';
import { printStoryOnFailure } from './story.ts';

/** Answers that are not believed: on the direct link by their signature, on cloud pay by their form. */
const unbelievable: Record<Link, [string, Fault][]> = {
  apiV3: [
    ['signing with a foreign key', { at: 'wechatpay.jsapi', kind: 'forged' }],
    ['answering changed bytes', { at: 'wechatpay.jsapi', kind: 'mutated' }],
  ],
  cloudPay: [['answering no JSON', { at: 'wechatpay.jsapi', kind: 'mutated', code: 'NOT_JSON' }]],
};

/**
 * The main job on a stage: every case of what must hold for a payment, ours compared with WeChat's. The
 * same for both links, but for what callbacks are believed by (9 to 11). `only` chooses by title.
 */
export function scenarios(
  name: string,
  open: () => Promise<Stage>,
  { link = 'apiV3', only }: { link?: Link; only?: RegExp } = {},
): void {
  const test = chosen(only);
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open();
    });
    const met = new Set<string>();
    const tracesFrom: Partial<Record<Place, number>> = {};
    afterEach(async () => {
      const traces = await stage.traces();
      const canaries = stage.canaries();
      for (const { place } of traces) tracesFrom[place] = (tracesFrom[place] ?? 0) + 1;
      for (const one of metIn(traces, canaries)) met.add(one);
      // No key, openid, certificate or decrypted body where it does not belong.
      expect(leaksIn(traces, canaries)).toEqual([]);
    });
    afterAll(async () => {
      await stage.close();
      // That there were no leaks says something only if there was much to look at, canaries in it.
      expect(tracesFrom.log).toBeGreaterThan(only ? 40 : 100);
      for (const place of ['timeline', 'answer', 'stranger', 'document', 'bill'] as const) {
        expect(tracesFrom[place], place).toBeGreaterThan(0);
      }
      const belong = ['openid document', 'attach document', 'attach answer', 'notification bill'];
      expect([...met]).toEqual(expect.arrayContaining(belong));
    });
    beforeEach(() => stage.reset());
    printStoryOnFailure(() => stage);

    const { place, pay, query, lastSent, expectState, expectPaidOnce, expectAllAcknowledged } =
      playOn(() => stage);
    (link === 'apiV3' ? signedCallbacks : claimedCallbacks)(() => stage, test);

    test('1 paid and notified: paid by callback, acknowledged after the write', async () => {
      const { outTradeNo, prepayId, answer } = await place();
      // The names of cloud.cloudPay.
      const { appId: appid } = answer.payment as { appId: string };
      const merchant = { tradeType: 'JSAPI', appid, mchId: '1900000109' };
      expect(answer).toMatchObject({ prepayId, ...merchant });
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      const { stored, truth } = await expectPaidOnce(outTradeNo);
      expect(stored?.confirmedBy).toBe('callback');
      expect(truth?.notifications.map(({ status }) => status)).toEqual([200]);
      expect(await query(outTradeNo)).toMatchObject({
        tradeState: 'SUCCESS',
        confirmedBy: 'callback',
        ...merchant,
      });
    });

    test('2 the callback is lost and the payer asks: queryOrder finds it', async () => {
      await stage.faults([lostNotification]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      expect(await query(outTradeNo)).toMatchObject({
        tradeState: 'SUCCESS',
        confirmedBy: 'query',
      });
      await expectPaidOnce(outTradeNo);
    });

    test('3 the callback is lost and the payer gone: the timer finds it at checkAt', async () => {
      await stage.faults([lostNotification]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await expect(stage.stored(outTradeNo)).resolves.toMatchObject({ state: 'paying' });
      await stage.advance('PT1M');
      const { stored } = await expectPaidOnce(outTradeNo);
      expect(stored?.confirmedBy).toBe('query');
    });

    test('4 never paid: closed at WeChat, then here, after timeExpire', async () => {
      const { outTradeNo, prepayId } = await place();
      await stage.advance('PT29M', 'all');
      await expectState(outTradeNo, 'paying');
      await stage.advance('PT2M', 'all');
      const { truth } = await expectState(outTradeNo, 'closed');
      expect(truth?.trade_state).toBe('CLOSED');
      expect(await stage.cashier(prepayId)).not.toBe('requestPayment:ok');
      expect(await query(outTradeNo)).toMatchObject({
        tradeState: 'CLOSED',
        closedReason: 'expired',
      });
    });

    test('5 a close requested too early is scheduled, and done at closableAt', async () => {
      const { outTradeNo } = await place();
      const early = await stage.call('closeOrder', { outTradeNo }, payer);
      expect(early).toMatchObject({ errCode: 'CLOSE_SCHEDULED', advice: 'never' });
      expect(early.closableAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
      await expectState(outTradeNo, 'paying');
      const again = await stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
      expect(again.errCode).toBe('CLOSE_SCHEDULED');
      await stage.advance('PT4M', 'all');
      await expectState(outTradeNo, 'paying');
      await stage.advance('PT2M', 'all');
      await expectState(outTradeNo, 'closed');
      expect(await query(outTradeNo)).toMatchObject({ closedReason: 'asked' });
    });

    test('5 a close requested late enough is done at once, and again answers the same', async () => {
      const { outTradeNo } = await place();
      await stage.advance('PT6M', 'none');
      const done = { errCode: 0, errMsg: 'closeOrder:ok', state: 'closed' };
      expect(await stage.call('closeOrder', { outTradeNo }, payer)).toMatchObject(done);
      expect(await stage.call('closeOrder', { outTradeNo }, payer)).toMatchObject(done);
      await expectState(outTradeNo, 'closed');
    });

    test('6 paid in the last second before the close: paid', async () => {
      await stage.faults([lostNotification]);
      const { outTradeNo, prepayId } = await place();
      // Whole seconds of expiry, and real time ticks on the wire: two seconds are the last one.
      await stage.advance('PT29M57S', 'none');
      await pay(prepayId);
      await stage.advance('PT5S');
      await expectPaidOnce(outTradeNo);
    });

    test('6 paid between the request to close and the close: paid, and the caller is refused', async () => {
      await stage.faults([lostNotification]);
      const { outTradeNo, prepayId } = await place();
      await stage.advance('PT6M', 'none');
      await pay(prepayId);
      const refused = await stage.call('closeOrder', { outTradeNo }, payer);
      expect(refused).toMatchObject({ errCode: 'ORDERPAID' });
      await expectPaidOnce(outTradeNo);
    });

    test('7 paid after a close: paid, with an event of its own', async () => {
      await stage.faults([{ at: 'wechatpay.cashier', kind: 'slow', delayMs: 120_000 }]);
      const { outTradeNo, prepayId } = await place();
      await stage.advance('PT6M', 'none');
      await pay(prepayId);
      await stage.call('closeOrder', { outTradeNo }, payer);
      expect((await stage.stored(outTradeNo))?.state).toBe('closed');
      await stage.advance('PT3M', 'none');
      const { stored } = await expectPaidOnce(outTradeNo);
      expect(stored?.events).toEqual(['order.closed', 'order.paid_after_close']);
    });

    test('8 a callback that comes twice, late and 100 at once pays once, all acknowledged', async () => {
      await stage.faults([{ at: 'wechatpay.notify', kind: 'lost_answer', times: 3 }]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT2M', 'none');
      const { truth } = await expectPaidOnce(outTradeNo);
      expect(truth?.notifications.length).toBeGreaterThan(2);
      const { version } = (await stage.stored(outTradeNo)) ?? {};
      const last = await lastSent();
      await expectAllAcknowledged(last, 100);
      expect((await stage.stored(outTradeNo))?.version).toBe(version);
      await expectPaidOnce(outTradeNo);
    });

    test('8 100 callbacks at once on an open order: paid once', async () => {
      await stage.faults([lostNotification]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      const caught = await lastSent();
      await expectAllAcknowledged(caught, 100);
      await expectPaidOnce(outTradeNo);
    });

    test('12 the same number again is the same order, or a refusal that says why', async () => {
      const { outTradeNo, answer } = await place();
      const again = () => stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
      await stage.advance('PT10S', 'none');
      expect(prepayIdOf(await again())).toBe(prepayIdOf(answer));
      await stage.advance('PT28M50S', 'none');
      const late = await again();
      expect(prepayIdOf(late)).toBe(prepayIdOf(answer));
      await pay(prepayIdOf(late));
      const other = await place();
      await stage.advance('PT31M', 'none');
      const refused = await stage.call(
        'unifiedOrder',
        { ...goods, outTradeNo: other.outTradeNo },
        payer,
      );
      expect(refused).toMatchObject({ errCode: 'ORDER_EXPIRED', advice: 'never' });
      expect(await stage.cashier(other.prepayId)).not.toBe('requestPayment:ok');
      await stage.advance('PT1H29M', 'all');
      const closed = await stage.call(
        'unifiedOrder',
        { ...goods, outTradeNo: other.outTradeNo },
        payer,
      );
      expect(closed.errCode).toBe('ORDERCLOSED');
      await expectState(other.outTradeNo, 'closed');
    });

    test('12 an order that lives longer than its prepay id gets a fresh one after 2 hours', async () => {
      const outTradeNo = aNumber();
      const first = await stage.call(
        'unifiedOrder',
        { ...goods, outTradeNo, openid: 'oPayer', timeExpire: '20991231235959' },
        { service: true },
      );
      expect(first).toMatchObject({ errCode: 'PARAM_ERROR', field: 'timeExpire' });
      const inSixHours = new Date((await stage.now()).getTime() + 6 * 3_600_000);
      const timeExpire = beijingDigits(inSixHours);
      const again = () => stage.call('unifiedOrder', { ...goods, outTradeNo, timeExpire }, payer);
      const young = prepayIdOf(await again());
      await stage.advance('PT2H1M', 'none');
      expect(await stage.cashier(young)).not.toBe('requestPayment:ok');
      const fresh = prepayIdOf(await again());
      expect(fresh).not.toBe(young);
      await pay(fresh);
      await stage.advance('PT1S', 'none');
      await expectPaidOnce(outTradeNo);
    });

    test('13 the same number with another amount is OUT_TRADE_NO_USED', async () => {
      const { outTradeNo } = await place();
      const { request } = (await stage.stored(outTradeNo)) ?? {};
      for (const change of [{ totalFee: 1 }, { body: '茶' }, { attach: 'x' }]) {
        const answer = await stage.call('unifiedOrder', { ...goods, outTradeNo, ...change }, payer);
        expect(answer).toMatchObject({ errCode: 'OUT_TRADE_NO_USED', advice: 'never' });
      }
      expect((await stage.stored(outTradeNo))?.request).toBe(request);
    });

    test('14 ten parallel orders of one number: one order, all payable, one prepay', async () => {
      const outTradeNo = aNumber();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          stage.call('unifiedOrder', { ...goods, outTradeNo }, payer),
        ),
      );
      expect(new Set(answers.map(prepayIdOf)).size).toBe(1);
      expect((await stage.truth(outTradeNo))?.prepayCount).toBe(1);
      await pay(prepayIdOf(answers[9] as Answer));
      await stage.advance('PT1S', 'none');
      await expectPaidOnce(outTradeNo);
    });

    test('15 the placer dies after the insert: another takes over with the same request', async () => {
      const outTradeNo = aNumber();
      await stage.placeAndDie({ ...goods, outTradeNo }, payer);
      const before = await stage.stored(outTradeNo);
      expect(before?.state).toBe('created');
      await stage.advance('PT10S', 'none');
      const answer = await stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
      expect((await stage.stored(outTradeNo))?.request).toBe(before?.request);
      await pay(prepayIdOf(answer));
      await stage.advance('PT1S', 'none');
      await expectPaidOnce(outTradeNo);
    });

    test('15 the placer dies and no caller comes back: given up after ten minutes, or at expiry', async () => {
      const outTradeNo = aNumber();
      await stage.placeAndDie({ ...goods, outTradeNo }, payer);
      await stage.advance('PT31M', 'all');
      await expectState(outTradeNo, 'closed');
    });

    test('16 another user’s order answers like one that does not exist', async () => {
      const { outTradeNo } = await place();
      const stranger: As = { openid: 'oStranger' };
      for (const name of ['queryOrder', 'closeOrder']) {
        const { requestId: _r, ...theirs } = await stage.call(name, { outTradeNo }, stranger);
        const { requestId: _s, ...unknownNumber } = await stage.call(
          name,
          { outTradeNo: aNumber() },
          stranger,
        );
        expect(theirs).toEqual(unknownNumber);
        expect(theirs.errCode).toBe('ORDER_NOT_EXIST');
      }
      const placed = await stage.call('unifiedOrder', { ...goods, outTradeNo }, stranger);
      expect(placed.errCode).toBe('OUT_TRADE_NO_USED');
      await expectState(outTradeNo, 'paying');
    });

    test('17 after an admin’s call an anonymous one inherits nothing', async () => {
      const { outTradeNo } = await place();
      const admin: As = { openid: 'oAdmin' };
      expect(await query(outTradeNo, admin)).toMatchObject({ errCode: 0 });
      for (const source of ['wx_http', 'scf', 'wx_unknown']) {
        const answer = await stage.call('queryOrder', { outTradeNo }, { source });
        expect(answer).toMatchObject({ errCode: 'CALLER_REFUSED' });
      }
    });

    test('18 an answer lost after success, on every call: the outcome is found', async () => {
      const operations = ['wechatpay.jsapi', 'wechatpay.query', 'wechatpay.close'];
      for (const at of [...operations, ...stage.databaseOperations]) {
        for (const times of [1, 2]) {
          await stage.faults([{ at, kind: 'lost_answer', times }, lostNotification]);
          const { outTradeNo, prepayId } = await place();
          await pay(prepayId);
          // A question inserts nothing: the answer lost would be one to the merchant's own function.
          const isOurs = at !== 'cloudbase.insertDocument';
          const asked: Fault[] = isOurs ? [{ at, kind: 'lost_answer', times }] : [];
          await stage.faults([...asked, lostNotification]);
          expect(await query(outTradeNo), `${at} ×${times}`).toMatchObject({
            tradeState: 'SUCCESS',
          });
          const unpaid = await place();
          await stage.advance('PT6M', 'none');
          await stage.faults([{ at, kind: 'lost_answer', times }, lostNotification]);
          const closed = await stage.call('closeOrder', { outTradeNo: unpaid.outTradeNo }, payer);
          expect(closed, `${at} ×${times}`).toMatchObject({ errCode: 0, state: 'closed' });
          await stage.faults([]);
          await expectPaidOnce(outTradeNo);
          await expectState(unpaid.outTradeNo, 'closed');
        }
      }
    });

    test.each(['new_keys', 'new_number'] as const)(
      '19 %s in the configuration while orders are open: none closed, none lost',
      async (change) => {
        await stage.faults([lostNotification]);
        const paidOne = await place();
        const openOne = await place();
        await pay(paidOne.prepayId);
        await stage.reconfigure(change);
        await stage.advance('PT31M', 'all');
        // Keys sign the direct link alone; on cloud pay the platform knows each order's merchant.
        if (change === 'new_number' && link === 'apiV3') {
          for (const { outTradeNo } of [paidOne, openOne]) {
            expect(await stage.stored(outTradeNo)).toMatchObject({ state: 'paying' });
            expect((await stage.stored(outTradeNo))?.checkAt).not.toBeNull();
          }
          const mine = await place();
          await expectState(mine.outTradeNo, 'paying');
          await stage.reconfigure('back');
          await stage.advance('PT1H', 'all');
        }
        await stage.reconfigure('back');
        await expectPaidOnce(paidOne.outTradeNo);
        await expectState(openOne.outTradeNo, 'closed');
      },
    );

    test('20 WeChat refuses an order for good: a named refusal, the number is used up', async () => {
      await stage.faults([{ at: 'wechatpay.jsapi', kind: 'error', code: 'PARAM_ERROR', times: 1 }]);
      const outTradeNo = aNumber();
      const again = () => stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
      expect(await again()).toMatchObject({ errCode: 'PARAM_ERROR', advice: 'never' });
      await expectState(outTradeNo, 'closed');
      expect((await again()).errCode).toBe('ORDERCLOSED');
    });

    test.each(['SIGN_ERROR', 'NO_AUTH', 'APPID_MCHID_NOT_MATCH'])(
      '20 WeChat refuses an order for a fault of ours, %s: repaired, the same number is paid',
      async (code) => {
        await stage.faults([{ at: 'wechatpay.jsapi', kind: 'error', code }]);
        const outTradeNo = aNumber();
        const again = () => stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
        expect(await again()).toMatchObject({ errCode: code, advice: 'never' });
        await stage.advance('PT15M', 'all');
        await stage.faults([]);
        await pay(prepayIdOf(await again()));
        await stage.advance('PT1S', 'none');
        await expectPaidOnce(outTradeNo);
      },
    );

    test.each<[string, Fault]>([
      ['throttled', { at: 'wechatpay.jsapi', kind: 'throttled' }],
      ['out of order', { at: 'wechatpay.jsapi', kind: 'error' }],
      ...unbelievable[link],
    ])('20 WeChat is %s: a re-check, no order lost or stuck', async (_how, fault) => {
      await stage.faults([fault]);
      const outTradeNo = aNumber();
      const again = () => stage.call('unifiedOrder', { ...goods, outTradeNo }, payer);
      expect(await again()).toMatchObject({ advice: 'same_request' });
      expect((await stage.stored(outTradeNo))?.state).toBe('created');
      await stage.faults([]);
      await pay(prepayIdOf(await again()));
      await stage.advance('PT1S', 'none');
      await expectPaidOnce(outTradeNo);
    });

    test.each(['NOT_JSON', 'HUGE', 'UNKNOWN_STATE'])(
      '20 WeChat answers a question with %s: re-checked until it makes sense',
      async (code) => {
        const { outTradeNo, prepayId } = await place();
        await stage.faults([{ at: 'wechatpay.query', kind: 'mutated', code }, lostNotification]);
        await query(outTradeNo);
        await stage.advance('PT3M', 'all');
        await expectState(outTradeNo, 'paying');
        await pay(prepayId);
        await stage.faults([]);
        await stage.advance('PT10M', 'all');
        await expectPaidOnce(outTradeNo);
      },
    );

    test('21 a client cannot call what is not its own, nor say who it is', async () => {
      const { outTradeNo } = await place();
      const { version } = (await stage.stored(outTradeNo)) ?? {};
      const attempts: [string, unknown, As?][] = [
        ['payCallback', { headers: {}, body: '{}', httpMethod: 'POST' }],
        [
          'payCallback',
          { returnCode: 'SUCCESS', resultCode: 'SUCCESS', outTradeNo, totalFee: 1990 },
        ],
        ['payCallback', { outTradeNo }, { openid: 'oPayer', source: 'wx_paycallback,scf' }],
        ['closeStaleOrders', { Type: 'Timer', TriggerName: 'every-minute' }],
        ['closeStaleOrders', { Type: 'Timer' }, { source: 'scf' }],
        ['refund', { outTradeNo, outRefundNo: 'R1', refundFee: 1, totalFee: 1990 }],
        ['refundCallback', { headers: {}, body: '{}', httpMethod: 'POST' }],
        ['decideOrder', { decision: 'giveUpRefund', outTradeNo, outRefundNo: 'R1', reason: 'x' }],
        ['downloadBill', { billDate: '20261123' }],
        ['downloadBill', { billDate: '20261123' }, { openid: 'oPayer', source: 'wx_client,scf' }],
        ['unifiedOrder', { ...goods, userInfo: { openId: 'oAdmin' } }, { source: 'wx_http' }],
      ];
      for (const [name, data, as = payer] of attempts) {
        expect(await stage.call(name, data, as), name).toMatchObject({ errCode: 'CALLER_REFUSED' });
      }
      // No client has this source; a short word from it is no proof all the same.
      const wechat = { openid: 'oPayer', source: 'wx_paycallback' };
      expect(await stage.call('payCallback', { outTradeNo }, wechat)).toMatchObject({
        errcode: 400,
      });
      const openid = await stage.call('unifiedOrder', { ...goods, openid: 'oAdmin' }, payer);
      expect(openid).toMatchObject({ errCode: 'PARAM_ERROR', field: 'openid' });
      const timer = await stage.call('queryOrder', { outTradeNo, Type: 'Timer' }, payer);
      expect(timer).toMatchObject({ errCode: 'PARAM_ERROR', field: 'Type' });
      expect((await stage.stored(outTradeNo))?.version).toBe(version);
    });

    test('a body of 43 Chinese characters is longer than WeChat takes: shown clipped, stored whole', async () => {
      const body = '龙'.repeat(43);
      const { prepayId, outTradeNo } = await place({ body });
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      expect(await query(outTradeNo)).toMatchObject({ body, state: 'paid' });
    });

    test('22 malformed input is refused by the field’s name, and nothing is written', async () => {
      const outTradeNo = aNumber();
      const bad: [string, string, unknown][] = [
        ['unifiedOrder', 'totalFee', { ...goods, outTradeNo, totalFee: '1990' }],
        ['unifiedOrder', 'totalFee', { ...goods, outTradeNo, totalFee: 19.9 }],
        ['unifiedOrder', 'totalFee', { ...goods, outTradeNo, totalFee: 0 }],
        ['unifiedOrder', 'body', { ...goods, outTradeNo, body: '🍵' }],
        ['unifiedOrder', 'body', { ...goods, outTradeNo, body: '' }],
        ['unifiedOrder', 'outTradeNo', { ...goods, outTradeNo: '订单' }],
        ['unifiedOrder', 'attach', { ...goods, outTradeNo, attach: 'a'.repeat(128) }],
        ['unifiedOrder', 'attach', { ...goods, outTradeNo, attach: '单'.repeat(43) }],
        ['unifiedOrder', 'timeExpire', { ...goods, outTradeNo, timeExpire: '2026' }],
        ['unifiedOrder', 'total_fee', { ...goods, outTradeNo, total_fee: 1 }],
        ['queryOrder', 'outTradeNo', {}],
        ['closeOrder', 'outTradeNo', { outTradeNo: 12345678 }],
      ];
      for (const [name, field, data] of bad) {
        expect(await stage.call(name, data, payer)).toMatchObject({
          errCode: 'PARAM_ERROR',
          field,
        });
      }
      expect(await stage.stored(outTradeNo)).toBeUndefined();
    });

    test('a bill of a finished day is downloaded and its hash checked', async () => {
      const { prepayId, outTradeNo } = await place();
      await pay(prepayId);
      const day = beijingDay(await stage.now());
      await stage.advance('PT36H', 'none');
      const answer = await stage.call('downloadBill', { billDate: day }, { openid: 'oAdmin' });
      expect(answer).toMatchObject({ errCode: 0 });
      expect(answer.data).toContain(outTradeNo);
      expect(answer.data).toContain('`19.90');
      const request = { billDate: day, billType: 'FUNDFLOW' };
      const flow = await stage.call('downloadBill', request, { openid: 'oAdmin' });
      expect(flow.errCode).toBe(stage.fundFlow);
      if (flow.errCode === 0) {
        expect(flow.data).toContain('资金流水单号');
        expect(flow.data).toContain(outTradeNo);
        const untouched = { ...request, accountType: 'FEES' };
        expect(await stage.call('downloadBill', untouched, { service: true })).toMatchObject({
          errCode: 'NO_STATEMENT_EXIST',
          advice: 'never',
        });
      }
      const astray = { billDate: day, billType: 'ALL', accountType: 'BASIC' };
      expect(await stage.call('downloadBill', astray, { service: true })).toMatchObject({
        errCode: 'PARAM_ERROR',
        field: 'accountType',
      });
      const tomorrow = await stage.call(
        'downloadBill',
        { billDate: '20991231' },
        { openid: 'oAdmin' },
      );
      expect(tomorrow).toMatchObject({ advice: 'never' });
    });
  });
}
