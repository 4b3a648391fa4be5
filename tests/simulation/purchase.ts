import { expect } from 'vitest';
import { numberOfAttempt } from '../../shared/domain/order/purchase.ts';
import type { QuoteOutcome } from '../../shared/ports/merchant.ts';
import type { Answer, Stage } from '../e2e/stage.ts';

/** Names the answer to the payer by what the merchant's function does in place of naming a price. */
export const NO_PRICES = {
  refuses: 'QUOTE_REFUSED',
  fails: 'QUOTE_FAILED',
  times_out: 'QUOTE_TIMED_OUT',
  answers_malformed: 'QUOTE_MALFORMED',
} as const;
export type NoPrice = keyof typeof NO_PRICES;

const outcomes: Record<NoPrice, QuoteOutcome> = {
  refuses: { kind: 'answered', answer: { errCode: 'SOLD_OUT', errMsg: '已售罄' } },
  fails: { kind: 'failed', reason: 'FUNCTION_NOT_FOUND' },
  times_out: { kind: 'timed_out' },
  answers_malformed: { kind: 'answered', answer: { errCode: 0, body: '茶', totalFee: 19.9 } },
};

/** A purchase of a history, whose price and payer change while it is ordered and paid. */
export function aPurchase(stage: Stage, serial: number) {
  const purchaseId = `cart ${serial}`;
  const numberOf = (attempt: number) => numberOfAttempt(purchaseId, attempt);
  const prepayIds: string[] = [];
  return {
    /** Orders it by a quote, while all other orders of the history have the price of the phone. */
    order: async ({ price, by, next }: { price: number; by: string; next: 'buy' | 'wait' }) => {
      const quoted = { errCode: 0, body: '茶', totalFee: price, purchaseId };
      stage.shop?.quotes(async () => ({ kind: 'answered', answer: quoted }));
      const answer = await stage.call('unifiedOrder', { request: {} }, { openid: by });
      stage.shop?.quotes();
      const prepayId = prepayIdIn(answer);
      if (!prepayId) return;
      expect(answer, 'an order at a price other than the quote').toMatchObject({ totalFee: price });
      prepayIds.push(prepayId);
      if (next === 'buy') await stage.cashier(prepayId);
    },
    /** The numbers of its orders. */
    numbers: async () => {
      const numbers: string[] = [];
      while (await stage.stored(numberOf(numbers.length + 1))) {
        numbers.push(numberOf(numbers.length + 1));
      }
      return numbers;
    },
    /** Orders it while no price is named: nobody is asked to pay, and nothing is written. */
    orderUnquoted: async ({ noPrice, by }: { noPrice: NoPrice; by: string }) => {
      const before = await stage.documents();
      stage.shop?.quotes(async () => outcomes[noPrice]);
      const answer = await stage.call('unifiedOrder', { request: {} }, { openid: by });
      stage.shop?.quotes();
      expect(answer).toMatchObject({ errCode: NO_PRICES[noPrice] });
      expect(prepayIdIn(answer)).toBeUndefined();
      expect(await stage.documents(), 'written without a price').toBe(before);
    },
    pay: async (back: number) => {
      const prepayId = prepayIds.at(-1 - back);
      if (prepayId) await stage.cashier(prepayId);
    },
    /** Expects that at most one of its orders can be paid, that at most one was, and what holds of each. */
    always: async (each: (outTradeNo: string) => Promise<void>) => {
      const states: string[] = [];
      for (let attempt = 1; ; attempt += 1) {
        const stored = await stage.stored(numberOf(attempt));
        await each(numberOf(attempt));
        if (!stored) break;
        states.push((await stage.truth(numberOf(attempt)))?.trade_state ?? 'none');
      }
      const open = states.filter((state) => state === 'NOTPAY');
      const paid = states.filter((state) => state === 'SUCCESS');
      expect(open.length, `orders that can be paid: ${states}`).toBeLessThanOrEqual(1);
      expect(paid.length, `orders that were paid: ${states}`).toBeLessThanOrEqual(1);
      if (paid.length > 0) expect(open, `paid, and can be paid: ${states}`).toEqual([]);
    },
  };
}

function prepayIdIn(answer: Answer): string | undefined {
  const payment = answer.payment as { package: string } | undefined;
  return payment?.package.replace('prepay_id=', '');
}
