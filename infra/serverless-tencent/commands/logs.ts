import { durationMs } from '../../../shared/contract/duration.ts';
import { beijingTime } from '../cloud/beijing.ts';
import { type CommandContext, textOption } from '../context/framework.ts';
import { functionNameOf, openService } from '../context/open.ts';

/** The log service answers no more lines at once. */
const LINES_MAX = 100;
const DEFAULT_SPAN_MS = 10 * 60_000;

/**
 * Runs `serverless logs -f NAME [--startTime PT1H] [--filter REQUEST_ID]`: prints the newest lines,
 * in order.
 */
export async function printLogs(context: CommandContext): Promise<void> {
  const { service, cloud } = openService(context);
  if (context.options.tail === true) {
    throw new Error('不支持 --tail，请重复执行 (there is no --tail: run it again)');
  }
  const name = functionNameOf(context, service);
  const endMs = context.nowMs();
  const filter = textOption(context, 'filter');
  const query = [`function_name:${name}`, ...(filter ? [`request_id:${filter}`] : [])];
  const { LogResults } = await cloud.tcb('SearchClsLog', {
    EnvId: service.envId,
    StartTime: beijingTime(startMs(context, endMs)),
    EndTime: beijingTime(endMs),
    QueryString: query.join(' AND '),
    Limit: LINES_MAX,
    Sort: 'desc',
    UseLucene: true,
  });
  const newest = [...(LogResults?.Results ?? [])].reverse();
  const lines = newest.map(
    ({ Timestamp = '', Content = '' }) => `${Timestamp}  ${textOf(Content)}`,
  );
  if (newest.length === LINES_MAX) {
    context.utils.log.notice(
      `仅显示最新 ${LINES_MAX} 条，用 --startTime 或 --filter 缩小范围 (the newest ${LINES_MAX} alone)`,
    );
  }
  context.utils.writeText(lines.length > 0 ? lines.join('\n') : '没有日志 (no log lines)');
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
