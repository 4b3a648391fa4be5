import type { Advice, Refusal } from '../contract/answer.ts';
import { refuse } from '../contract/refusals.ts';
import { GatewayError } from '../ports/gateway.ts';
import { StoreError } from '../ports/store.ts';

/** Turns a foreseen failure into a refusal; what is not foreseen is thrown on. */
export function refusalOf(error: unknown, advice?: Advice): Refusal {
  if (error instanceof StoreError) {
    return refuse(error.retry === 'same_write' ? 'STORE_UNAVAILABLE' : 'INTERNAL_ERROR');
  }
  if (!(error instanceof GatewayError)) throw error;
  const details = error.requestId === undefined ? {} : { wechatRequestId: error.requestId };
  return { refused: error.code, text: error.message, advice: advice ?? error.retry, details };
}
