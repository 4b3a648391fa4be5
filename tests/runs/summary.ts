/** One run of the tests. */
export interface Run {
  wallS: number;
  /** User and system time of all its processes. */
  cpuS: number;
  passed: number;
  failed: number;
}

/** Reads what the shell's `times` prints of its children: the second line, as `1m38.6s 0m15.2s`. */
export function cpuSecondsOf(times: string): number {
  const [, children = ''] = times.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = parts.reduce((sum, [, min, s]) => sum + Number(min) * 60 + Number(s), 0);
  return Math.round(seconds * 10) / 10;
}

/** The least, the middle and the most of each figure, and how many runs were red. */
export function summaryOf(runs: readonly Run[]): Record<string, Record<string, number>> {
  const of = (values: number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { least: at(0), middle: at(0.5), most: at(1) };
  };
  return {
    'wall s': of(runs.map(({ wallS }) => wallS)),
    'CPU s': of(runs.map(({ cpuS }) => cpuS)),
    passed: of(runs.map(({ passed }) => passed)),
    failed: of(runs.map(({ failed }) => failed)),
  };
}
