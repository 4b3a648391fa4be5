/** 0.60 %, in parts of ten thousand. */
const FEE_RATE = 60;
/** The same rate as bills print it. */
export const FEE_RATE_TEXT = '0.60%';

/** Counts WeChat's fee (手续费) on a payment, in fen, rounded to the fen as it is charged. */
export function feeOf(total: number): number {
  return Math.round((total * FEE_RATE) / 10_000);
}

/**
 * Counts the part of the fee that comes back with one refund: pro rata (按比例退还), and so that the
 * parts of an order never give back more than was charged, whatever each is rounded to. Amounts in
 * fen; `before` is what was refunded until now.
 */
export function feeBackOf(
  total: number,
  before: { refund: number; feeBack: number },
  refund: number,
): number {
  const due = Math.round((feeOf(total) * (before.refund + refund)) / total);
  return Math.max(0, due - before.feeBack);
}
