import { durationMs } from '../../../shared/contract/duration.ts';
import { type Session, textOption } from '../framework.ts';
import { namedFunction, opened } from './opened.ts';

const DEFAULT_SPAN_MS = 10 * 60_000;

/** `serverless logs -f NAME [--startTime PT1H] [--filter REQUEST_ID]`: log lines, oldest first. */
export async function logs(session: Session): Promise<void> {
  const { service, cloud } = opened(session);
  const name = namedFunction(session, service);
  const endMs = session.nowMs();
  const filter = textOption(session, 'filter');
  const query = [`function_name:${name}`, ...(filter ? [`request_id:${filter}`] : [])];
  const { LogResults } = await cloud.tcb('SearchClsLog', {
    EnvId: service.envId,
    StartTime: beijing(startMs(session, endMs)),
    EndTime: beijing(endMs),
    QueryString: query.join(' AND '),
    Limit: 100,
    Sort: 'asc',
    UseLucene: true,
  });
  const lines = (LogResults?.Results ?? []).map(
    ({ Timestamp = '', Content = '' }) => `${Timestamp}  ${textOf(Content)}`,
  );
  session.utils.writeText(lines.length > 0 ? lines.join('\n') : '没有日志 (no log lines)');
}

/** An ISO 8601 duration back from now, or an instant. */
function startMs(session: Session, endMs: number): number {
  const since = textOption(session, 'startTime');
  if (since === undefined) return endMs - DEFAULT_SPAN_MS;
  const back = durationMs(since);
  const at = back === undefined ? Date.parse(since) : endMs - back;
  if (Number.isNaN(at)) {
    throw new Error(
      `--startTime ${since}: 应为 PT1H 或 2026-11-25T10:00:00+08:00 (a duration or instant)`,
    );
  }
  return at;
}

/** The log service reads times as `YYYY-MM-DD HH:mm:ss` in UTC+8. */
function beijing(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function textOf(content: string): string {
  try {
    const { log, request_id: id } = JSON.parse(content) as { log?: string; request_id?: string };
    return log === undefined ? content : `${id ?? ''}  ${log}`;
  } catch {
    return content; // Not every line of the log service is JSON.
  }
}
