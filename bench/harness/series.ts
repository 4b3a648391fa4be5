/** An answer that says no: it is counted, and its time is no sample. */
export class Refused extends Error {}

/** The samples of one row, and what came in place of samples. */
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

/** Begins a row without samples; `hear` is told what each refusal and failure said. */
export function createSeries<S>(wanted: number, hear: (error: unknown) => void): Series<S> {
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
        spoilt[error instanceof Refused ? 'refused' : 'failed'] += 1;
        hear(error);
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

const WORDS_MAX = 10;
const CHARS_MAX = 300;

/** Collects what was said, each text once with its count; beyond some texts all others as one. */
export function createWords() {
  const counts = new Map<string, number>();
  return {
    hear: (error: unknown) => {
      const said = error instanceof Error ? error.message : String(error);
      const text = said.trim().slice(0, CHARS_MAX);
      const key = counts.has(text) || counts.size < WORDS_MAX ? text : 'others';
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    counts: (): Record<string, number> => Object.fromEntries(counts),
  };
}
