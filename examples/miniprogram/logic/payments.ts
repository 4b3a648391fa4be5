import type { Outcome } from 'scf-wechatpay-client';
import { EMPTY_CART, repriced, totalOf } from './cart';
import type { ShopDeps } from './deps';
import type { Purchase, Records } from './storage';

/** Pays purchases, and keeps how that ended. */
export function paymentsOf({ client, records, loadGoods }: ShopDeps) {
  return {
    /** Shows a purchase at the prices of today, unless it is paid. */
    async reprice(purchaseId: string): Promise<void> {
      const goods = await loadGoods();
      const { lines, ending } = purchaseIn(records, purchaseId);
      if (ending?.status !== 'paid') records.change(purchaseId, { lines: repriced(lines, goods) });
    },
    /** Pays a purchase. The server prices it: the sum that the payer was shown is compared there, and refused if stale. */
    async pay(purchaseId: string): Promise<Outcome> {
      const { lines } = purchaseIn(records, purchaseId);
      const items = lines.map(({ productId, count }) => ({ productId, count }));
      const outcome = await client.pay({
        request: { items, purchaseId },
        totalFee: totalOf(lines).fee,
      });
      keepEnding(records, purchaseId, outcome);
      return outcome;
    },
    /** Finds out about payments that were left open; reports each that is not doubtful any more. */
    resume: (report: (purchaseId: string) => void): Promise<void> =>
      client.resume((outcome) => {
        const isOf = ({ outTradeNo }: Purchase) => outTradeNo === outcome.outTradeNo;
        const purchase = records.purchases().find(isOf);
        if (!purchase) return;
        keepEnding(records, purchase.purchaseId, outcome);
        if (outcome.status !== 'unknown') report(purchase.purchaseId);
      }),
  };
}

/** Finds a purchase that a page names. */
export function purchaseIn(records: Records, purchaseId: string): Purchase {
  const purchase = records.find(purchaseId);
  if (!purchase) throw new Error(`there is no purchase ${purchaseId}`);
  return purchase;
}

function keepEnding(records: Records, purchaseId: string, outcome: Outcome): void {
  const { status, text, code } = outcome;
  records.change(purchaseId, {
    ending: code === undefined ? { status, text } : { status, text, code },
  });
  if (status === 'paid' && records.cart().purchaseId === purchaseId) records.putCart(EMPTY_CART);
}
