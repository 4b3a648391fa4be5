import { Lost } from './lost.ts';

/**
 * The life of a world, from one reset to the next: what began in one never acts in the next, so that an
 * emptied world stays empty.
 */
export interface Life {
  /** Real waiting before something acts; ends with {@link Lost} when the world is emptied meanwhile. */
  pauseMs(ms: number): Promise<void>;
  /** Ends this life: all that pauses is lost. The next one begins at once. */
  end(): void;
}

/** Builds a life that waits by `waitMs`, which is real and never skipped by virtual time. */
export function createLife(waitMs: (ms: number) => Promise<void>): Life {
  let paused = new Set<(lost: Lost) => void>();
  return {
    pauseMs: (ms) =>
      new Promise((resolve, reject) => {
        paused.add(reject);
        const over = () => paused.delete(reject);
        waitMs(ms).then(resolve, reject).finally(over);
      }),
    end: () => {
      const all = paused;
      paused = new Set();
      for (const lose of all) lose(new Lost(false));
    },
  };
}
