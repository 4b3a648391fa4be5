import type { OrderDocument } from '../../domain/order/order.ts';
import type { LogFields } from '../../ports/log.ts';
import type { Invocation } from './deps.ts';

/** Lists the fields by which each log line about a document names it: its number, and its trace. */
export function orderFields({
  outTradeNo,
  traceId,
}: Pick<OrderDocument, 'outTradeNo' | 'traceId'>): Partial<LogFields> {
  return { outTradeNo, ...(traceId === undefined ? {} : { traceId }) };
}

/** Begins the trace of a new document: this call's own id, which every later line about it has too. */
export function withTrace<D extends OrderDocument>(document: D, { requestId }: Invocation): D {
  return requestId === '' ? document : { ...document, traceId: requestId };
}
