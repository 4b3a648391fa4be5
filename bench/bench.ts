/** What all benches have in common: they tell what they do, end in time, and count what fails. */
import { inParallel } from '../shared/usecases/inParallel.ts';
import { type BenchName, secondsOf } from './benches.ts';
import { createProgress, type Voice } from './progress.ts';
import { createSeries, createWords, type Series } from './series.ts';
import { type Row, report } from './table.ts';

/** What a bench is given. */
export interface Bench {
  /** Says on stderr what is done from now on. */
  doing(what: string): void;
  /** Begins the samples of a row. */
  series<S>(wanted: number): Series<S>;
  /** Counts what was said in place of a sample. */
  hear(error: unknown): void;
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

/** What became of a bench. */
export interface Outcome {
  /** How much there is, where the time was over before all was measured. */
  cut?: string;
  /** What refusals and failures said, and how often. */
  refusals: Record<string, number>;
  isMeasured: boolean;
}

/** Makes what a bench works with; `outcome` tells at any time what became of it so far. */
export function createBench(name: string, seconds: number, voice: Voice) {
  const { elapsedMs } = voice;
  const progress = createProgress(name, voice);
  const words = createWords();
  const all: Series<unknown>[] = [];
  let isCut = false;
  const bench: Bench = {
    doing: progress.doing,
    hear: words.hear,
    series: <S>(wanted: number) => {
      const series = createSeries<S>(wanted, words.hear);
      all.push(series);
      return series;
    },
    attempt: (work) => createSeries(1, words.hear).take(work),
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
    const taken = sum(all.map(({ values }) => values.length));
    const wanted = sum(all.map((series) => series.wanted));
    const afterS = Math.round(elapsedMs() / 1000);
    return {
      ...(isCut && taken < wanted
        ? { cut: `cut after ${afterS} s: ${taken} of ${wanted} samples` }
        : {}),
      refusals: words.counts(),
      isMeasured: taken > 0,
    };
  };
  return { bench, progress, outcome };
}

/** Works on items while there is time, at most `concurrency` at once. */
export async function whileTime<T>(
  items: readonly T[],
  { isOver, concurrency = 1 }: { isOver(): boolean; concurrency?: number },
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  await inParallel(items, concurrency, async (item) => {
    if (!isOver()) await work(item);
  });
}

/** What a step that was begun in time may take beyond it, before the bench is ended from outside. */
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
  let watchdog: NodeJS.Timeout | undefined;
  const hanging = new Promise<never>((_, reject) => {
    const late = () => reject(new Error(`hangs, and was ended after ${seconds} s and a grace`));
    watchdog = setTimeout(late, seconds * 1000 + GRACE_MS);
  });
  await Promise.race([measure(), hanging]).catch(bench.hear);
  clearInterval(repeating);
  clearTimeout(watchdog);
  progress.end();
  process.exit(await told(name, rows(), outcome()));
}

/** Prints and keeps what was measured, or says why there is nothing; answers the exit code. */
async function told(name: BenchName, rows: Row[], { isMeasured, ...rest }: Outcome) {
  if (isMeasured) {
    await report(name, rows, rest);
    return 0;
  }
  const reasons = [rest.cut ?? 'no sample', ...Object.keys(rest.refusals)];
  console.error(`${name}: nothing was measured: ${reasons.join('\n  ')}`);
  return 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
