/** A vector file as a list of cases, each run through our code or left out for a stated reason. */

/** Runs one vector through our code; it throws when the outcome is another one. */
type Check<V> = (vector: V) => void | Promise<void>;

/** One case of a file. */
export interface VectorCase {
  id: string;
  run(): void | Promise<void>;
  /** The same with each expected value changed: it must fail, or the case checks nothing. */
  runSpoilt(): void | Promise<void>;
}

/** A file: what is run, and what is not by the reason why. */
export interface VectorCases {
  /** How many cases the file says that it holds. */
  count: number;
  cases: VectorCase[];
  notRun: Readonly<Record<string, string>>;
  /** Reasons for cases that the file does not hold. */
  reasonsForNobody: string[];
}

/** Makes the cases of a file; those named in `notRun` are left out, every other one is run. */
export function casesOf<V extends { id: string; expected: unknown }>(
  { count, vectors }: { count: number; vectors: readonly V[] },
  check: Check<V>,
  notRun: Readonly<Record<string, string>> = {},
): VectorCases {
  const ids = vectors.map(({ id }) => id);
  const run = vectors.filter(({ id }) => !Object.hasOwn(notRun, id));
  return {
    count,
    cases: run.map((vector) => ({
      id: vector.id,
      run: () => check(vector),
      runSpoilt: () => check({ ...vector, expected: spoilt(vector.expected) }),
    })),
    notRun,
    reasonsForNobody: Object.keys(notRun).filter((id) => !ids.includes(id)),
  };
}

/** The same value with each text, number and truth in it changed. */
function spoilt<T>(value: T): T {
  const change = (one: unknown): unknown => {
    if (typeof one === 'string') return `${one}x`;
    if (typeof one === 'number') return one + 1;
    if (typeof one === 'boolean') return !one;
    if (Array.isArray(one)) return one.map(change);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, change(inner)]));
  };
  return change(value) as T;
}
