import { beijingTime } from '../../cloud/beijing.ts';
import type { Cloud } from '../../cloud/cloud.ts';

/** Ten runs of a timer of every minute. */
const SPAN_MS = 10 * 60_000;
const LINES_MAX = 100;

/** The timer that WeChat DevTools uploaded, as far as the log shows it. */
export interface WechatTimerFacts {
  hasRun: boolean;
}

/**
 * Looks in the log whether the timer that WeChat DevTools uploaded has run: WeChat's triggers are in no list
 * that a deploy can read, and each run logs the source by which it was started.
 */
export async function readWechatTimer(
  cloud: Cloud,
  envId: string,
  nowMs: number,
): Promise<WechatTimerFacts> {
  const { LogResults } = await cloud.tcb('SearchClsLog', {
    EnvId: envId,
    StartTime: beijingTime(nowMs - SPAN_MS),
    EndTime: beijingTime(nowMs),
    QueryString: 'function_name:closeStaleOrders',
    Limit: LINES_MAX,
    Sort: 'desc',
    UseLucene: true,
  });
  const lines = LogResults?.Results ?? [];
  return { hasRun: lines.some(({ Content = '' }) => Content.includes('wx_trigger')) };
}
