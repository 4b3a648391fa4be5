import { say } from '../../domain/order/event.ts';
import { plan } from '../../domain/order/nextCheck.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { concludeRefund, type RefundOutcome } from '../../domain/refund/concludeRefund.ts';
import type { RefundEvidence, RefundMissing } from '../../domain/refund/refundEvidence.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import { change, changeOrder } from '../step/change.ts';
import type { Call, Tools } from '../step/deps.ts';
import { repeat } from '../step/retryUnchanged.ts';

/**
 * What became of evidence; `refund_missing` is a number that WeChat does not know, `refund_silent` one of
 * which it does not say how it stands.
 */
export interface RefundSettlement {
  outcome: RefundOutcome | 'refund_missing' | 'refund_silent';
  order: Order;
}

const ALARMING: readonly string[] = ['refund_mismatch', 'refund_unknown_state'];

/**
 * Applies evidence to the refund it is about and writes the conclusion, once however often and from
 * wherever it comes. Undefined when we never placed the order. `known` is the order as it was read
 * just now, where the caller has it.
 */
export async function settleRefund(
  evidence: RefundEvidence,
  { store, clock }: Pick<Tools, 'store' | 'clock'>,
  call: Call,
  known?: Order,
): Promise<RefundSettlement | undefined> {
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
export async function askRefund(
  order: Order,
  outRefundNo: string,
  tools: Pick<Tools, 'store' | 'clock' | 'gatewayOf'>,
  call: Call,
): Promise<RefundSettlement> {
  const gateway = tools.gatewayOf(order.link);
  const ask = (ms: number) => gateway.queryRefund(order, outRefundNo, ms);
  const said = await repeat(ask, tools.clock, call);
  if (said.is === 'silent') return { outcome: 'refund_silent', order };
  if (said.is === 'missing') return missing(order, said, tools);
  const settled = await settleRefund(said, tools, call, order);
  return settled ?? { outcome: 'refund_known', order };
}

/** Not accepted, if we only asked for it; one that WeChat once knew stays as it is, and is told. */
async function missing(
  order: Order,
  { outRefundNo }: RefundMissing,
  { store, clock }: Pick<Tools, 'store' | 'clock'>,
): Promise<RefundSettlement> {
  const state = refundOf(order, outRefundNo)?.status.state;
  if (state !== 'processing' && state !== 'abnormal') return { outcome: 'refund_missing', order };
  const now = clock.now();
  const tell = (kept: Order) => say(plan(kept, now), 'refund.unknown_at_wechat', now, outRefundNo);
  const told = await changeOrder(store, order.outTradeNo, tell, order);
  return { outcome: 'refund_missing', order: told ?? order };
}
