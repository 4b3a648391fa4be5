import type { OrderDetail } from '../../state/order.ts';
import { documentOf, type ShownDocument } from './document.ts';

/** An orphan has no way: it was paid, and nothing of ours knows it. */
type Placed = Exclude<OrderDetail['row']['standing'], 'orphan'>;

/** The places of the state map, in the order in which they are drawn. */
export const PLACES = [
  'created',
  'paying',
  'paid',
  'refunding',
  'partly_refunded',
  'refunded',
  'closed',
  'quarantined',
] as const satisfies readonly Placed[];

export type Place = (typeof PLACES)[number];

/** One step of the way that an order took; `at` where the document says when. */
export interface Step {
  place: Place;
  at?: string | undefined;
}

/** Reads from a stored order which way it took, the last step being where it stands. */
export function wayOf(detail: OrderDetail): Step[] {
  const order = documentOf(detail);
  const { standing } = detail.row;
  const steps: Step[] = [{ place: 'created', at: order.createdAt }];
  if (hasPrepay(order)) steps.push({ place: 'paying', at: order.status?.prepayIssuedAt });
  if (order.status?.state === 'closed') steps.push({ place: 'closed', at: order.status.closedAt });
  const late = eventOf(order, 'order.paid_after_close');
  if (late) steps.push({ place: 'closed', at: eventOf(order, 'order.closed')?.at });
  if (order.quarantine) steps.push({ place: 'quarantined', at: order.quarantine.at });
  const receipt = order.status?.receipt;
  if (receipt) steps.push({ place: 'paid', at: receipt.confirmedAt });
  const [first] = order.refunds ?? [];
  if (receipt && first) steps.push({ place: 'refunding', at: first.requestedAt });
  return [...steps, ...refundSteps(order, standing)];
}

/** An order that is refunded in parts was refunded in part before it stands where it does now. */
function refundSteps(order: ShownDocument, standing: string): Step[] {
  const successes = (order.events ?? []).filter(({ type }) => type === 'refund.success');
  const steps: Step[] = [];
  const before = standing === 'refunded' ? successes.slice(0, -1) : successes;
  const [first] = before;
  const isRefund = standing === 'refunding' || standing === 'refunded';
  if (isRefund && first) steps.push({ place: 'partly_refunded', at: first.at });
  if (standing === 'refunding' && first) {
    steps.push({ place: 'refunding', at: order.refunds?.at(-1)?.requestedAt });
  }
  if (standing === 'partly_refunded' || standing === 'refunded') {
    steps.push({ place: standing, at: successes.at(-1)?.at });
  }
  return steps;
}

/** An order that WeChat refused for good was never payable; every other state comes after that. */
function hasPrepay({ status, events = [] }: ShownDocument): boolean {
  if (status?.state === 'created') return false;
  const isKnownReason = status?.reason === 'expired' || status?.reason === 'asked';
  return status?.state !== 'closed' || isKnownReason || events.length === 0;
}

function eventOf({ events = [] }: ShownDocument, type: string) {
  return events.find((each) => each.type === type);
}
