import type { LedgerOrder } from './orders/ledger.ts';
import { orderJson } from './orders/wire.ts';
import { refundTruthOf } from './refunds/controls.ts';
import type { RefundLedger } from './refunds/ledger.ts';
import { rfc3339 } from './wire/time.ts';

/** Prints an order as WeChat has it, with its refunds and the log of its notifications. */
export function orderTruth(order: LedgerOrder, refunds: RefundLedger): Record<string, unknown> {
  const { mchid, outTradeNo, createdAtMs, expiresAtMs, total, openid, cloudPay } = order;
  return {
    ...orderJson(order),
    description: order.description,
    ...(cloudPay === undefined ? {} : { cloudPay }),
    payer: { openid },
    amount: { total, currency: 'CNY' },
    create_time: rfc3339(createdAtMs),
    ...(expiresAtMs === undefined ? {} : { time_expire: rfc3339(expiresAtMs) }),
    prepayCount: order.prepayCount,
    notifications: order.attempts,
    refunds: refunds.ofOrder(mchid, outTradeNo).map(refundTruthOf),
  };
}
