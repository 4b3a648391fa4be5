import { mkdir, writeFile } from 'node:fs/promises';

/** Prints rows as a table and keeps them, with the machine they were measured on, as JSON. */
export async function report(name: string, rows: Record<string, unknown>[]): Promise<void> {
  console.log(`\n${name}  (Node ${process.version}, ${process.platform}-${process.arch})`);
  console.table(rows);
  await mkdir('bench/results', { recursive: true });
  const machine = { node: process.version, platform: process.platform, arch: process.arch };
  const text = JSON.stringify({ name, machine, rows }, null, 2);
  await writeFile(`bench/results/${name}.json`, `${text}\n`);
}

/** The value below which a share `p` (0 to 1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
  return Math.round(value * 100) / 100;
}

/** The median. */
export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
