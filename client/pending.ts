import type { Host } from './types.ts';

const STORAGE_KEY = 'scf-wechatpay';
const KEPT_MAX = 10;

/** An order that was placed and is not known to have ended. */
export interface Pending {
  /** Names the purchase on this phone. */
  key: string;
  outTradeNo: string;
  /** The cashier was opened, and how that ended is not known. */
  isOpen: boolean;
}

/** Keeps pending orders in the storage of the phone; in memory from when that fails. */
export function pendingOrders(host: Required<Host>) {
  let kept: Pending[] = [];
  let isStored = true;
  const attempt = (use: (storage: Required<Host>['storage']) => void) => {
    try {
      if (isStored) use(host.storage);
    } catch {
      isStored = false;
    }
  };
  const all = (): Pending[] => {
    attempt((storage) => {
      const stored = storage.getStorageSync(STORAGE_KEY);
      if (Array.isArray(stored)) kept = stored;
    });
    return kept;
  };
  /** Replaces what is kept of a purchase; without an entry nothing is kept of it. */
  const replace = (key: string, entry?: Pending) => {
    const others = all().filter((each) => each.key !== key);
    kept = others.concat(entry || []).slice(-KEPT_MAX);
    attempt((storage) => storage.setStorageSync(STORAGE_KEY, kept));
  };
  return { all, replace };
}
