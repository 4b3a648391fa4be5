import { hasTimeForCheck } from '../../shared/usecases/step/deadline.ts';
import { inParallel } from '../../shared/usecases/step/inParallel.ts';
import { processDue } from '../../shared/usecases/timer/processDue.ts';
import { createTally } from '../../shared/usecases/timer/tally.ts';
import type { TimerRun } from './simulate.ts';

const BATCH_SIZE = 200;
const CONCURRENCY = 20;

/** The peer: the timer as it was, one worker, batches in order of time that wait for their slowest. */
export const runOfBefore: TimerRun = async (deps, invocation) => {
  const tally = createTally();
  let due = await deps.store.due('check', deps.clock.now(), BATCH_SIZE);
  while (due.length > 0 && hasTimeForCheck(invocation)) {
    await inParallel(due, CONCURRENCY, async (item) => {
      if (!hasTimeForCheck(invocation)) return;
      tally.add(item.outTradeNo, await processDue(item, deps, invocation));
    });
    due = await deps.store.due('check', deps.clock.now(), BATCH_SIZE);
  }
  return { counts: tally.counts };
};
