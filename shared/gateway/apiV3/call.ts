import { GatewayError } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../ports/transport.ts';
import type { Operation } from './errorCodes.ts';
import { failure, malformedAnswer, refusal, requestIdOf, transportFailure } from './errors.ts';
import type { Keys } from './keys.ts';
import { authorizationHeader, requestMessage } from './message.ts';
import { Malformed } from './read.ts';
import { sign } from './sign.ts';
import { flawOf } from './verify.ts';

/** What a call needs of the world and the configuration. */
export interface Link {
  keys: Keys;
  transport: Transport;
  now: () => Date;
  randomBytes: RandomBytes;
  /** `https://api.mch.weixin.qq.com`, or where a local WeChat Pay listens. */
  apiUrl: string;
  /** WeChat refuses requests without a `User-Agent`. */
  userAgent?: string;
}

/** A request as our use of APIv3 has it. */
export interface Call {
  operation: Operation;
  /** Path and query, appended to the address of the API. */
  path: string;
  /** The exact text to send; without one it is a GET. */
  body?: string;
  timeoutMs: number;
}

/** Orders and errors are a few kB; what is larger is none of ours. */
const ANSWER_BYTES_MAX = 512 * 1024;

/** Makes a nonce (随机串): 32 hexadecimal digits. */
export function nonceOf(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(16)).toString('hex').toUpperCase();
}

/**
 * Makes one call and believes its answer only if it has the status that means success and is signed
 * by WeChat Pay. Everything else throws a {@link GatewayError}.
 */
export async function call(link: Link, { path, ...asked }: Call, success: number): Promise<Buffer> {
  const url = new URL(`${link.apiUrl.replace(/\/$/, '')}${path}`);
  const answer = await sendSigned(link, { ...asked, url, bytesMax: ANSWER_BYTES_MAX });
  const { status } = answer;
  if (status === 202 || status < 200 || status >= 300) throw refusal(answer, asked.operation);
  const flaw = flawOf(answer, link.keys, link.now());
  if (flaw) {
    const requestId = requestIdOf(answer);
    throw failure('ANSWER_UNVERIFIED', 'query_first', { found: flaw, requestId });
  }
  if (status !== success) throw malformedAnswer(`HTTP ${status}`, answer);
  return answer.body;
}

/** Sends a signed request and hands back the answer as it is; only a broken wire throws. */
export async function sendSigned(
  link: Link,
  request: { url: URL; body?: string; timeoutMs: number; bytesMax: number },
): Promise<HttpAnswer> {
  try {
    return await link.transport(signed(link, request));
  } catch (error) {
    throw transportFailure(error);
  }
}

function signed(
  { keys, now, randomBytes, userAgent }: Link,
  { url, body, timeoutMs, bytesMax }: Parameters<typeof sendSigned>[1],
): HttpRequest {
  const method = body === undefined ? 'GET' : 'POST';
  const timestamp = String(Math.floor(now().getTime() / 1000));
  const nonce = nonceOf(randomBytes);
  const path = `${url.pathname}${url.search}`;
  const message = requestMessage({ method, path, timestamp, nonce, body: body ?? '' });
  const { mchid, serialNo, publicKeyId } = keys;
  const signature = sign(message, keys.privateKey);
  const headers = {
    Accept: 'application/json',
    'User-Agent': userAgent ?? 'scf-wechatpay',
    Authorization: authorizationHeader({ mchid, serialNo, nonce, timestamp, signature }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    // Asks for answers signed with this key while a merchant is moved to public-key mode.
    ...(publicKeyId === undefined ? {} : { 'Wechatpay-Serial': publicKeyId }),
  };
  const sent = { method, url: url.href, headers, timeoutMs, bytesMax } as const;
  return body === undefined ? sent : { ...sent, body };
}

/** Reads an answer that is authentic; one that is not as agreed is named by its first bad field. */
export function understand<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Malformed ? malformedAnswer(error.field) : error;
  }
}

/** Tells whether a call failed with this word. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof GatewayError && error.code === code;
}

/** Refuses an order of another merchant number before anything is sent. */
export function refuseOtherMerchant({ keys }: Link, { mchid }: { mchid: string }): void {
  if (mchid === keys.mchid) return;
  throw failure('MERCHANT_NOT_CONFIGURED', 'never', { found: `${mchid} ≠ ${keys.mchid}` });
}
