import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** A change that Stryker made to the code, and whether a test saw it. */
interface Mutant {
  mutatorName: string;
  replacement: string;
  status: string;
  location: { start: Place; end: Place };
}

interface Place {
  line: number;
  column: number;
}

/** The part of Stryker's report that is read here (mutation-testing-report-schema). */
interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

/** The counts of one folder, and its mutants that no test saw, a line each. */
export interface Score {
  mutants: number;
  killed: number;
  timedOut: number;
  percent: number;
  survivors: string[];
}

/** Reads a report: what was ignored is not counted, a mutant that hangs is killed, and said so. */
export function scoreOf(file: string): Score {
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const all = Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants.map((mutant) => ({ path, source, mutant })),
  );
  const counted = all.filter(({ mutant }) => mutant.status !== 'Ignored');
  const withStatus = (...statuses: string[]) =>
    counted.filter(({ mutant }) => statuses.includes(mutant.status));
  const killed = withStatus('Killed', 'Timeout').length;
  return {
    mutants: counted.length,
    killed,
    timedOut: withStatus('Timeout').length,
    percent: Math.floor((1000 * killed) / counted.length) / 10,
    survivors: withStatus('Survived', 'NoCoverage').map(({ path, source, mutant }) =>
      lineOf(path, source, mutant),
    ),
  };
}

/** Copies a report without what no test saw, so that it is tried again: Stryker notices no new test of a constant. */
export function keepKilled(file: string, copy: string): void {
  if (!existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  for (const each of Object.values(report.files)) {
    each.mutants = each.mutants.filter(({ status }) => status === 'Killed');
  }
  writeFileSync(copy, JSON.stringify(report));
}

function lineOf(path: string, source: string, mutant: Mutant): string {
  const { start, end } = mutant.location;
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
  const before = lines.join('\n').slice(start.column - 1);
  const [from, to] = [before, mutant.replacement].map((code) => short(code));
  const seen = mutant.status === 'NoCoverage' ? 'no test' : mutant.mutatorName;
  return `${path}:${start.line}:${start.column}  ${seen}  ${from}  →  ${to}`;
}

function short(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}…` : line;
}
