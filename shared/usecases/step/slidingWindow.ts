import type { Clock } from '../../ports/clock.ts';

/** While work is under way, nothing is listed again so soon. */
const RELIST_AFTER_MS = 250;

/** Serves a window: where its items come from, and until when. */
export interface Window<T> {
  /** Lists the next items; an empty list is the end, unless work under way makes more. */
  list(): Promise<readonly T[]>;
  concurrency: number;
  /** Asked before each item and each list; once false, nothing more is begun. */
  mayGoOn(): boolean;
  work(item: T): Promise<void>;
}

/**
 * Works on items as they are listed, `concurrency` at once and none waiting for the slowest of others.
 * Tells whether everything was done; neither `list` nor `work` may throw.
 */
export async function slidingWindow<T>(
  { list, concurrency, mayGoOn, work }: Window<T>,
  clock: Pick<Clock, 'monotonicMs'>,
): Promise<{ isDone: boolean }> {
  const queue: T[] = [];
  const idle: (() => void)[] = [];
  let listing: Promise<void> | undefined;
  let listedMs = Number.NEGATIVE_INFINITY;
  let underWay = 0;
  let isDone = false;

  const refill = async () => {
    const listed = await list();
    queue.push(...listed);
    listedMs = clock.monotonicMs();
    listing = undefined;
    isDone = listed.length === 0 && underWay === 0;
  };
  const wake = () => {
    for (const go of idle.splice(0)) go();
  };
  const take = async (): Promise<T | undefined> => {
    while (mayGoOn() && !isDone) {
      const item = queue.shift();
      if (item !== undefined) {
        underWay += 1;
        return item;
      }
      if (underWay > 0 && clock.monotonicMs() - listedMs < RELIST_AFTER_MS) {
        await new Promise<void>((resolve) => idle.push(resolve));
        continue;
      }
      listing ??= refill();
      await listing;
    }
    return undefined;
  };
  const worker = async () => {
    for (let item = await take(); item !== undefined; item = await take()) {
      await work(item);
      underWay -= 1;
      wake();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { isDone };
}
