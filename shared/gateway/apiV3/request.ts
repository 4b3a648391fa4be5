import { mayFailOver } from '../../domain/retry.ts';
import { GatewayError, type WeChatCallEnd } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../ports/transport.ts';
import type { Operation } from '../errorCodes.ts';
import { transportFailure } from '../failure.ts';
import type { Watched } from '../watch.ts';
import { authorizationHeader, requestMessage } from './crypto/message.ts';
import { sign } from './crypto/sign.ts';
import { explainError, isKeyPairRefused } from './diagnosis.ts';
import type { Hosts } from './hosts.ts';
import type { Keys } from './keys/keys.ts';
import { readApiError, requestIdOf } from './wire/errors.ts';

/** Holds all that it takes to send a signed request. */
export interface SigningContext extends Watched {
  keys: Keys;
  transport: Transport;
  now: () => Date;
  randomBytes: RandomBytes;
  hosts: Hosts;
  /** WeChat refuses requests without a `User-Agent`. */
  userAgent?: string;
}

/** A request as our use of APIv3 has it. */
export interface ApiCall {
  operation: Operation;
  /** Path and query, appended to the address of the API. */
  path: string;
  /** The exact text to send; without one it is a GET. */
  body?: string;
  /** The serial of WeChat's key that fields of the body are encrypted with. */
  encryptedFor?: string;
  timeoutMs: number;
}

/** Orders and errors are a few kB; a larger answer is none to our calls. */
const ANSWER_BYTES_MAX = 512 * 1024;
/** A repeat with less time than this left would time out too. */
const REPEAT_MS_MIN = 200;

/** Makes a nonce (随机串): 32 hexadecimal digits. */
export function nonceOf(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(16)).toString('hex').toUpperCase();
}

/** A request that failed, and what to change for a repeat: the address, or the key pair. */
interface FailedAttempt {
  error: GatewayError;
  failoverTarget?: 'host' | 'keyPair';
}

/**
 * Sends a signed request and returns the answer of an HTTP success, not verified yet; everything else
 * throws a {@link GatewayError}. Where that can do no harm the same bytes go to the other address, or are
 * signed with the other pair, each once. `timeoutMs` bounds all of it.
 */
export async function send(context: SigningContext, call: ApiCall): Promise<HttpAnswer> {
  const { hosts, keys, now } = context;
  const ways = { host: hosts, keyPair: keys };
  const used = { host: new Set<string>(), keyPair: new Set<string>() };
  const failures: GatewayError[] = [];
  const endsAtMs = now().getTime() + call.timeoutMs;
  context.watch?.check();
  for (let { timeoutMs } = call; ; ) {
    const way = { host: hosts.current(), keyPair: keys.serialNo };
    used.host.add(way.host);
    used.keyPair.add(way.keyPair);
    const url = new URL(`${way.host}${call.path}`);
    const signed = signRequest(context, { ...call, url, timeoutMs, bytesMax: ANSWER_BYTES_MAX });
    const end = context.watch?.begin({ operation: call.operation, ...context.subject });
    const answer = await context.transport(signed.request).catch(transportFailure);
    const failed = failureOf(answer, call.operation, { signedText: signed.message, now: now() });
    end?.(endOf(answer, failed?.error.code));
    if (!failed) return answer as HttpAnswer;
    failures.push(failed.error);
    timeoutMs = Math.min(call.timeoutMs, endsAtMs - now().getTime());
    const { failoverTarget: target } = failed;
    const other = target && ways[target].alternativeTo(way[target]);
    const isNew = target !== undefined && other !== undefined && !used[target].has(other);
    const isAllowed = mayFailOver(failed.error, { isQuery: call.body === undefined });
    // The next request, of this call or a later one, uses the other address or key pair.
    if (target) ways[target].failOver(way[target]);
    if (!isNew || !isAllowed || timeoutMs < REPEAT_MS_MIN) throw mostTelling(failures);
  }
}

/** Reads how a request ended, for the log: with WeChat's serial number of the answer, whatever the answer is. */
function endOf(answer: HttpAnswer | GatewayError, errCode: string | undefined): WeChatCallEnd {
  if (answer instanceof GatewayError) return { errCode };
  return { status: answer.status, requestId: requestIdOf(answer), errCode };
}

/** Picks the failure to throw: the last, unless an earlier one is as telling. */
function mostTelling(failures: readonly GatewayError[]): GatewayError {
  const last = failures.at(-1) as GatewayError;
  const { code } = last;
  const isAsTelling = (error: GatewayError) => code === 'WECHAT_UNREACHABLE' || error.code === code;
  return failures.find(isAsTelling) ?? last;
}

/** Reads how an attempt failed; undefined for an HTTP success. */
function failureOf(
  answer: HttpAnswer | GatewayError,
  operation: Operation,
  sent: { signedText: string; now: Date },
): FailedAttempt | undefined {
  if (answer instanceof GatewayError) {
    const isOfHost = answer.code !== 'ANSWER_TOO_LARGE';
    return isOfHost ? { error: answer, failoverTarget: 'host' } : { error: answer };
  }
  if (answer.status !== 202 && answer.status >= 200 && answer.status < 300) return undefined;
  const apiError = readApiError(answer, operation);
  if (answer.status >= 500) return { error: apiError, failoverTarget: 'host' };
  const error = explainError(apiError, answer, sent);
  return isKeyPairRefused(error) ? { error, failoverTarget: 'keyPair' } : { error };
}

/** A request before it is signed: its address and exact text, and the bounds of its answer. */
type UnsignedRequest = Pick<ApiCall, 'body' | 'encryptedFor' | 'timeoutMs'> & {
  url: URL;
  bytesMax: number;
};

/** Sends a signed request and returns any answer as it is; only a broken connection throws. */
export async function sendSigned(
  context: SigningContext,
  request: UnsignedRequest,
): Promise<HttpAnswer> {
  const { transport, watch } = context;
  watch?.check();
  const end = watch?.begin({ operation: 'bill' });
  const answer = await transport(signRequest(context, request).request).catch(transportFailure);
  const errCode = answer instanceof GatewayError ? answer.code : undefined;
  end?.(endOf(answer, errCode));
  if (answer instanceof GatewayError) throw answer;
  return answer;
}

function signRequest(
  { keys, now, randomBytes, userAgent }: SigningContext,
  { url, body, encryptedFor, timeoutMs, bytesMax }: UnsignedRequest,
): { request: HttpRequest; message: string } {
  const method = body === undefined ? 'GET' : 'POST';
  const timestamp = String(Math.floor(now().getTime() / 1000));
  const nonce = nonceOf(randomBytes);
  const path = `${url.pathname}${url.search}`;
  const message = requestMessage({ method, path, timestamp, nonce, body: body ?? '' });
  const { mchid, serialNo } = keys;
  // Asks for answers signed with this key too, while a merchant is moved to public-key mode.
  const wechatSerial = encryptedFor ?? keys.publicKeyId;
  const signature = sign(message, keys.privateKey);
  const headers = {
    Accept: 'application/json',
    'User-Agent': userAgent ?? 'scf-wechatpay',
    Authorization: authorizationHeader({ mchid, serialNo, nonce, timestamp, signature }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(wechatSerial === undefined ? {} : { 'Wechatpay-Serial': wechatSerial }),
  };
  const sent = { method, url: url.href, headers, timeoutMs, bytesMax } as const;
  return { request: body === undefined ? sent : { ...sent, body }, message };
}
