/** Counts what is under way, so that time moves only between invocations. */
export interface Gate {
  /** Runs `work` as something under way; time stands (or merely ticks) until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Settles once nothing is under way. */
  idle(): Promise<void>;
  isIdle(): boolean;
}

/** Builds a gate with nothing under way; `begin` throws where nothing may begin. */
export function createGate(begin: () => void = () => {}): Gate {
  let underWay = 0;
  let waiting: (() => void)[] = [];
  return {
    during: async (work) => {
      begin();
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
        if (underWay === 0) {
          for (const wake of waiting) wake();
          waiting = [];
        }
      }
    },
    idle: async () => {
      while (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    isIdle: () => underWay === 0,
  };
}
