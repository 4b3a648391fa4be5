/** The end of one order or refund in a timer's run: an outcome, or the code of a failure. */
export type Processed =
  | { kind: 'outcome'; outcome: string }
  | { kind: 'failure'; code: string; error: unknown };

/** Names at most so many failures; more are only counted. */
const FAILURES_MAX = 20;

/** Counts a run: every outcome and code, and which orders failed with which code, bounded. */
export function createTally() {
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  return {
    counts,
    failures,
    /** Adds what became of an order and its refunds. */
    add(outTradeNo: string, processed: readonly Processed[]): void {
      for (const each of processed) {
        const name = each.kind === 'outcome' ? each.outcome : each.code;
        counts[name] = (counts[name] ?? 0) + 1;
        if (each.kind === 'failure' && failures.length < FAILURES_MAX) {
          failures.push(`${outTradeNo}:${each.code}`);
        }
      }
    },
  };
}
