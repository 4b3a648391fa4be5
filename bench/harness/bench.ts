/** Runs a bench: it tells what it does, ends in time, and counts what fails. */
import { inParallel } from '../../shared/usecases/step/inParallel.ts';
import { type BenchName, secondsOf } from './benches.ts';
import { createProgress, type Voice } from './progress.ts';
import { createRefusalCounts, createSeries, type Series } from './series.ts';
import { type Row, report } from './table.ts';

/** Serves a bench with samples, time, and a line on stderr. */
export interface Bench {
  /** Writes to stderr what is done from now on. */
  doing(what: string): void;
  /** Does what must be done before anything is measured; rejects once the time of the bench is over. */
  prepare<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Begins the samples of a row. */
  series<S>(wanted: number): Series<S>;
  /** Counts a refusal or failure that came in place of a sample. */
  note(error: unknown): void;
  /** Does something that is not measured, and tells whether it was done; a throw is counted. */
  attempt(work: () => Promise<unknown>): Promise<boolean>;
  /** Sets a part (0 to 1) of the time that is left aside; the answer tells when that is over. */
  share(part: number): () => boolean;
}

/** One bench: the measuring, and the rows of what was measured until it ended or was cut. */
export interface Work {
  measure(): Promise<void>;
  rows(): Row[];
}

/** Sums a bench up. */
export interface Outcome {
  /** How much there is, where the time was over before all was measured. */
  cut?: string;
  /** How often each text of a refusal or failure came. */
  refusals: Record<string, number>;
  isMeasured: boolean;
}

/** Makes what a bench works with; `outcome` sums it up at any time. */
export function createBench(name: string, seconds: number, voice: Voice) {
  const { elapsedMs } = voice;
  const progress = createProgress(name, voice);
  const refusals = createRefusalCounts();
  const all: Series<unknown>[] = [];
  let isCut = false;
  const bench: Bench = {
    doing: progress.doing,
    note: refusals.note,
    prepare: async (what, work) => {
      progress.doing(what);
      return inTime(seconds * 1000 - elapsedMs(), what, work());
    },
    series: <S>(wanted: number) => {
      const series = createSeries<S>(wanted, refusals.note);
      all.push(series);
      return series;
    },
    attempt: (work) => createSeries(1, refusals.note).take(work),
    share: (part) => {
      const nowMs = elapsedMs();
      const untilMs = nowMs + (seconds * 1000 - nowMs) * part;
      return () => {
        const isOver = elapsedMs() >= untilMs;
        isCut ||= isOver;
        return isOver;
      };
    },
  };
  const outcome = (): Outcome => {
    const cut = isCut ? cutOf(all, elapsedMs()) : {};
    return { ...cut, refusals: refusals.counts(), isMeasured: samplesIn(all) > 0 };
  };
  return { bench, progress, outcome };
}

/** Describes a cut; there is none where all was measured in spite of it. */
function cutOf(all: Series<unknown>[], ms: number): Pick<Outcome, 'cut'> {
  const wanted = all.reduce((sum, series) => sum + series.wanted, 0);
  const found = samplesIn(all);
  const afterS = Math.round(ms / 1000);
  return found < wanted ? { cut: `cut after ${afterS} s: ${found} of ${wanted} samples` } : {};
}

function samplesIn(all: Series<unknown>[]): number {
  return all.reduce((sum, { values }) => sum + values.length, 0);
}

/** Passes a promise on; rejects when it is still pending after some time. */
async function inTime<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the time was over: ${what}`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Works on items while there is time, at most `concurrency` at once. */
export async function doInTime<T>(
  items: readonly T[],
  { isOver, concurrency = 1 }: { isOver(): boolean; concurrency?: number },
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  await inParallel(items, concurrency, async (item) => {
    if (!isOver()) await work(item);
  });
}

/** How much longer a step may take that was begun in time, before the bench is ended. */
const GRACE_MS = 90_000;
const REPEAT_MS = 1000;

/**
 * Runs a bench and ends its process: 0 with a table, whatever was refused; 1 with the reason where
 * nothing was measured. A bench that hangs is ended too, with the rows that it has.
 */
export async function runBench(name: BenchName, begin: (bench: Bench) => Work): Promise<never> {
  const seconds = secondsOf(name);
  const { bench, progress, outcome } = createBench(name, seconds, {
    write: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    elapsedMs: () => performance.now(),
  });
  progress.doing('starts');
  const { measure, rows } = begin(bench);
  const repeating = setInterval(progress.repeat, REPEAT_MS);
  await inTime(seconds * 1000 + GRACE_MS, 'a step hangs', measure()).catch(bench.note);
  clearInterval(repeating);
  progress.end();
  process.exit(await conclude(name, rows(), outcome()));
}

/** Prints and keeps what was measured, or says why there is nothing; answers the exit code. */
async function conclude(name: BenchName, rows: Row[], { isMeasured, ...rest }: Outcome) {
  if (isMeasured) {
    await report(name, rows, rest);
    return 0;
  }
  const reasons = [rest.cut ?? 'no sample', ...Object.keys(rest.refusals)];
  console.error(`${name}: nothing was measured: ${reasons.join('\n  ')}`);
  return 1;
}
