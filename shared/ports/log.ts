/**
 * Lists what the wide line counts, each a flat number, since the log service reads the first level alone (583/46772): orders that were begun,
 * paid and refunded, payments and refunds that differ from what was agreed, and events that reached the merchant.
 */
export const COUNTERS = ['orders', 'paid', 'refunded', 'mismatches', 'delivered'] as const;

export type Counter = (typeof COUNTERS)[number];

/** Every field that a log line may hold: an allow-list, so that no secret or payload slips in. */
export interface LogFields extends Record<Counter, number> {
  level: 'info' | 'warn' | 'error';
  function: string;
  requestId: string;
  /** 链路号 of the order that the line is about: the request id of the call that wrote it first. */
  traceId: string;
  caller: string;
  source: string;
  outTradeNo: string;
  errCode: string;
  retry: string;
  outcome: string;
  refused: string;
  probe: boolean;
  /** The input field that was refused. */
  field: string;
  notificationId: string;
  /** Types of events that were written. */
  events: string[];
  /** One event that was written, its id, and what it is about. */
  event: string;
  eventId: string;
  about: string;
  counts: Record<string, number>;
  /** One attempt to deliver an event: on which channel, which one, and how old the event was then. */
  channel: string;
  attempt: number;
  ageMs: number;
  /** Channels that the merchant does not want any more. */
  disabled: string[];
  /** How many workers shared a timer's run. */
  workers: number;
  /** How long the order, or the delivery, that was due first has waited when a timer's run began; 0: none was due. */
  oldestDueMs: number;
  /** A timer's run ended with more due. */
  more: boolean;
  /** Order numbers that failed, each with its code, bounded. */
  failures: string[];
  /** Why the merchant's function gave no price. */
  quoteReason: string;
  /** A call to WeChat Pay has a line of its own: what was called, the HTTP status, and WeChat's `Request-ID`. */
  wechat: string;
  status: number;
  wechatRequestId: string;
  error: string;
  /** The line tells how an invocation ended whose caller had been answered `DEADLINE` before. */
  late: boolean;
  ms: number;
  coldStart: boolean;
}

/** The log of an invocation. */
export interface Log {
  /** Adds facts to its one wide line, which the runtime prints at the end. */
  add(fields: Partial<LogFields>): void;
  /** Counts one more in the wide line. */
  count(what: Counter): void;
  /** Prints a line of its own at once: what happened to one order, whatever comes after it. */
  line(fields: Partial<LogFields>): void;
}
