import { RefusalError } from '../errors.ts';
import { isPaid, type LedgerOrder } from '../orders/ledger.ts';
import type { LedgerRefund } from './ledger.ts';

const PARTS_MAX = 50;
const APART_MS = 60_000;
const WITHIN_MS = 365 * 24 * 3_600_000;

/** The amounts of a refund's request, in fen. */
export interface RequestedAmounts {
  total: number;
  refund: number;
}

/** Sums up what an order's refunds took from it so far, in fen; a closed one took nothing. */
export function refundedSoFar(refunds: readonly LedgerRefund[]): {
  refund: number;
  feeBack: number;
} {
  const counted = refunds.filter(({ status }) => status !== 'CLOSED');
  return {
    refund: counted.reduce((sum, { refund }) => sum + refund, 0),
    feeBack: counted.reduce((sum, { feeBack }) => sum + feeBack, 0),
  };
}

/**
 * Judges whether an order gives such a refund: it must be paid, of that total, not too old, and
 * neither exceeded nor refunded in too many parts or too soon after the last. Answers the refusal
 * that stands against it, or undefined. Source: D4012791862.
 */
export function refusalReason(
  order: LedgerOrder | undefined,
  earlier: readonly LedgerRefund[],
  { total, refund }: RequestedAmounts,
  nowMs: number,
): RefusalError | undefined {
  if (!order || !isPaid(order))
    return new RefusalError('RESOURCE_NOT_EXISTS', '订单不存在或未支付');
  if (total !== order.total) return new RefusalError('INVALID_REQUEST', '订单金额与原订单不一致');
  if (nowMs > (order.paidAtMs ?? 0) + WITHIN_MS) return new RefusalError('TRADE_OVERDUE');
  if (refundedSoFar(earlier).refund + refund > order.total)
    return new RefusalError('INVALID_REQUEST', '申请退款总金额超过订单金额');
  // Closed ones count too: how WeChat counts is written nowhere, this is the stricter way.
  if (earlier.length >= PARTS_MAX)
    return new RefusalError('INVALID_REQUEST', `退款次数超过${PARTS_MAX}次`);
  const lastMs = earlier.at(-1)?.createdAtMs;
  if (lastMs !== undefined && nowMs < lastMs + APART_MS)
    return new RefusalError('FREQUENCY_LIMITED', '同一订单的退款须间隔1分钟');
  return undefined;
}
