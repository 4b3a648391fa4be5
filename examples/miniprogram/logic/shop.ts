import { type Cart, type Line, linesOf, withCount } from './cart';
import type { ShopDeps } from './deps';
import { ordersOf } from './orders';
import { paymentsOf } from './payments';

/** The shop, as its pages use it. */
export type Shop = ReturnType<typeof createShop>;

/** Makes the shop: one for the whole mini program, in `app.ts`. */
export function createShop(deps: ShopDeps) {
  const { records, loadGoods } = deps;
  const { orders, order } = ordersOf(deps);
  return {
    loadGoods,
    cart: records.cart,
    find: records.find,
    setCount(productId: string, count: number): Cart {
      const cart = withCount(records.cart(), productId, count);
      records.putCart(cart);
      return cart;
    },
    checkOut: () => checkOut(deps),
    ...paymentsOf(deps),
    orders,
    order,
  };
}

/** Names what lines are of, whatever it costs. */
function contentOf(lines: readonly Line[]): string {
  const counts = lines.map(({ productId, count }) => `${productId} × ${count}`);
  return counts.sort().join();
}

/** Makes a purchase of the cart; of the same content it is the same one. Nothing where nothing in it is on sale. */
async function checkOut({ records, loadGoods, drawId }: ShopDeps): Promise<string | undefined> {
  const goods = await loadGoods();
  const cart = records.cart();
  const lines = linesOf(cart, goods);
  if (lines.length === 0) return undefined;
  const kept = cart.purchaseId === undefined ? undefined : records.find(cart.purchaseId);
  // What went off sale is in the cart no more: the rest is another purchase.
  if (kept && contentOf(kept.lines) === contentOf(lines)) return kept.purchaseId;
  const purchaseId = drawId();
  records.add({ purchaseId, lines });
  records.putCart({ ...cart, purchaseId });
  return purchaseId;
}
