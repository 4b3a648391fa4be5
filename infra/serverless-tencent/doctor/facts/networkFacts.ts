/** Reads of the network: the cloud's clock, and the notify URL. */
import type { DomainState } from '../../resources/routes.ts';
import type { CallbackAnswer } from './facts.ts';
import { sendRequest } from './http.ts';

const API = new URL('https://tcb.tencentcloudapi.com/');
/** A `Date` header has whole seconds, cut off. */
const HALF_SECOND_MS = 500;

/**
 * Reads how far this machine's clock is ahead of the cloud's, by the `Date` of an answer;
 * milliseconds.
 */
export async function readClock(nowMs: () => number, endpoint?: URL): Promise<number> {
  const sentMs = nowMs();
  const { headers } = await sendRequest({ method: 'GET', url: API }, endpoint);
  const receivedMs = nowMs();
  const dateMs = Date.parse(String(headers.date));
  if (Number.isNaN(dateMs)) throw new Error('应答没有 Date 头 (the answer has no Date header)');
  return Math.round((sentMs + receivedMs) / 2 - (dateMs + HALF_SECOND_MS));
}

/**
 * Posts an unsigned body to the notify URL: our function refuses it with a code and message of its
 * own.
 */
export async function readCallback(url: URL, endpoint?: URL): Promise<CallbackAnswer> {
  const { status, body } = await sendRequest({ method: 'POST', url, body: '{}' }, endpoint);
  return { status, ...refusalIn(body) };
}

function refusalIn(body: string): Omit<CallbackAnswer, 'status'> {
  try {
    const { code, message } = JSON.parse(body) as { code?: unknown; message?: unknown };
    const isText = (value: unknown): value is string =>
      typeof value === 'string' && value.length <= 200;
    return { ...(isText(code) && { code }), ...(isText(message) && { message }) };
  } catch {
    return {}; // A page of something else that answers there.
  }
}

/** Lists the addresses of the routes to payCallback, as WeChat Pay has to call them. */
export function callbackUrls({ domain, routes }: DomainState): string[] {
  return routes
    .filter(({ name }) => name === 'payCallback')
    .map(({ path }) => `https://${domain}${path}`);
}
