import cloudbase from '@cloudbase/node-sdk';
import { onQuote, QuoteRefused } from '../../shared/merchant/merchant.ts';

const COUNT_MAX = 99;
/** Tells what a form has left out: editors such as WeDa send it as null or empty text. */
const isAbsent = (value: unknown) => value === undefined || value === null || value === '';
const database = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV }).database();

/**
 * 询价（样例，改成你自己的）: says what a request costs, by the price book in the collection `products`, `{_id, name,
 * price, onSale}`, prices in fen. The phone sends `request: {productId, count, purchaseId}`; no price of its counts,
 * and its purchases are its own.
 */
export const main = onQuote(async (request, openid) => {
  const { productId, count: sent, purchaseId } = Object(request);
  const count = isAbsent(sent) ? 1 : sent;
  const isCount = Number.isInteger(count) && count >= 1 && count <= COUNT_MAX;
  const isPurchase = isAbsent(purchaseId) || typeof purchaseId === 'string';
  if (typeof productId !== 'string' || !isCount || !isPurchase) {
    const why = `应为 {productId, count, purchaseId}，count 1 到 ${COUNT_MAX}，purchaseId 为字符串`;
    throw new QuoteRefused('REQUEST_WRONG', why);
  }
  const found = await database.collection('products').where({ _id: productId, onSale: true }).get();
  const [product] = found.data as { name: string; price: number }[];
  if (!product) throw new QuoteRefused('NOT_ON_SALE', '该商品不存在或已下架');
  const { name, price } = product;
  const quote = { body: `${name} × ${count}`, totalFee: price * count };
  return isAbsent(purchaseId) ? quote : { ...quote, purchaseId: `${openid}.${purchaseId}` };
});
