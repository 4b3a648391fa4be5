import { mkdir, writeFile } from 'node:fs/promises';

/** A line of a table; a figure that could not be measured is NaN. */
export type Row = Record<string, unknown>;

/** Goes with the rows: why they were cut, and what was refused. */
export interface Remarks {
  cut?: string;
  refusals: Record<string, number>;
}

/** Prints rows as a table and keeps them, with the machine they were measured on, as JSON. */
export async function report(name: string, rows: Row[], remarks: Remarks): Promise<void> {
  const { cut, refusals } = remarks;
  const refusalLines = Object.entries(refusals).map(([text, count]) => `${count} × ${text}`);
  console.log(`\n${name}  (Node ${process.version}, ${process.platform}-${process.arch})`);
  console.table(rows.map(readable));
  for (const line of [...(cut === undefined ? [] : [cut]), ...refusalLines]) console.log(line);
  await mkdir('bench/results', { recursive: true });
  const machine = { node: process.version, platform: process.platform, arch: process.arch };
  const beside = {
    ...(cut === undefined ? {} : { cut }),
    ...(refusalLines.length > 0 ? { refusals } : {}),
  };
  const text = JSON.stringify({ name: fileOf(name), machine, rows, ...beside }, null, 2);
  await writeFile(`bench/results/${fileOf(name)}.json`, `${text}\n`);
}

/** Names the file: `coldStart` is stored as `cold-start`. */
function fileOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function readable(row: Row): Row {
  const cells = Object.entries(row).map(([key, value]) => [key, Number.isNaN(value) ? '–' : value]);
  return Object.fromEntries(cells);
}

/**
 * The value below which a share `p` (0 to 1) of the samples lies. NaN where there are too few to tell:
 * the slowest of nine is no p95.
 */
export function percentile(samples: readonly number[], p: number): number {
  const needed = p > 0.5 && p < 1 ? Math.round(1 / (1 - p)) : 1;
  if (samples.length < needed) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
  return Math.round(value * 100) / 100;
}

/** The median. */
export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
