import type {
  CloseStaleOrdersAnswer,
  CloseStaleOrdersInput,
} from '../../contract/timer/closeStaleOrders.ts';
import { CHECK_CONCURRENCY, CHECKS_PER_SECOND_MAX } from '../../domain/limits.ts';
import type { Due } from '../../ports/store.ts';
import { hasTimeForCheck } from '../step/deadline.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { createPace } from '../step/pace.ts';
import { slidingWindow } from '../step/slidingWindow.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { createDueSource } from './dueSource.ts';
import { processDue } from './processDue.ts';
import type { Shard } from './shard.ts';
import { createTally } from './tally.ts';
import { shareOut, startWorkers } from './workers.ts';

type Deps = Pick<
  UseCaseDeps,
  'settings' | 'store' | 'clock' | 'gatewayOf' | 'hasPayToken' | 'callSelf'
>;

/** The error of a function that was uploaded with the platform's default of 3 s. */
const TIMEOUT_TOO_SHORT =
  'TIMEOUT_TOO_SHORT 函数超时时间不足 8 秒，未处理任何订单；请设为 55 秒 (the function has less than 8 s and processes no order: set its time-out to 55 s)';
/** The error of a run that gave up, and why. */
const STOPPED_EARLY =
  'STOPPED_EARLY 微信支付或数据库连续失败，本次提前结束，下一分钟继续 (WeChat Pay or the database failed again and again: this run ended, the next minute goes on)';

/**
 * 定时关单、补单: queries every due order and refund at WeChat; applies the answers, closes, submits refunds
 * again that WeChat does not know, and sets the next check. What holds money comes first; a run that cannot
 * do it alone starts workers, each for its shard of the orders.
 * Two runs may overlap: an order is leased by one, and a late worker's write is refused.
 */
export async function closeStaleOrders(
  input: CloseStaleOrdersInput,
  deps: Deps,
  invocation: Invocation,
): Promise<CloseStaleOrdersAnswer> {
  if (input.Type === 'Shard') {
    const leftMs = () => input.untilMs - deps.clock.now().getTime();
    const remainingMs = () => Math.min(invocation.remainingMs(), leftMs());
    return runShard(input, deps, { ...invocation, remainingMs });
  }
  if (!hasTimeForCheck(invocation)) {
    invocation.log.add({ level: 'error', error: TIMEOUT_TOO_SHORT, counts: {}, more: true });
    return { counts: {}, more: true };
  }
  const { workers: of, oldestDueMs } = await shareOut(deps, concurrencyOf(deps));
  invocation.log.add({ oldestDueMs });
  if (of === 0) {
    const nothing = { counts: {}, more: false };
    invocation.log.add(nothing);
    return nothing;
  }
  const workers = startWorkers(of, deps, invocation);
  const own = await runShard({ index: 0, of }, deps, invocation);
  return workers.join(own);
}

function concurrencyOf({ settings }: Deps): number {
  return settings.checkConcurrency ?? CHECK_CONCURRENCY;
}

/** Works on what is due of one shard, until nothing is or its time is over. */
async function runShard(
  shard: Shard,
  deps: Deps,
  invocation: Invocation,
): Promise<CloseStaleOrdersAnswer> {
  const { clock } = deps;
  const tally = createTally();
  const breaker = createBreaker();
  const perOrder = withoutWideLine(invocation);
  const concurrency = concurrencyOf(deps);
  const perSecond = CHECKS_PER_SECOND_MAX / shard.of;
  const atOnce = Math.ceil(concurrency / shard.of);
  const turn = createPace({ perSecond, atOnce }, clock);
  const mayGoOn = () => hasTimeForCheck(invocation) && breaker.stoppedBy() === undefined;
  const work = async (item: Due) => {
    await turn();
    if (!mayGoOn()) return tally.add(item.outTradeNo, [{ kind: 'outcome', outcome: 'not_begun' }]);
    const processed = await processDue(item, deps, perOrder);
    tally.add(item.outTradeNo, processed);
    for (const each of processed) breaker.note(each);
  };
  const listing = listSafely(createDueSource(deps, shard), breaker);
  const { isDone } = await slidingWindow({ list: listing.list, concurrency, mayGoOn, work }, clock);
  const { counts, failures } = tally;
  if (failures.length > 0) invocation.log.add({ level: 'error', failures });
  const why = breaker.stoppedBy();
  if (why) invocation.log.add({ level: 'error', error: `${STOPPED_EARLY}: ${why}` });
  const more = !isDone || why !== undefined;
  invocation.log.add({ counts, more });
  // Thrown only now, when nothing that was begun is under way any more.
  if (listing.failure()) throw listing.failure();
  return { counts, more };
}

/** Makes a list that never throws: a failure ends the run. */
function listSafely(list: () => Promise<readonly Due[]>, breaker: Breaker) {
  let failure: unknown;
  return {
    failure: () => failure,
    list: async (): Promise<readonly Due[]> => {
      try {
        return await list();
      } catch (error) {
        failure = error;
        breaker.stop('due');
        return [];
      }
    },
  };
}

/** The invocation for one of many orders: the wide line is about the run, and an order has lines of its own. */
function withoutWideLine(invocation: Invocation): Invocation {
  return { ...invocation, log: { ...invocation.log, add: () => {} } };
}
