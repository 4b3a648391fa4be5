import { Refusal } from '../errors.ts';
import { isPaid, type LedgerOrder } from '../orders/ledger.ts';
import type { LedgerRefund } from './ledger.ts';

const PARTS_MAX = 50;
const APART_MS = 60_000;
const WITHIN_MS = 365 * 24 * 3_600_000;

/** What is asked back of an order, in fen. */
export interface Wish {
  total: number;
  refund: number;
}

/** What an order's refunds took from it so far; a closed one took nothing. Amounts in fen. */
export function takenBy(refunds: readonly LedgerRefund[]): { refund: number; feeBack: number } {
  const live = refunds.filter(({ status }) => status !== 'CLOSED');
  return {
    refund: live.reduce((sum, { refund }) => sum + refund, 0),
    feeBack: live.reduce((sum, { feeBack }) => sum + feeBack, 0),
  };
}

/**
 * Why an order gives no such refund: unpaid, another total, too old, more than was paid, too many
 * parts, too soon after the last. Undefined when nothing stands against it. Source: D4012791862.
 */
export function whyNot(
  order: LedgerOrder | undefined,
  earlier: readonly LedgerRefund[],
  { total, refund }: Wish,
  nowMs: number,
): Refusal | undefined {
  if (!order || !isPaid(order)) return new Refusal('RESOURCE_NOT_EXISTS', '订单不存在或未支付');
  if (total !== order.total) return new Refusal('INVALID_REQUEST', '订单金额与原订单不一致');
  if (nowMs > (order.paidAtMs ?? 0) + WITHIN_MS) return new Refusal('TRADE_OVERDUE');
  if (takenBy(earlier).refund + refund > order.total)
    return new Refusal('INVALID_REQUEST', '申请退款总金额超过订单金额');
  // Closed ones count too: how WeChat counts is written nowhere, this is the stricter way.
  if (earlier.length >= PARTS_MAX)
    return new Refusal('INVALID_REQUEST', `退款次数超过${PARTS_MAX}次`);
  const lastMs = earlier.at(-1)?.createdAtMs;
  if (lastMs !== undefined && nowMs < lastMs + APART_MS)
    return new Refusal('FREQUENCY_LIMITED', '同一订单的退款须间隔1分钟');
  return undefined;
}
