import type { Refusal } from '../../contract/answer.ts';
import { openidOf } from '../../contract/callers.ts';
import { refuse } from '../../contract/refusals.ts';
import type { DecidedBy } from '../../domain/decision.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { StoreError } from '../../ports/store.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';

/** Names who decides: the admin by openid, else the merchant's server. */
export function decidedBy({ caller }: Invocation, reason: string): DecidedBy {
  return { by: openidOf(caller) ?? caller.kind, reason };
}

/** Reads what is decided about: an order or an orphan; nobody but admins and the server get here. */
export async function decidedDocument(
  outTradeNo: string,
  { store }: Pick<UseCaseDeps, 'store'>,
  { log }: Invocation,
): Promise<OrderDocument | Refusal> {
  log.add({ outTradeNo });
  return (await store.get(outTradeNo)) ?? refuse('ORDER_NOT_EXIST');
}

/** Runs a decision; a foreseen failure is answered, and a document that cannot be read named as such. */
export async function answerForeseen<T extends object>(
  decide: () => Promise<T | Refusal>,
): Promise<T | Refusal> {
  try {
    return await decide();
  } catch (error) {
    const isUnreadable = error instanceof StoreError && error.code === 'DOCUMENT_UNREADABLE';
    const refusal = isUnreadable
      ? refuse('DOCUMENT_UNREADABLE')
      : foreseenRefusal(error, 'same_request');
    if (refusal) return refusal;
    throw error;
  }
}
