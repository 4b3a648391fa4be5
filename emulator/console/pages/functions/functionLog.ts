import type { AnswerOf } from '../../../control/api/controlApi.ts';

type Entry = AnswerOf<'GET /_local/events'>[number];

/** A call of a function with what it printed. */
export interface LoggedCall {
  id: number;
  at: string;
  name: string;
  ms: number;
  error?: string;
  lines: LogLine[];
}

/** A line that a function printed; `level` is that of a line of ours. */
export interface LogLine {
  text: string;
  level: 'info' | 'warn' | 'error';
}

/** Somebody wants to see this of the log. */
export interface LogFilter {
  name: string;
  text: string;
  isOnlyBad: boolean;
}

/** So many calls are shown at most. */
export const CALLS_MAX = 300;

/** Takes the calls out of the timeline, the newest last. */
export function callsIn(entries: readonly Entry[]): LoggedCall[] {
  return entries.filter(({ what }) => what === 'function.call').map(callOf);
}

function callOf({ id, at, subject = '', detail = {} }: Entry): LoggedCall {
  const { ms = 0, error, log } = detail as { ms?: number; error?: unknown; log?: string[] };
  const { code = '', message = '' } = Object(error);
  return {
    id,
    at,
    name: subject.split(':')[0] ?? '',
    ms,
    ...(error !== undefined && { error: `${code} ${message}`.trim() }),
    lines: (log ?? []).map(lineOf),
  };
}

/** Shows a line of ours, which is JSON, as words; any other as it was printed. */
function lineOf(text: string): LogLine {
  const fields = fieldsOf(text);
  if (!fields) return { text, level: 'info' };
  const { level, requestId: _, function: __, ...rest } = fields;
  const words = Object.entries(rest).map(([name, value]) => `${name}=${wordOf(value)}`);
  const isKnown = level === 'warn' || level === 'error';
  return { text: words.join('  '), level: isKnown ? level : 'info' };
}

function fieldsOf(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const fields = JSON.parse(text) as Record<string, unknown>;
    return 'requestId' in fields ? fields : undefined;
  } catch {
    return undefined;
  }
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Narrows calls to what a filter wants, the newest of them. */
export function narrowed(calls: readonly LoggedCall[], filter: LogFilter): LoggedCall[] {
  const text = filter.text.trim().toLowerCase();
  return calls
    .filter(({ name }) => filter.name === '' || name === filter.name)
    .filter((call) => !filter.isOnlyBad || isBad(call))
    .filter((call) => text === '' || textOf(call).includes(text))
    .slice(-CALLS_MAX);
}

/** Tells whether a call failed, or warned of something. */
export function isBad({ error, lines }: LoggedCall): boolean {
  return error !== undefined || lines.some(({ level }) => level !== 'info');
}

function textOf({ name, error = '', lines }: LoggedCall): string {
  return [name, error, ...lines.map(({ text }) => text)].join('\n').toLowerCase();
}
