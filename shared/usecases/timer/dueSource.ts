import { LEFT_TO_TOKEN_MS } from '../../domain/schedules.ts';
import type { Due, DueKind } from '../../ports/store.ts';
import type { UseCaseDeps } from '../step/deps.ts';
import { isInShard, type Shard } from './shard.ts';

/** How many due orders of its shard a worker lists at once. */
const LISTED_MAX = 200;

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'hasPayToken'>;

/**
 * Lists due orders for one worker, some a call, none twice: first those whose check holds money, then
 * those that are only asked about, each the longest due first. Empty when nothing of its shard is due.
 */
export function createDueSource(deps: Deps, shard: Shard): () => Promise<readonly Due[]> {
  const urgent = createPages(deps, 'urgent', shard);
  const all = createPages(deps, 'check', shard);
  return async () => {
    const first = await urgent();
    return first.length > 0 ? first : all();
  };
}

/** Makes pages of one kind; each goes on where the last ended, so that what is left costs nothing again. */
function createPages(deps: Deps, kind: DueKind, shard: Shard): () => Promise<readonly Due[]> {
  const limit = LISTED_MAX * shard.of;
  let listedAt: { at: Date; numbers: Set<string> } | undefined;
  return async () => {
    for (;;) {
      const now = deps.clock.now();
      const size = limit + (listedAt?.numbers.size ?? 0);
      const page = await deps.store.due(kind, now, size, listedAt?.at);
      const fresh = page.filter(({ outTradeNo }) => !listedAt?.numbers.has(outTradeNo));
      listedAt = endOf(page) ?? listedAt;
      const own = fresh.filter((due) => isOwn(due, now));
      if (own.length > 0 || page.length < size) return own;
    }
  };

  function isOwn(due: Due, now: Date): boolean {
    // Those are listed as urgent.
    if (kind === 'check' && due.isUrgent) return false;
    return isInShard(due, shard) && (deps.hasPayToken || !isLeftToToken(due, now));
  }
}

/** Finds the last instant of a page, and the numbers that were listed at it. */
function endOf(page: readonly Due[]): { at: Date; numbers: Set<string> } | undefined {
  const at = page.at(-1)?.at;
  if (!at) return undefined;
  const last = page.filter((due) => due.at.getTime() === at.getTime());
  return { at, numbers: new Set(last.map(({ outTradeNo }) => outTradeNo)) };
}

/**
 * Tells whether an order is left to WeChat's timer, which may fire in the same minute: cloud pay needs the
 * platform's token, and a timer of SCF has none. After an hour without anybody it takes the order.
 */
function isLeftToToken({ link, at }: Due, now: Date): boolean {
  return link === 'cloudPay' && now.getTime() - at.getTime() < LEFT_TO_TOKEN_MS;
}
