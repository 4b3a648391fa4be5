/** Carries an answer that says no: it is counted, and its time is no sample. */
export class RefusedSample extends Error {}

/** Holds the samples of one row, and counts what came in place of samples. */
export interface Series<S> {
  readonly values: readonly S[];
  /** How many samples the row is to have. */
  readonly wanted: number;
  /** How often a refusal was answered. */
  readonly refused: number;
  /** How often there was no answer, or a wrong one. */
  readonly failed: number;
  /** Takes one sample and tells whether it is one; what it throws is counted, never passed on. */
  take(sample: () => Promise<S>): Promise<boolean>;
}

/** Begins a row without samples; `note` gets what each refusal and failure throws. */
export function createSeries<S>(wanted: number, note: (error: unknown) => void): Series<S> {
  const values: S[] = [];
  const spoilt = { refused: 0, failed: 0 };
  return {
    values,
    wanted,
    get refused() {
      return spoilt.refused;
    },
    get failed() {
      return spoilt.failed;
    },
    take: async (sample) => {
      try {
        values.push(await sample());
        return true;
      } catch (error) {
        spoilt[error instanceof RefusedSample ? 'refused' : 'failed'] += 1;
        note(error);
        return false;
      }
    },
  };
}

/** The last column of a row that has too few samples. */
export function noteOf({ values, wanted }: Series<unknown>): { note?: string } {
  const count = values.length;
  if (count >= wanted) return {};
  return { note: count === 0 ? `not measured, 0 of ${wanted}` : `only ${count} of ${wanted}` };
}

const TEXTS_MAX = 10;
const CHARS_MAX = 300;

/** Counts the texts of refusals and failures, each once; beyond some texts all others as one. */
export function createRefusalCounts() {
  const counts = new Map<string, number>();
  return {
    note: (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      const text = message.trim().slice(0, CHARS_MAX);
      const key = counts.has(text) || counts.size < TEXTS_MAX ? text : 'others';
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    counts: (): Record<string, number> => Object.fromEntries(counts),
  };
}
