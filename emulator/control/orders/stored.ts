import type { DatabaseControls } from '../deps.ts';

/** The collection of `functions/fulfilOrder`, the sample: a document is the fulfilment of one order. */
const PURCHASES = 'purchases';

/** A refund as it is stored, as far as the control API shows it. */
export interface StoredRefund {
  outRefundNo: string;
  refundFee: number;
  transactionId?: string;
  status: { state: string };
}

/** How an order was paid. */
interface Receipt {
  transactionId: string;
  paidAt: Date;
  confirmedBy: string;
  confirmedAt: Date;
}

/** A document of `orders` as it is stored, as far as the control API reads it. */
export interface StoredOrder extends Record<string, unknown> {
  _id: string;
  state: string;
  checkAt?: Date | null;
  deliveryAt?: Date | null;
  order: {
    mchid?: string;
    appid?: string;
    openid?: string;
    body?: string;
    totalFee?: number;
    createdAt?: Date;
    expiresAt?: Date;
    status?: { state: string; receipt?: Receipt };
    /** An orphan has it here. */
    receipt?: Receipt;
    acceptedPayment?: { totalFee?: number };
    quarantine?: object;
    refunds?: readonly StoredRefund[];
    events?: readonly {
      type: string;
      deliveries?: Readonly<Record<string, { state: string } | undefined>>;
    }[];
  };
}

/** Lists our orders as they are stored, the newest first. */
export function storedOrders({ documents }: DatabaseControls): StoredOrder[] {
  return documents('orders', Number.MAX_SAFE_INTEGER) as StoredOrder[];
}

/** Finds one of our orders by its number. */
export function orderOf(cloudbase: DatabaseControls, outTradeNo: string): StoredOrder | undefined {
  return storedOrders(cloudbase).find(({ _id }) => _id === outTradeNo);
}

/** Finds the numbers of the orders that the sample has fulfilled. */
export function fulfilledIn({ collections, documents }: DatabaseControls): ReadonlySet<string> {
  const isThere = collections().some(({ name }) => name === PURCHASES);
  const purchases = isThere ? documents(PURCHASES, Number.MAX_SAFE_INTEGER) : [];
  return new Set(purchases.map((each) => Object(each).outTradeNo));
}

/** Finds how a document was paid; undefined while it is not. */
export function receiptOf({ order }: StoredOrder): Receipt | undefined {
  return order.status?.receipt ?? order.receipt;
}
