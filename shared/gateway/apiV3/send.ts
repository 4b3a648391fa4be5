import type { GatewayError } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../ports/transport.ts';
import type { Operation } from '../errorCodes.ts';
import { transportFailure } from '../failure.ts';
import { authorizationHeader, requestMessage } from './crypto/message.ts';
import { sign } from './crypto/sign.ts';
import { explainError, isKeyPairRefused } from './diagnosis.ts';
import type { Hosts } from './hosts.ts';
import type { Keys } from './keys/keys.ts';
import { readApiError } from './wire/errors.ts';

/** What it takes to send a signed request. */
export interface SigningContext {
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

/** Orders and errors are a few kB; what is larger is none of ours. */
const ANSWER_BYTES_MAX = 512 * 1024;
/** With less time than this left a repeat would only be lost too. */
const REPEAT_MS_MIN = 200;

/** Makes a nonce (随机串): 32 hexadecimal digits. */
export function nonceOf(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(16)).toString('hex').toUpperCase();
}

interface Failed {
  error: GatewayError;
  /** What of ours may do better: the other address, or the other merchant certificate. */
  blames?: 'host' | 'pair';
}

/**
 * Asks and hands back the answer of an HTTP success, not verified yet; everything else throws a
 * {@link GatewayError}. Where that is certain to do no harm the same bytes go to the other address,
 * or are signed with the other pair, each once: WeChat said that it did not act, or nothing was
 * sent, or it was only a question. `timeoutMs` bounds all of it.
 */
export async function ask(line: SigningContext, call: ApiCall): Promise<HttpAnswer> {
  const endsAtMs = line.now().getTime() + call.timeoutMs;
  const used = new Set<string>();
  const failures: GatewayError[] = [];
  let timeoutMs = call.timeoutMs;
  for (;;) {
    const [host, serialNo] = [line.hosts.current(), line.keys.serialNo];
    used.add(host).add(serialNo);
    const result = await attempt(line, { ...call, timeoutMs });
    if ('status' in result) return result;
    failures.push(result.error);
    const another = otherWay(line, result, host, serialNo);
    const harmless = call.body === undefined || result.error.retry !== 'query_first';
    timeoutMs = Math.min(call.timeoutMs, endsAtMs - line.now().getTime());
    if (another === undefined || used.has(another) || !harmless || timeoutMs < REPEAT_MS_MIN) {
      throw telling(failures);
    }
  }
}

function otherWay(
  { hosts, keys }: SigningContext,
  { blames }: Failed,
  host: string,
  serialNo: string,
): string | undefined {
  if (blames === 'host' && hosts.failOver(host)) return hosts.current();
  if (blames === 'pair' && keys.failOver(serialNo)) return keys.serialNo;
  return undefined;
}

/** The last failure, unless an earlier one says as much or more. */
function telling(failures: readonly GatewayError[]): GatewayError {
  const last = failures.at(-1) as GatewayError;
  const { code } = last;
  const repeats = (error: GatewayError) => code === 'WECHAT_UNREACHABLE' || error.code === code;
  return failures.find(repeats) ?? last;
}

async function attempt(line: SigningContext, call: ApiCall): Promise<HttpAnswer | Failed> {
  const url = new URL(`${line.hosts.current()}${call.path}`);
  const { request, message } = signed(line, { ...call, url, bytesMax: ANSWER_BYTES_MAX });
  const answer = await exchange(line, request);
  if ('error' in answer) return answer;
  if (answer.status !== 202 && answer.status >= 200 && answer.status < 300) return answer;
  const said = readApiError(answer, call.operation);
  if (answer.status >= 500) return { error: said, blames: 'host' };
  const error = explainError(said, answer, message, line.now());
  return isKeyPairRefused(error) ? { error, blames: 'pair' } : { error };
}

async function exchange(line: SigningContext, request: HttpRequest): Promise<HttpAnswer | Failed> {
  try {
    return await line.transport(request);
  } catch (cause) {
    const error = transportFailure(cause);
    return error.code === 'ANSWER_TOO_LARGE' ? { error } : { error, blames: 'host' };
  }
}

/** What is sent: the address and the exact text, and the bounds of its answer. */
type ToSend = Pick<ApiCall, 'body' | 'encryptedFor' | 'timeoutMs'> & { url: URL; bytesMax: number };

/** Sends a signed request and hands back the answer as it is; only a broken wire throws. */
export async function sendSigned(line: SigningContext, request: ToSend): Promise<HttpAnswer> {
  const answer = await exchange(line, signed(line, request).request);
  if ('error' in answer) throw answer.error;
  return answer;
}

function signed(
  { keys, now, randomBytes, userAgent }: SigningContext,
  { url, body, encryptedFor, timeoutMs, bytesMax }: ToSend,
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
