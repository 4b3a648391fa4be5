import { afterAll, beforeAll, beforeEach, describe, expect, type TestContext } from 'vitest';
import type { Link } from '../../shared/domain/limits.ts';
import { chosen } from '../support/chosen.ts';
import { goods, lostNotification, payer, playOn, prepayIdOf } from './play.ts';
import type { Sent, Stage } from './stage.ts';
import { printStoryOnFailure } from './story.ts';

/**
 * An order follows the link it was placed through, whatever the configuration says since. `only` chooses by
 * title.
 */
export function linkMoves(name: string, open: () => Promise<Stage>, only?: RegExp): void {
  const test = chosen(only);
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    beforeEach(() => stage.reset());
    printStoryOnFailure(() => stage);
    const { place, pay, lastSent, expectState, expectPaidOnce } = playOn(() => stage);
    const admin = { openid: 'oAdmin' };

    /** The link of an order, by the request that was sent: cloud pay's names the function to call. */
    const linkOf = async (outTradeNo: string): Promise<Link> =>
      (await stage.stored(outTradeNo))?.request.includes('function_name') ? 'cloudPay' : 'apiV3';
    const paidWithoutCallback = async (): Promise<{ outTradeNo: string; sent: Sent }> => {
      await stage.faults([lostNotification]);
      const { outTradeNo, prepayId } = await place();
      await pay(prepayId);
      await stage.advance('PT1S', 'none');
      return { outTradeNo, sent: await lastSent() };
    };

    test('a new order takes the new link, the old one keeps its own', async () => {
      const before = await place();
      await stage.reconfigure('other_link');
      const after = await place();
      const links = [await linkOf(before.outTradeNo), await linkOf(after.outTradeNo)];
      expect(links).toEqual(stage.link === 'apiV3' ? ['apiV3', 'cloudPay'] : ['cloudPay', 'apiV3']);
      await stage.faults([]);
      for (const { outTradeNo, prepayId } of [before, after]) {
        await pay(prepayId);
        await stage.advance('PT1S', 'none');
        expect((await expectPaidOnce(outTradeNo)).stored?.confirmedBy).toBe('callback');
      }
    });

    test('called back after the move: paid', async () => {
      const { outTradeNo, sent } = await paidWithoutCallback();
      await stage.reconfigure('other_link');
      expect(await stage.again(sent)).toBe(200);
      expect((await expectPaidOnce(outTradeNo)).stored?.confirmedBy).toBe('callback');
    });

    test('asked about after the move: paid, by the payer’s question and by the timer', async () => {
      const asked = await paidWithoutCallback();
      const timed = await paidWithoutCallback();
      await stage.reconfigure('other_link');
      const answer = await stage.call('queryOrder', { outTradeNo: asked.outTradeNo }, payer);
      expect(answer).toMatchObject({ tradeState: 'SUCCESS', confirmedBy: 'query' });
      await stage.advance('PT2M', 'last');
      await expectPaidOnce(asked.outTradeNo);
      await expectPaidOnce(timed.outTradeNo);
    });

    test('closed after the move, when asked and when expired', async () => {
      const asked = await place();
      const expired = await place();
      await stage.reconfigure('other_link');
      await stage.advance('PT6M', 'none');
      const request = { outTradeNo: asked.outTradeNo };
      expect(await stage.call('closeOrder', request, payer)).toMatchObject({ state: 'closed' });
      await expectState(asked.outTradeNo, 'closed');
      await stage.advance('PT31M', 'all');
      await expectState(expired.outTradeNo, 'closed');
    });

    test('refunded after the move, on the old link', async () => {
      const { outTradeNo, sent } = await paidWithoutCallback();
      await stage.again(sent);
      await stage.reconfigure('other_link');
      const request = { outTradeNo, refundFee: goods.totalFee };
      const refunded = await stage.call('refund', request, admin);
      expect(refunded).toMatchObject({ errCode: 0, state: 'processing' });
      expect((await stage.truth(outTradeNo))?.trade_state).toBe('REFUND');
      await stage.advance('PT2M', 'all');
      const asked = await stage.call('queryRefund', { outTradeNo }, admin);
      // Cloud pay never says more than that it was accepted.
      const state = stage.link === 'apiV3' ? 'success' : 'processing';
      expect(asked).toMatchObject({ refundedFee: goods.totalFee, refunds: [{ state }] });
    });

    /** Orders a purchase by a quote; a stage whose shop is a real one is none for that. */
    const buy = ({ skip }: TestContext, totalFee: number) => {
      if (!stage.shop) return skip();
      const answer = { errCode: 0, body: goods.body, totalFee, purchaseId: 'cart-7' };
      stage.shop.quotes(async () => ({ kind: 'answered', answer }));
      return stage.call('unifiedOrder', { request: {} }, payer);
    };

    test.for(['other_link', 'new_number'] as const)(
      'a purchase that was paid before is paid after %s, at any price',
      async (move, context) => {
        await pay(prepayIdOf(await buy(context, 1990)));
        await stage.advance('PT1S', 'none');
        await stage.reconfigure(move);
        for (const price of [1990, 1890]) {
          expect(await buy(context, price)).toMatchObject({ errCode: 'ORDERPAID' });
        }
        expect(await stage.documents()).toBe(1);
      },
    );

    test('the open order of a purchase is closed on its own link before the next is placed', async (context) => {
      const before = String((await buy(context, 1990)).outTradeNo);
      await stage.reconfigure('other_link');
      await stage.advance('PT6M', 'none');
      const after = String((await buy(context, 1890)).outTradeNo);
      expect(after).not.toBe(before);
      await expectState(before, 'closed');
      await expectState(after, 'paying');
    });

    test('placed again after the move, by the same request', async () => {
      await stage.faults([{ at: 'wechatpay.jsapi', kind: 'error', times: 9 }]);
      const outTradeNo = 'MOVED0000001';
      const order = { ...goods, outTradeNo };
      expect(await stage.call('unifiedOrder', order, payer)).toMatchObject({
        errCode: 'SYSTEM_ERROR',
      });
      const { request } = (await stage.stored(outTradeNo)) ?? {};
      await stage.faults([]);
      await stage.reconfigure('other_link');
      expect(await stage.call('unifiedOrder', order, payer)).toMatchObject({ errCode: 0 });
      expect((await stage.stored(outTradeNo))?.request).toBe(request);
    });
  });
}
