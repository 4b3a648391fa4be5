import type { Entry } from '../world/timeline/entry.ts';
import type { Timeline } from '../world/timeline/timeline.ts';

/** A call of a function as the timeline has it. */
interface Call {
  ms?: number;
  invoker?: string;
  error?: { code: string; message: string };
  log?: string[];
}

/** Writes each call of a function to the terminal as it ends. */
export function followCalls({ follow }: Timeline, write: (text: string) => void): void {
  follow((entry) => {
    const lines = callLines(entry);
    if (lines.length > 0) write(`${lines.join('\n')}\n`);
  });
}

/**
 * Writes a call for a developer: who, how long and what came of it, then what the function printed
 * and threw, whole. Of a timer that had nothing to say nothing is written.
 */
function callLines({ what, at, subject = '', detail = {} }: Entry): string[] {
  if (what !== 'function.call') return [];
  const { ms = 0, invoker = '', error, log = [] } = detail as Call;
  const lines = log.map((text) => ({ text, fields: fieldsOf(text) }));
  const printed = lines.filter(({ fields }) => fields === undefined).map(({ text }) => text);
  const own = lines.flatMap(({ fields }) => (fields ? [fields] : []));
  const worse = own.filter(({ level }) => level === 'warn' || level === 'error');
  const isQuiet = !error && printed.length === 0 && worse.length === 0;
  if (invoker === 'timer' && isQuiet) return [];
  const outcome = error ? `✘ ${error.code} ${error.message}` : outcomeOf(own.at(-1));
  return [
    `  ${timeText(at)} ${subject}  ${Math.round(ms)} ms  ${outcome}`,
    ...worse.map((fields) => `      ${shortText(fields)}`),
    ...printed.map((text) => `      ${text}`),
  ];
}

/** Reads a line of ours, which is JSON that names its function; undefined for any other. */
function fieldsOf(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const fields = JSON.parse(text) as Record<string, unknown>;
    return 'requestId' in fields ? fields : undefined;
  } catch {
    return undefined;
  }
}

function outcomeOf({ errCode = 0, outTradeNo = '' }: Record<string, unknown> = {}): string {
  return [errCode === 0 ? '✔' : `✘ ${errCode}`, outTradeNo].filter(Boolean).join(' ');
}

/** Writes the fields of a line that say something to a person. */
function shortText(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([name, value]) => !UNSHOWN.includes(name) && typeof value !== 'object')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

const UNSHOWN = ['function', 'requestId', 'ms', 'coldStart', 'traceId'];

function timeText(at: string): string {
  return new Date(at).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false });
}
