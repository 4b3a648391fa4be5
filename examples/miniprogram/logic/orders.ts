import type { PayClient } from 'scf-wechatpay-client';
import type { ShopDeps } from './deps';
import { type OrderView, viewOfOrder } from './orderView';
import { purchaseIn } from './payments';
import type { Purchase } from './storage';

const LISTED_MAX = 20;

/** Asks the server about the orders of this phone. */
export function ordersOf({ client, records }: ShopDeps) {
  return {
    /** Asks about the newest. */
    orders(): Promise<OrderView[]> {
      const placed = records.purchases().filter(({ outTradeNo }) => outTradeNo !== undefined);
      return Promise.all(placed.slice(0, LISTED_MAX).map((each) => viewOf(each, client)));
    },
    order: (purchaseId: string): Promise<OrderView> =>
      viewOf(purchaseIn(records, purchaseId), client),
  };
}

async function viewOf(purchase: Purchase, client: PayClient): Promise<OrderView> {
  const { outTradeNo } = purchase;
  if (outTradeNo === undefined) return viewOfOrder(purchase);
  const order = await client.queryOrder({ outTradeNo });
  const hasRefunds = order.errCode === 0 && order.tradeState === 'REFUND';
  const refunds = hasRefunds ? await client.queryRefund({ outTradeNo }) : undefined;
  return viewOfOrder(purchase, order, refunds);
}
