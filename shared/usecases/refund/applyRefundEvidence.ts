import { withEvent } from '../../domain/order/event.ts';
import { withNextCheck } from '../../domain/order/nextCheck.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { concludeRefund, type RefundOutcome } from '../../domain/refund/concludeRefund.ts';
import type { RefundEvidence, RefundNotFound } from '../../domain/refund/refundEvidence.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import { change, changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';

/**
 * What became of evidence; `refund_not_found` is a number that WeChat does not know, `refund_status_unknown` one of
 * which it does not say how it stands.
 */
export interface AppliedRefundEvidence {
  outcome: RefundOutcome | 'refund_not_found' | 'refund_status_unknown';
  order: Order;
}

const ALARMING: readonly string[] = ['refund_mismatch', 'refund_unknown_state'];

/**
 * Applies evidence to the refund it is about and writes the conclusion, once however often and from
 * wherever it comes. Undefined when we never placed the order. `known` is the order as it was read
 * just now, where the caller has it.
 */
export async function applyRefundEvidence(
  evidence: RefundEvidence,
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
  call: Invocation,
  known?: Order,
): Promise<AppliedRefundEvidence | undefined> {
  let eventsBefore = 0;
  type Decided = { outcome?: RefundOutcome; order: OrderDocument };
  const decide = (kept: OrderDocument): Decided => {
    eventsBefore = kept.events.length;
    return kept.kind === 'order' ? concludeRefund(kept, evidence, clock.now()) : { order: kept };
  };
  const outTradeNo = known?.outTradeNo ?? evidence.outTradeNo;
  const settled = await change(store, outTradeNo, decide, known);
  if (settled?.outcome === undefined || settled.order.kind !== 'order') return undefined;
  const { outcome, order } = settled;
  const events = order.events.slice(eventsBefore).map((event) => event.type);
  call.log.add({ outTradeNo, outcome, ...(events.length > 0 ? { events } : {}) });
  if (ALARMING.includes(outcome)) call.log.add({ level: 'error' });
  return { outcome, order };
}

/** Asks WeChat about a refund, through the order's own link, and writes down what follows. */
export async function queryRefundAtWeChat(
  order: Order,
  outRefundNo: string,
  tools: Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>,
  call: Invocation,
): Promise<AppliedRefundEvidence> {
  const gateway = tools.gatewayOf(order.link);
  const ask = (ms: number) => gateway.queryRefund(order, outRefundNo, ms);
  const said = await retryUnchanged(ask, tools.clock, call);
  if (said.kind === 'status_unknown') return { outcome: 'refund_status_unknown', order };
  if (said.kind === 'not_found') return keepUnknownRefund(order, said, tools);
  const settled = await applyRefundEvidence(said, tools, call, order);
  return settled ?? { outcome: 'refund_known', order };
}

/** Not accepted, if we only asked for it; one that WeChat once knew stays as it is, and is told. */
async function keepUnknownRefund(
  order: Order,
  { outRefundNo }: RefundNotFound,
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
): Promise<AppliedRefundEvidence> {
  const state = refundOf(order, outRefundNo)?.status.state;
  if (state !== 'processing' && state !== 'abnormal') return { outcome: 'refund_not_found', order };
  const now = clock.now();
  const tell = (kept: Order) =>
    withEvent(withNextCheck(kept, now), 'refund.unknown_at_wechat', now, outRefundNo);
  const told = await changeOrder(store, order.outTradeNo, tell, order);
  return { outcome: 'refund_not_found', order: told ?? order };
}
