import { useEffect, useState } from 'react';
import type { AnswerOf } from '../../../../control/api/controlApi.ts';
import { ask, CallError } from '../../../client/client.ts';
import type { Goods } from '../purchase.ts';

/** The merchant's answer to what something costs. */
export type Quote = AnswerOf<'POST /_local/quote'>;

/** Asks the merchant for the price of each, one after another, as long as the shop is shown; each appears as it comes. */
export function useQuotes(goods: readonly Goods[]): Record<string, Quote> {
  const [quotes, setQuotes] = useState<Record<string, Quote>>({});
  const ids = goods.map(({ productId }) => productId).join('\n');
  useEffect(() => {
    let isOver = false;
    const askAll = async () => {
      for (const productId of ids.split('\n')) {
        const quote = await quoteOf(productId);
        if (isOver) return;
        setQuotes((before) => ({ ...before, [productId]: quote }));
      }
    };
    if (ids !== '') void askAll();
    return () => {
      isOver = true;
    };
  }, [ids]);
  return quotes;
}

async function quoteOf(productId: string): Promise<Quote> {
  try {
    return await ask('POST /_local/quote', { body: { request: { productId, count: 1 } } });
  } catch (error) {
    const code = error instanceof CallError ? error.code : 'FAILED';
    return { kind: 'refused', code, message: error instanceof Error ? error.message : '' };
  }
}
