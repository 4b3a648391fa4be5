import { RETRY_WAITS_MS } from '../../domain/schedules.ts';
import type { Clock } from '../../ports/clock.ts';
import { GatewayError, type Retry } from '../../ports/gateway.ts';
import type { Invocation } from './deps.ts';

/** The longest that one call to WeChat may take. */
const CALL_TIMEOUT_MS = 5000;
/** What is kept back of the deadline, to write down what was learnt. */
const RESERVE_MS = 1500;

/** Words after which the same request helps nothing in this call: an order's end, or no token in it. */
const DECIDED = ['ORDERPAID', 'ORDER_NOT_EXIST', 'TRADE_ERROR', 'CLOUDPAY_TOKEN_MISSING'];

/** How long a single call to WeChat may take now; throws `DEADLINE` where no time is left. */
export function callTimeoutMs({ remainingMs }: Invocation): number {
  const leftMs = remainingMs() - RESERVE_MS;
  if (leftMs <= 0) throw outOfTime();
  return Math.min(CALL_TIMEOUT_MS, leftMs);
}

function outOfTime(): GatewayError {
  return new GatewayError('DEADLINE', 'query_first', 'no time is left to call WeChat Pay');
}

/**
 * Calls WeChat, and again unchanged while it makes sense: never after a refusal, and only within the
 * deadline. Sound because every call of ours is re-entrant: equal orders, queries and closes are one.
 * A refusal after an attempt of unknown outcome is thrown as unknown: that attempt may have landed.
 */
export async function retryUnchanged<T>(
  act: (timeoutMs: number) => Promise<T>,
  clock: Clock,
  call: Invocation,
): Promise<T> {
  let unknown = false;
  for (const waitMs of [...RETRY_WAITS_MS, undefined]) {
    const leftMs = call.remainingMs() - RESERVE_MS;
    if (leftMs <= 0) break;
    try {
      return await act(Math.min(CALL_TIMEOUT_MS, leftMs));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (error.retry === 'never') throw unknown ? withRetry(error, 'query_first') : error;
      const late = waitMs === undefined || call.remainingMs() - RESERVE_MS <= waitMs;
      if (late || DECIDED.includes(error.code)) throw error;
      unknown ||= error.retry === 'query_first';
      await clock.wait(waitMs);
    }
  }
  throw outOfTime();
}

function withRetry(cause: GatewayError, retry: Retry): GatewayError {
  return new GatewayError(cause.code, retry, cause.message, { requestId: cause.requestId, cause });
}
