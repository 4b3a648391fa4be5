import type { Clock } from '../../ports/clock.ts';

/** Makes a pace: each turn is given when it comes, at most so many a second and so many at once. */
export function createPace(
  { perSecond, atOnce }: { perSecond: number; atOnce: number },
  clock: Pick<Clock, 'monotonicMs' | 'wait'>,
): () => Promise<void> {
  const apartMs = 1000 / perSecond;
  let nextMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = clock.monotonicMs();
    nextMs = Math.max(nextMs, nowMs - atOnce * apartMs) + apartMs;
    if (nextMs > nowMs) await clock.wait(Math.ceil(nextMs - nowMs));
  };
}
