import { paidCall } from '../cloudPay/callback.ts';
import { isPaid, type LedgerOrder, type OrderLedger } from '../orders/ledger.ts';
import { orderJson } from '../orders/wire.ts';
import { unknownNumber } from '../wire/unknownNumber.ts';
import type { Channel, Notification } from './notification.ts';
import type { SignedContent } from './signed.ts';

/** Lists the codes with which a `mutated` fault changes a notification whose signature stays valid. */
export const PAYMENT_CHANGES = ['AMOUNT', 'APPID', 'MCHID', 'OPENID', 'UNKNOWN_ORDER'] as const;

/** Notifications of payments. */
export const PAYMENTS: Channel = {
  at: 'wechatpay.notify',
  probeKind: 'wechatpay.a-probe',
  probeAt: 'wechatpay.probe',
  find: ({ orders }, { mchid = '', outTradeNo = '' }) => {
    const order = orders.find(mchid, outTradeNo);
    return order && isPaid(order) ? paymentNotification(orders, order) : undefined;
  },
};

/** Notifies that an order was paid (支付成功通知). */
export function paymentNotification(orders: OrderLedger, order: LedgerOrder): Notification {
  const { mchid, outTradeNo, cloudPay } = order;
  return {
    subject: outTradeNo,
    about: { mchid, outTradeNo },
    content: cloudPay ? paidCall(order, cloudPay) : paidContent(order),
    record: (attempts) => {
      // Read again: the world went on while the merchant thought about it.
      const now = orders.find(mchid, outTradeNo);
      if (now) orders.save({ ...now, attempts: [...now.attempts, ...attempts] });
    },
  };
}

function paidContent(order: LedgerOrder): SignedContent {
  const { mchid, spMchid, outTradeNo, total, notifyUrl, signer } = order;
  // The payment is notified as it happened, also when a refund came in between.
  const paid: LedgerOrder = { ...order, state: 'SUCCESS' };
  const changed = (change: Partial<LedgerOrder>) => orderJson({ ...paid, ...change });
  return {
    kind: 'signed',
    mchid: spMchid ?? mchid,
    notifyUrl,
    signer,
    notificationId: order.notificationId ?? '',
    atMs: order.paidAtMs ?? 0,
    eventType: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    originalType: 'transaction',
    resource: orderJson(paid),
    tampered: {
      AMOUNT: changed({ total: total + 1 }),
      APPID: changed({ appid: 'wxffffffffffffffff' }),
      MCHID: changed({ mchid: '1999999999' }),
      OPENID: changed({ openid: 'oSomebodyElse' }),
      UNKNOWN_ORDER: changed({ outTradeNo: unknownNumber(outTradeNo, 32) }),
    } satisfies Record<(typeof PAYMENT_CHANGES)[number], object>,
  };
}
