import { EVENT_COUNTERS, EVENT_LEVELS, type OrderEvent } from '../../domain/order/event.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { Invocation } from './deps.ts';
import { orderFields } from './trace.ts';

/**
 * Logs each event that was written to a document as a line of its own, and counts it: one run may write to
 * many, and none may hide another. Its delivery is started when the invocation ends.
 */
export function logEvents(
  { log, toDeliver }: Invocation,
  document: OrderDocument,
  events: readonly OrderEvent[],
): void {
  if (events.length > 0) toDeliver?.add(document.outTradeNo);
  for (const { type, id, about } of events) {
    const counter = EVENT_COUNTERS[type];
    if (counter) log.count(counter);
    log.line({
      level: EVENT_LEVELS[type],
      ...orderFields(document),
      event: type,
      eventId: id,
      ...(about === undefined ? {} : { about }),
    });
  }
}
