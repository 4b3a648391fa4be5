import { ConnectionReset } from './connectionReset.ts';

/**
 * The life of a world, from one reset to the next: what began in one never acts in the next, so
 * that an emptied world stays empty.
 */
export interface Life {
  /**
   * Waits in real time; rejects with {@link ConnectionReset} when the world is emptied meanwhile.
   */
  pauseMs(ms: number): Promise<void>;
  /**
   * Throws {@link ConnectionReset} while the world is emptied: a late start belongs to the old
   * life.
   */
  begin(): void;
  /** Settles when no reset is under way, and nothing is held back: at once, most of the time. */
  calm(): Promise<void>;
  /** Does `work` while {@link Life.calm} holds back what would come from outside; what runs goes on. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Ends this life: all that pauses is lost, nothing begins until `empty` is done. One after
   * another.
   */
  end<T>(empty: () => Promise<T>): Promise<T>;
}

/** Builds a life that waits by `waitMs`, which is real and never skipped by virtual time. */
export function createLife(waitMs: (ms: number) => Promise<void>): Life {
  let ending = 0;
  let held = 0;
  let last: Promise<unknown> = Promise.resolve();
  const paused = new Set<(error: ConnectionReset) => void>();
  const begin = () => {
    if (ending > 0) throw new ConnectionReset({ acted: false });
  };
  return {
    pauseMs: async (ms) => {
      begin();
      await new Promise<void>((resolve, reject) => {
        paused.add(reject);
        const over = () => paused.delete(reject);
        waitMs(ms).then(resolve, reject).finally(over);
      });
    },
    begin,
    calm: async () => {
      while (ending + held > 0) await last;
    },
    hold: async (work) => {
      held += 1;
      const done = last.then(work);
      last = whenOver(done).then(() => {
        held -= 1;
      });
      return done;
    },
    end: async (empty) => {
      ending += 1;
      for (const reject of paused) reject(new ConnectionReset({ acted: false }));
      const before = last;
      const done = (async () => {
        await before;
        return empty();
      })();
      last = whenOver(done).then(() => {
        ending -= 1;
      });
      const result = await done;
      await last;
      return result;
    },
  };
}

/** Resolves once a promise is over, however it ended. */
function whenOver(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => {},
    () => {},
  );
}
