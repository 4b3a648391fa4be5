import { durationMs } from '../../../shared/contract/duration.ts';
import { beijingTime } from '../cloud/beijing.ts';
import { type CommandContext, textOption } from '../context/framework.ts';
import { functionNameOf, openService } from '../context/open.ts';

/** The log service answers no more lines at once. */
const LINES_MAX = 100;
const DEFAULT_SPAN_MS = 10 * 60_000;

/** With `--tail` it looks again so often, */
const TAIL_MS = 1000;
/** and so far back, since the log service has a line some time after it was printed. */
const TAIL_SPAN_MS = 2 * 60_000;

/** Reads the lines between two instants, the oldest first. */
type ReadLines = (fromMs: number, toMs: number) => Promise<string[]>;

/**
 * Runs `serverless logs -f NAME [--startTime PT1H] [--filter REQUEST_ID] [--tail]`: prints the
 * newest lines, in order, and with `--tail` those that come, until it is stopped.
 */
export async function printLogs(context: CommandContext): Promise<void> {
  const read = lineReader(context);
  const endMs = context.nowMs();
  const lines = await read(startMs(context, endMs), endMs);
  const { notice } = context.utils.log;
  if (lines.length === LINES_MAX) {
    notice(
      `仅显示最新 ${LINES_MAX} 条，用 --startTime 或 --filter 缩小范围 (the newest ${LINES_MAX} alone)`,
    );
  }
  const isFollowed = context.options.tail === true;
  if (lines.length > 0) context.utils.writeText(lines.join('\n'));
  else if (!isFollowed) context.utils.writeText('没有日志 (no log lines)');
  if (isFollowed) await followLines(context, read, lines);
}

/** Prints each line that comes, once; ends with the process. */
export async function followLines(
  { nowMs, wait, utils }: Pick<CommandContext, 'nowMs' | 'wait' | 'utils'>,
  read: ReadLines,
  printed: readonly string[],
): Promise<never> {
  let known = new Set(printed);
  for (;;) {
    await wait(TAIL_MS);
    const lines = await read(nowMs() - TAIL_SPAN_MS, nowMs());
    const fresh = lines.filter((line) => !known.has(line));
    if (fresh.length > 0) utils.writeText(fresh.join('\n'));
    // What is out of the span does not come again.
    known = new Set(lines);
  }
}

function lineReader(context: CommandContext): ReadLines {
  const { service, cloud } = openService(context);
  const name = functionNameOf(context, service);
  const filter = textOption(context, 'filter');
  const query = [`function_name:${name}`, ...(filter ? [`request_id:${filter}`] : [])];
  return async (fromMs, toMs) => {
    const { LogResults } = await cloud.tcb('SearchClsLog', {
      EnvId: service.envId,
      StartTime: beijingTime(fromMs),
      EndTime: beijingTime(toMs),
      QueryString: query.join(' AND '),
      Limit: LINES_MAX,
      Sort: 'desc',
      UseLucene: true,
    });
    const oldestFirst = [...(LogResults?.Results ?? [])].reverse();
    return oldestFirst.map(
      ({ Timestamp = '', Content = '' }) => `${Timestamp}  ${textOf(Content)}`,
    );
  };
}

/** Reads `--startTime`: an ISO 8601 duration back from now, or an instant. */
function startMs(context: CommandContext, endMs: number): number {
  const since = textOption(context, 'startTime');
  if (since === undefined) return endMs - DEFAULT_SPAN_MS;
  const back = durationMs(since);
  const instantMs = back === undefined ? Date.parse(since) : endMs - back;
  if (Number.isNaN(instantMs)) {
    throw new Error(
      `--startTime ${since}: 应为 PT1H 或 2026-11-25T10:00:00+08:00 (a duration or instant)`,
    );
  }
  return instantMs;
}

function textOf(content: string): string {
  try {
    const { log, request_id: id } = JSON.parse(content) as { log?: string; request_id?: string };
    return log === undefined ? content : `${id ?? ''}  ${log}`;
  } catch {
    return content; // Not every line of the log service is JSON.
  }
}
