import { type Cart, EMPTY_CART, type Line } from './cart';

/** The storage of the phone, as `wx` has it. */
export interface Storage {
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: unknown): unknown;
}

/** How the payment of a purchase ended last. */
export interface Ending {
  status: 'paid' | 'cancelled' | 'failed' | 'unknown';
  text: string;
  code?: string;
}

/** A cart that was checked out. The server makes one order of it at most, whatever the phone repeats. */
export interface Purchase {
  purchaseId: string;
  /** As the payer was shown them. */
  lines: Line[];
  /** The number of its order, once the server has placed one. */
  outTradeNo?: string;
  ending?: Ending;
}

const CART = 'cart';
const PURCHASES = 'purchases';
const PURCHASES_MAX = 50;

/** Keeps the cart and the purchases, newest first. No function lists a payer's orders, so the phone knows their numbers. */
export function recordsIn(storage: Storage) {
  const purchases = () => (storage.getStorageSync(PURCHASES) || []) as Purchase[];
  const putPurchases = (all: Purchase[]) =>
    storage.setStorageSync(PURCHASES, all.slice(0, PURCHASES_MAX));
  return {
    cart: () => (storage.getStorageSync(CART) || EMPTY_CART) as Cart,
    putCart: (cart: Cart) => void storage.setStorageSync(CART, cart),
    purchases,
    find: (id: string) => purchases().find(({ purchaseId }) => purchaseId === id),
    add: (purchase: Purchase) => void putPurchases([purchase, ...purchases()]),
    change: (id: string, changes: Partial<Purchase>) => {
      const changed = (each: Purchase) => (each.purchaseId === id ? { ...each, ...changes } : each);
      putPurchases(purchases().map(changed));
    },
  };
}

/** The cart and the purchases that {@link recordsIn} keeps. */
export type Records = ReturnType<typeof recordsIn>;
