import { isOutage } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import type { Processed } from './tally.ts';

/** So many failures of one side in a row are an outage, not bad luck. */
const FAILURES_MAX = 20;

/** The sides that a run depends on. */
type Side = 'wechat' | 'database';

/** Outcomes that say nothing of WeChat. */
const WITHOUT_WECHAT = ['leased_by_another', 'no_order', 'nothing_due'];

/**
 * Watches a run: when WeChat or the database fails again and again, the rest waits for the next minute,
 * whose run tries anew. A failure that concerns one order alone is no outage.
 */
export function createBreaker() {
  const inARow: Record<Side, number> = { wechat: 0, database: 0 };
  let reason: string | undefined;
  const fail = (side: Side, code: string) => {
    inARow[side] += 1;
    if (inARow[side] >= FAILURES_MAX) reason ??= `${side} ${code}`;
  };
  return {
    /** Counts the end of one order: a success ends a row of failures. */
    note(processed: Processed): void {
      if (processed.kind === 'failure') {
        const side = sideOf(processed.error);
        if (side) fail(side, processed.code);
        return;
      }
      inARow.database = 0;
      if (!WITHOUT_WECHAT.includes(processed.outcome)) inARow.wechat = 0;
    },
    /** Stops the run at once. */
    stop(why: string): void {
      reason ??= why;
    },
    /** Says why the run stops early; undefined while it goes on. */
    stoppedBy: (): string | undefined => reason,
  };
}

export type Breaker = ReturnType<typeof createBreaker>;

function sideOf(error: unknown): Side | undefined {
  if (error instanceof StoreError) return error.retry === 'same_request' ? 'database' : undefined;
  return error instanceof GatewayError && isOutage(error) ? 'wechat' : undefined;
}
