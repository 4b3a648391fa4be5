import type { Invoker } from '../invocation.ts';

/**
 * Builds the event as the function sees it. The platform writes `userInfo` over whatever a mini
 * program (or the WeChat Pay notification, which has a payer) sent under that name; WeChat's server
 * API has an AppID to write and no user. Source: invokeCloudFunction.
 */
export function eventFor(data: unknown, invoker: Invoker, appid: string): unknown {
  const userInfo = userInfoFor(invoker, appid);
  if (userInfo === undefined || !isPlain(data ?? {})) return data ?? null;
  return { ...(data as object | undefined), userInfo };
}

function userInfoFor(invoker: Invoker, appid: string): object | undefined {
  if (invoker.kind !== 'client' && invoker.kind !== 'other') return undefined;
  if (invoker.openid !== undefined) return { appId: appid, openId: invoker.openid };
  const isServerApi = invoker.kind === 'other' && invoker.source === 'wx_http';
  return isServerApi ? { appId: appid } : undefined;
}

/** Builds the event of a timer trigger (定时触发器); any client can send the same. */
export function timerEvent(trigger: string, atMs: number): unknown {
  const time = new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return { Type: 'Timer', TriggerName: trigger, Time: time, Message: '' };
}

/** Reads the order number of an event, for the timeline. */
export function outTradeNoOf(event: unknown): string | undefined {
  if (!isPlain(event)) return undefined;
  const { outTradeNo } = event as { outTradeNo?: unknown };
  return typeof outTradeNo === 'string' ? outTradeNo : undefined;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
