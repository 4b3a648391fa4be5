import { EVENT_LEVELS } from '../../domain/order/event.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { Change } from './change.ts';
import type { Invocation } from './deps.ts';
import { orderFields } from './trace.ts';

const LOUDEST_FIRST = ['error', 'warn'] as const;

/**
 * Adds what became of a document to the wide line of its invocation: the outcome, the events that this
 * change wrote, and the level of the loudest.
 */
export function logOutcome(
  { log }: Invocation,
  outcome: string,
  { before, after }: { before?: OrderDocument } & Pick<Change<unknown>, 'after'>,
): void {
  const events = after.events.slice(before?.events.length ?? 0).map(({ type }) => type);
  const level = LOUDEST_FIRST.find((each) => events.some((type) => EVENT_LEVELS[type] === each));
  log.add({
    outcome,
    ...orderFields(after),
    ...(events.length > 0 ? { events } : {}),
    ...(level === undefined ? {} : { level }),
  });
}
