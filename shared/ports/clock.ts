/** Time, as an argument. */
export interface Clock {
  now(): Date;
  /** Monotonic milliseconds, for deadlines and durations only. */
  monotonicMs(): number;
  /** Settles after `ms`; a virtual clock moves instead. */
  wait(ms: number): Promise<void>;
}
