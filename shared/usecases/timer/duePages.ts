import type { Due, DueKind } from '../../ports/store.ts';
import type { UseCaseDeps } from '../step/deps.ts';

/** Says how many documents are listed at once, and which of them are for this run. */
export interface PageOptions {
  size: number;
  isOwn(due: Due, now: Date): boolean;
}

/** Makes pages of what is due; each goes on where the last ended, so that what is left costs nothing again. */
export function createPages(
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
  kind: DueKind,
  { size: limit, isOwn }: PageOptions,
): () => Promise<readonly Due[]> {
  let listedAt: { at: Date; numbers: Set<string> } | undefined;
  return async () => {
    for (;;) {
      const now = clock.now();
      const size = limit + (listedAt?.numbers.size ?? 0);
      const page = await store.due(kind, now, size, listedAt?.at);
      const fresh = page.filter(({ outTradeNo }) => !listedAt?.numbers.has(outTradeNo));
      listedAt = endOf(page) ?? listedAt;
      const own = fresh.filter((due) => isOwn(due, now));
      if (own.length > 0 || page.length < size) return own;
    }
  };
}

/** Finds the last instant of a page, and the numbers that were listed at it. */
function endOf(page: readonly Due[]): { at: Date; numbers: Set<string> } | undefined {
  const at = page.at(-1)?.at;
  if (!at) return undefined;
  const last = page.filter((due) => due.at.getTime() === at.getTime());
  return { at, numbers: new Set(last.map(({ outTradeNo }) => outTradeNo)) };
}
