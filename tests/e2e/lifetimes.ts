import { AsyncLocalStorage } from 'node:async_hooks';

/** Knows how much time each invocation has spent, where nothing really waits, and whether it is alive. */
export interface Lifetimes {
  /** Runs an invocation, whose time begins at 0; answers nothing of one that dies. */
  live<T>(run: () => Promise<T>): Promise<T | undefined>;
  /** Tells whether an invocation asks. */
  isInside(): boolean;
  /** Tells how much time the invocation that asks has spent; 0 outside of any. */
  ms(): number;
  /**
   * Begins a wait now, and answers what ends it after so many milliseconds. Waits that were begun side by
   * side pass once: the longest of them.
   */
  wait(): (ms: number) => void;
  /** Ends the invocation that asks, as a killed process does: what it began goes no further. */
  die(): void;
  /** Waits for ever in an invocation that is dead. */
  unlessDead(): Promise<void>;
}

interface Lifetime {
  ms: number;
  isDead: boolean;
  end(): void;
}

/** One for all stages of a worker: Node 20 writes each storage that was ever used into every promise. */
const invocation = new AsyncLocalStorage<Lifetime>();

/** Makes the lifetimes of invocations; one inside another has its own. */
export function createLifetimes(): Lifetimes {
  const ms = () => invocation.getStore()?.ms ?? 0;
  return {
    live: (run) =>
      new Promise((resolve, reject) => {
        const lifetime = { ms: 0, isDead: false, end: () => resolve(undefined) };
        invocation.run(lifetime, run).then(resolve, reject);
      }),
    isInside: () => invocation.getStore() !== undefined,
    ms,
    wait: () => {
      const lifetime = invocation.getStore();
      const begunMs = ms();
      return (waitMs) => {
        if (lifetime) lifetime.ms = Math.max(lifetime.ms, begunMs + waitMs);
      };
    },
    die: () => {
      const lifetime = invocation.getStore();
      if (!lifetime) return;
      lifetime.isDead = true;
      lifetime.end();
    },
    unlessDead: async () => {
      if (invocation.getStore()?.isDead) await new Promise(() => {});
    },
  };
}
