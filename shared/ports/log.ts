/** Every field that a log line may hold: an allow-list, so that no secret or payload slips in. */
export interface LogFields {
  level: 'info' | 'warn' | 'error';
  function: string;
  requestId: string;
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
  counts: Record<string, number>;
  /** Order numbers that failed, each with its code, bounded. */
  failures: string[];
  error: string;
  ms: number;
  coldStart: boolean;
}

/** The one wide log line of an invocation: facts are added, the runtime prints it at the end. */
export interface Log {
  add(fields: Partial<LogFields>): void;
}
