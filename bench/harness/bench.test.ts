import { describe, expect, test } from 'vitest';
import { createBench, doInTime } from './bench.ts';
import { secondsOf } from './benches.ts';
import { createProgress } from './progress.ts';
import { noteOf, RefusedSample } from './series.ts';
import { median, percentile } from './table.ts';

/** Makes a bench of ten seconds whose clock `pass` moves. */
function benchOf({ isTerminal } = { isTerminal: false }) {
  let nowMs = 0;
  const written: string[] = [];
  const voice = {
    write: (text: string) => void written.push(text),
    isTerminal,
    elapsedMs: () => nowMs,
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { ...createBench('race', 10, voice), voice, written, pass };
}

describe('the time of a bench', () => {
  test('no sample is begun after it, and what is missing is reported', async () => {
    const { bench, outcome, pass } = benchOf();
    const times = bench.series<number>(21);
    await doInTime(Array.from({ length: 21 }), { isOver: bench.share(1) }, () =>
      times.take(async () => {
        pass(1200);
        return 1200;
      }),
    );
    expect(times.values).toHaveLength(9);
    expect(outcome().cut).toBe('cut after 11 s: 9 of 21 samples');
    expect(noteOf(times)).toEqual({ note: 'only 9 of 21' });
  });

  test('a bench that ends in time is not cut', async () => {
    const { bench, outcome } = benchOf();
    const times = bench.series<number>(2);
    await doInTime([1, 2], { isOver: bench.share(1), concurrency: 2 }, (n) =>
      times.take(async () => n),
    );
    expect(outcome()).toEqual({ refusals: {}, isMeasured: true });
    expect(noteOf(times)).toEqual({});
  });

  test('a share is of what is left', () => {
    const { bench, pass } = benchOf();
    pass(6000);
    const isOver = bench.share(0.5);
    pass(1999);
    expect(isOver()).toBe(false);
    pass(1);
    expect(isOver()).toBe(true);
  });

  test('BENCH_SECONDS stands in for it, and must be a number', () => {
    expect(secondsOf('coldStart', '7.5')).toBe(7.5);
    expect(secondsOf('coldStart', '')).toBe(secondsOf('coldStart', undefined));
    expect(() => secondsOf('coldStart', 'long')).toThrow('BENCH_SECONDS=long');
  });
});

describe('what is no sample', () => {
  test('refusals and failures are counted apart, each text once', async () => {
    const { bench, outcome } = benchOf();
    const times = bench.series<number>(4);
    const busy = () => Promise.reject(new RefusedSample('500 busy'));
    expect(await times.take(busy)).toBe(false);
    expect(await times.take(busy)).toBe(false);
    expect(await times.take(() => Promise.reject(new Error('no answer')))).toBe(false);
    expect(await times.take(async () => 5)).toBe(true);
    expect(times.values).toEqual([5]);
    expect(times).toMatchObject({ refused: 2, failed: 1 });
    expect(outcome()).toEqual({ refusals: { '500 busy': 2, 'no answer': 1 }, isMeasured: true });
  });

  test('refusals alone measure nothing, and each text beyond ten is one of the others', async () => {
    const { bench, outcome } = benchOf();
    const times = bench.series<number>(12);
    for (let i = 0; i < 12; i += 1)
      await times.take(() => Promise.reject(new RefusedSample(`no ${i}`)));
    expect(outcome().isMeasured).toBe(false);
    expect(outcome().refusals).toMatchObject({ 'no 9': 1, others: 2 });
    expect(noteOf(times).note).toBe('not measured, 0 of 12');
  });

  test.each([
    [[], 0.5],
    [Array(19).fill(1), 0.95],
    [Array(99).fill(1), 0.99],
    [Array(999).fill(1), 0.999],
  ])('%# no figure is made of too few', (samples, p) => {
    expect(percentile(samples, p)).toBeNaN();
    expect(percentile([...samples, 1], p)).toBe(1);
  });

  test('a median, the least and the most are known of any samples', () => {
    expect([median([3, 1, 2]), percentile([3, 1], 0), percentile([3, 1], 1)]).toEqual([2, 1, 3]);
  });
});

describe('progress', () => {
  test('a log gets the first word at once, then a line in five seconds', () => {
    const { voice, written, pass } = benchOf();
    const { doing, repeat } = createProgress('race', voice);
    doing('deploying');
    pass(4999);
    doing('1 of 21 runs');
    expect(written).toEqual(['race  deploying  0 s\n']);
    pass(1);
    repeat();
    expect(written.slice(1)).toEqual(['race  1 of 21 runs  5 s\n']);
  });

  test('a terminal has its line rewritten, and cleared in the end', () => {
    const { voice, written, pass } = benchOf({ isTerminal: true });
    const { doing, end } = createProgress('race', voice);
    doing('deploying');
    pass(2000);
    doing('1 of 21 runs');
    end();
    const clear = '\r\x1b[K';
    expect(written).toEqual([
      `${clear}race  deploying  0 s`,
      `${clear}race  1 of 21 runs  2 s`,
      clear,
    ]);
  });
});
