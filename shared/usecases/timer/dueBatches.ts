import { LEFT_TO_TOKEN_MS } from '../../domain/schedules.ts';
import type { Due } from '../../ports/store.ts';
import type { UseCaseDeps } from '../step/deps.ts';

const BATCH_SIZE_MAX = 200;

/**
 * Lists due orders for one run, a batch a call, the longest due first. Orders of cloud pay need the
 * platform's token, which a timer of SCF does not have: it leaves them to WeChat's timer, which may fire in
 * the same minute, and takes what nobody has processed for an hour.
 */
export function dueBatches({
  store,
  clock,
  hasPayToken,
}: Pick<UseCaseDeps, 'store' | 'clock' | 'hasPayToken'>): () => Promise<Due[]> {
  let leftCount = 0;
  return async () => {
    for (;;) {
      const now = clock.now();
      const limit = BATCH_SIZE_MAX + 2 * leftCount;
      const listed = await store.due('check', now, limit);
      const own = listed.filter((item) => hasPayToken || !isLeftToToken(item, now));
      leftCount = listed.length - own.length;
      if (own.length > 0 || listed.length < limit) return own.slice(0, BATCH_SIZE_MAX);
    }
  };
}

function isLeftToToken({ link, at }: Due, now: Date): boolean {
  return link === 'cloudPay' && now.getTime() - at.getTime() < LEFT_TO_TOKEN_MS;
}
