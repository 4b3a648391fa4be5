import { LEFT_TO_TOKEN_MS } from '../../domain/schedules.ts';
import type { Due, DueKind } from '../../ports/store.ts';
import type { UseCaseDeps } from '../step/deps.ts';
import { createPages } from './duePages.ts';
import { isInShard, type Shard } from './shard.ts';

/** How many due orders of its shard a worker lists at once. */
const LISTED_MAX = 200;

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'hasPayToken'>;

/**
 * Lists due orders for one worker, some a call, none twice: first those whose check holds money, then
 * those that are only asked about, each the longest due first. Empty when nothing of its shard is due.
 */
export function createDueSource(deps: Deps, shard: Shard): () => Promise<readonly Due[]> {
  const urgent = pagesOf(deps, 'urgent', shard);
  const all = pagesOf(deps, 'check', shard);
  return async () => {
    const first = await urgent();
    return first.length > 0 ? first : all();
  };
}

function pagesOf(deps: Deps, kind: DueKind, shard: Shard): () => Promise<readonly Due[]> {
  const isOwn = (due: Due, now: Date) => {
    // Those are listed as urgent.
    if (kind === 'check' && due.isUrgent) return false;
    return isInShard(due, shard) && (deps.hasPayToken || !isLeftToToken(due, now));
  };
  return createPages(deps, kind, { size: LISTED_MAX * shard.of, isOwn });
}

/**
 * Tells whether an order is left to WeChat's timer, which may fire in the same minute: cloud pay needs the
 * platform's token, and a timer of SCF has none. After an hour without anybody it takes the order.
 */
function isLeftToToken({ link, at }: Due, now: Date): boolean {
  return link === 'cloudPay' && now.getTime() - at.getTime() < LEFT_TO_TOKEN_MS;
}
