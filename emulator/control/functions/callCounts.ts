import type { Timeline } from '../../world/timeline/timeline.ts';

/** The calls of one function, counted. */
export interface CallCount {
  calls: number;
  errors: number;
  lastColdStartMs?: number;
}

/** Counts the calls of each function from now on; an emptied world begins anew. */
export function countCalls({ follow }: Pick<Timeline, 'follow'>): (name: string) => CallCount {
  const counts = new Map<string, CallCount>();
  const none: CallCount = { calls: 0, errors: 0 };
  follow(
    ({ what, subject = '', detail = {} }) => {
      if (what !== 'function.call') return;
      const { calls, errors, ...before } = counts.get(subject) ?? none;
      const { coldStartMs } = detail;
      counts.set(subject, {
        ...before,
        calls: calls + 1,
        errors: errors + (detail.error === undefined ? 0 : 1),
        ...(typeof coldStartMs === 'number' && { lastColdStartMs: coldStartMs }),
      });
    },
    () => counts.clear(),
  );
  return (name) => counts.get(name) ?? none;
}
