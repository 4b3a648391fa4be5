import cloudbase from '@cloudbase/node-sdk';
import { onQuote, QuoteRefused } from '../../shared/merchant/merchant.ts';

const COUNT_MAX = 99;
const ITEMS_MAX = 20;
/** Tells what a form has left out: editors such as WeDa send it as null or empty text. */
const isAbsent = (value: unknown) => value === undefined || value === null || value === '';
const database = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV }).database();

type Item = { productId: string; count: number };

/**
 * 询价（样例，改成你自己的）: says what a request costs, by the price book in the collection `products`, `{_id, name,
 * price, onSale}`, prices in fen. The phone sends `request: {productId, count, purchaseId}`, or `{items: [{productId,
 * count}], purchaseId}` for a cart; no price of its counts, and its purchases are its own.
 */
export const main = onQuote(async (request, openid) => {
  const { items, purchaseId } = readRequest(request);
  const ids = items.map(({ productId }) => productId);
  const isOffered = { _id: database.command.in(ids), onSale: true };
  const found = await database.collection('products').where(isOffered).get();
  const products = found.data as { _id: string; name: string; price: number }[];
  const lines = items.map(({ productId, count }) => {
    const product = products.find(({ _id }) => _id === productId);
    if (!product) throw new QuoteRefused('NOT_ON_SALE', refusalText(items));
    return { body: `${product.name} × ${count}`, fee: product.price * count };
  });
  const body = lines.map((line) => line.body).join('、');
  const totalFee = lines.reduce((sum, { fee }) => sum + fee, 0);
  const quote = { body, totalFee };
  return isAbsent(purchaseId) ? quote : { ...quote, purchaseId: `${openid}.${purchaseId}` };
});

function refusalText(items: Item[]): string {
  return items.length > 1 ? '有商品不存在或已下架' : '该商品不存在或已下架';
}

/** Reads what the phone sends: one product, or the items of a cart, each product once. */
function readRequest(request: unknown): { items: Item[]; purchaseId: unknown } {
  const { productId, count, items: cart, purchaseId } = Object(request);
  const listed: unknown[] = isAbsent(cart) ? [{ productId, count }] : [cart].flat();
  const items = listed.map(readItem).filter((item) => item !== undefined);
  const isWhole = items.length === listed.length && items.length >= 1 && items.length <= ITEMS_MAX;
  const isOnce = new Set(items.map((item) => item.productId)).size === items.length;
  const isPurchase = isAbsent(purchaseId) || typeof purchaseId === 'string';
  if (isWhole && isOnce && isPurchase) return { items, purchaseId };
  const why = `应为 {productId, count, purchaseId} 或 {items: [{productId, count}], purchaseId}，count 1 到 ${COUNT_MAX}，items 1 到 ${ITEMS_MAX} 种不同的商品，purchaseId 为字符串`;
  throw new QuoteRefused('REQUEST_WRONG', why);
}

function readItem(item: unknown): Item | undefined {
  const { productId, count: sent } = Object(item);
  const count = isAbsent(sent) ? 1 : sent;
  const isCount = Number.isInteger(count) && count >= 1 && count <= COUNT_MAX;
  return typeof productId === 'string' && isCount ? { productId, count } : undefined;
}
