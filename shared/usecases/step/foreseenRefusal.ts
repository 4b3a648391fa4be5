import type { Refusal } from '../../contract/answer.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Retry } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';

/**
 * Turns a foreseen failure into a refusal; undefined for any other, which the caller throws on.
 * `whenUnknown` is the advice where an outcome is unknown: re-entrant calls are resolved by the same
 * request again.
 */
export function foreseenRefusal(
  error: unknown,
  whenUnknown: Retry = 'query_first',
): Refusal | undefined {
  if (error instanceof StoreError) {
    if (error.code === 'REFUND_NUMBER_USED') return refuse('OUT_REFUND_NO_USED');
    return refuse(error.retry === 'same_request' ? 'STORE_UNAVAILABLE' : 'INTERNAL_ERROR');
  }
  return error instanceof GatewayError ? gatewayRefusal(error, whenUnknown) : undefined;
}

/** Turns a failed call to WeChat into the refusal that the caller gets. */
export function gatewayRefusal(error: GatewayError, whenUnknown: Retry): Refusal {
  const details = error.requestId === undefined ? {} : { wechatRequestId: error.requestId };
  const retry = error.retry === 'query_first' ? whenUnknown : error.retry;
  return { refused: error.code, text: error.message, retry, details };
}
