/** Something on sale, as the merchant's price book has it; the price is in fen. */
export interface Product {
  productId: string;
  name: string;
  price: number;
}

/** So many of a product, at the price that the payer was shown. */
export interface Line extends Product {
  count: number;
}

/** Holds what somebody means to buy: counts of products by their ids. Prices are asked for, never kept here. */
export interface Cart {
  counts: Record<string, number>;
  /** Names the purchase that the cart was checked out as; another content is another purchase. */
  purchaseId?: string;
}

/** The most of one product that the sample of the merchant's function sells at once. */
export const COUNT_MAX = 99;
export const EMPTY_CART: Cart = { counts: {} };

/** Puts so many of a product into a cart; none takes it out. */
export function withCount({ counts }: Cart, productId: string, count: number): Cart {
  const kept = Object.keys(counts).filter((id) => id !== productId);
  const others = Object.fromEntries(kept.map((id) => [id, counts[id] ?? 0]));
  const within = Math.min(Math.max(Math.trunc(count) || 0, 0), COUNT_MAX);
  return { counts: within > 0 ? { ...others, [productId]: within } : others };
}

/** Lists what of a cart is on sale, in the order of the shop. */
export function linesOf({ counts }: Cart, goods: readonly Product[]): Line[] {
  return goods
    .map((product) => ({ ...product, count: counts[product.productId] ?? 0 }))
    .filter(({ count }) => count > 0);
}

/** Adds up lines. */
export function totalOf(lines: readonly Line[]): { count: number; fee: number } {
  return {
    count: lines.reduce((sum, { count }) => sum + count, 0),
    fee: lines.reduce((sum, { count, price }) => sum + count * price, 0),
  };
}

/** Gives lines the prices of today; what is no longer on sale keeps its own, and the server refuses it. */
export function repriced(lines: readonly Line[], goods: readonly Product[]): Line[] {
  return lines.map((line) => {
    const product = goods.find(({ productId }) => productId === line.productId);
    return product ? { ...product, count: line.count } : line;
  });
}
