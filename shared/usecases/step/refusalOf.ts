import type { Advice, Refusal } from '../../contract/answer.ts';
import { refuse } from '../../contract/refusals.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';

/**
 * Turns a foreseen failure into a refusal; what is not foreseen is thrown on. `whenUnknown` is the
 * advice where an outcome is unknown: re-entrant calls are settled by the same request again.
 */
export function refusalOf(error: unknown, whenUnknown: Advice = 'query_first'): Refusal {
  if (error instanceof StoreError) {
    if (error.code === 'REFUND_NUMBER_USED') return refuse('OUT_REFUND_NO_USED');
    return refuse(error.retry === 'same_request' ? 'STORE_UNAVAILABLE' : 'INTERNAL_ERROR');
  }
  if (!(error instanceof GatewayError)) throw error;
  const details = error.requestId === undefined ? {} : { wechatRequestId: error.requestId };
  const advice = error.retry === 'query_first' ? whenUnknown : error.retry;
  return { refused: error.code, text: error.message, retry: advice, details };
}
