import type { AnswerOf } from '../api/controlApi.ts';
import type { DatabaseControls } from '../deps.ts';

/** The price book that `functions/quoteOrder`, the sample, reads: prices in fen. */
const PRODUCTS = 'products';

/** Lists what the merchant's price book has on sale, in the order in which it was put there. */
export function goodsOf({
  collections,
  documents,
}: DatabaseControls): AnswerOf<'GET /_local/shop'> {
  if (!collections().some(({ name }) => name === PRODUCTS)) return [];
  return documents(PRODUCTS, Number.MAX_SAFE_INTEGER)
    .map((document): Record<string, unknown> => Object(document))
    .filter(({ price, onSale }) => Number.isSafeInteger(price) && onSale !== false)
    .map(({ _id, name, price }) => ({
      productId: String(_id),
      name: String(name ?? _id),
      price: Number(price),
    }))
    .reverse();
}
