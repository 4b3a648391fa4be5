import { AsyncLocalStorage } from 'node:async_hooks';

/** How much time an invocation has spent, where nothing really waits. */
export interface SpentTime {
  /** Runs an invocation, whose time begins at 0. */
  during<T>(run: () => Promise<T>): Promise<T>;
  /** What the invocation that asks has spent; 0 outside of any. */
  ms(): number;
  /**
   * Begins a wait now, and answers what ends it after so many milliseconds. Waits that were begun side by
   * side pass once: the longest of them.
   */
  wait(): (ms: number) => void;
}

/** Makes the time of invocations; each has its own, and those inside it theirs. */
export function createSpentTime(): SpentTime {
  const invocation = new AsyncLocalStorage<{ ms: number }>();
  const ms = () => invocation.getStore()?.ms ?? 0;
  return {
    during: (run) => invocation.run({ ms: 0 }, run),
    ms,
    wait: () => {
      const spent = invocation.getStore();
      const begunMs = ms();
      return (waitMs) => {
        if (spent) spent.ms = Math.max(spent.ms, begunMs + waitMs);
      };
    },
  };
}
