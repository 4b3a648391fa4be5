/** Numbers in the order of their times, in buckets of a second, as an index of the database has them. */
export interface TimeIndex {
  set(no: string, at: Date): void;
  remove(no: string, at: Date): void;
  /** Lists entries from one instant to another, both among them, in the order of time. */
  between(fromMs: number, untilMs: number): Generator<[no: string, atMs: number]>;
  /** Finds the earliest time; undefined where there is none. */
  firstMs(): number | undefined;
}

const SECOND_MS = 1000;

/** Makes an index over times. */
export function createTimeIndex(): TimeIndex {
  const buckets = new Map<number, Map<string, number>>();
  // No bucket that holds something is before it.
  let lowest = Number.POSITIVE_INFINITY;
  const bucketOf = (ms: number) => Math.floor(ms / SECOND_MS);
  const rise = (until: number) => {
    while (buckets.size > 0 && lowest <= until && !buckets.has(lowest)) lowest += 1;
  };
  return {
    set: (no, at) => {
      const bucket = bucketOf(at.getTime());
      const entries = buckets.get(bucket) ?? new Map<string, number>();
      buckets.set(bucket, entries.set(no, at.getTime()));
      lowest = Math.min(lowest, bucket);
    },
    remove: (no, at) => {
      const bucket = bucketOf(at.getTime());
      const entries = buckets.get(bucket);
      entries?.delete(no);
      if (entries?.size === 0) buckets.delete(bucket);
      if (buckets.size === 0) lowest = Number.POSITIVE_INFINITY;
    },
    between: function* (fromMs, untilMs) {
      rise(bucketOf(untilMs));
      for (let at = Math.max(lowest, bucketOf(fromMs)); at <= bucketOf(untilMs); at += 1) {
        const entries = buckets.get(at);
        if (!entries) continue;
        const within = [...entries].filter(([, ms]) => ms >= fromMs && ms <= untilMs);
        yield* within.sort((a, b) => a[1] - b[1]);
      }
    },
    firstMs: () => {
      rise(Number.POSITIVE_INFINITY);
      const entries = buckets.get(lowest);
      return entries && Math.min(...entries.values());
    },
  };
}
