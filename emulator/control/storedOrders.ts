import type { DatabaseControls } from './deps.ts';

/** The collection of `functions/fulfilOrder`, the sample: a document is the fulfilment of one order. */
const PURCHASES = 'purchases';

/** Lists our orders as they are stored, the newest first, each with whether the sample has fulfilled it. */
export function storedOrders(
  { collections, documents }: DatabaseControls,
  limit: number,
): object[] {
  const isThere = collections().some(({ name }) => name === PURCHASES);
  const purchases = isThere ? documents(PURCHASES, Number.MAX_SAFE_INTEGER) : [];
  const fulfilled = new Set(purchases.map((each) => Object(each).outTradeNo));
  return documents('orders', limit).map((stored) => {
    const isFulfilled = fulfilled.has(Object(stored)._id);
    return { ...Object(stored), isFulfilled };
  });
}
