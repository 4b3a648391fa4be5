/** Gives the time, so that it is an argument. */
export interface Clock {
  now(): Date;
  /** Monotonic milliseconds, for deadlines and durations only. */
  monotonicMs(): number;
  /** Resolves after `ms`; a virtual clock moves on instead. */
  wait(ms: number): Promise<void>;
}
