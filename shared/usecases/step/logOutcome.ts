import type { OrderDocument } from '../../domain/order/order.ts';
import type { Change } from './change.ts';
import type { Invocation } from './deps.ts';

/** Logs what became of a document: the outcome, and the events that this change wrote. */
export function logOutcome(
  { log }: Invocation,
  outcome: string,
  { before, after }: { before?: OrderDocument } & Pick<Change<unknown>, 'after'>,
): void {
  const { outTradeNo } = after;
  const events = after.events.slice(before?.events.length ?? 0).map(({ type }) => type);
  log.add({ outTradeNo, outcome, ...(events.length > 0 ? { events } : {}) });
}
