import type { CallWatch, WeChatCall } from '../ports/gateway.ts';

/** The order that a call is about, as far as the log names it. */
type Subject = Pick<WeChatCall, 'outTradeNo' | 'traceId'>;

/** A context of calls may be watched; those that are about an order name it. */
export interface Watched {
  watch?: CallWatch;
  subject?: Subject;
}

/** Makes the context of calls that are about this order. */
export function about<C extends Watched>(context: C, { outTradeNo, traceId }: Subject): C {
  return { ...context, subject: { outTradeNo, traceId } };
}
