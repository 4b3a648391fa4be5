import { requestMessage, SCHEME } from '../../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../../shared/gateway/apiV3/crypto/sign.ts';
import type { Clock } from '../../world/clock.ts';
import type { HttpRequest } from '../../world/wire/http.ts';
import { RefusalError } from '../errors.ts';
import type { KeyRing } from './keyRing.ts';

const WINDOW_MS = 5 * 60_000;
const FIELDS = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'] as const;

/** The calls that are refused without a `User-Agent`. Source: `v3 answers`. */
const NEEDS_USER_AGENT = /\/v3\/(certificates|refund\/)/;

type Authorization = Record<(typeof FIELDS)[number], string>;

/**
 * Finds out which merchant a request is from, as WeChat Pay does: header shape, time within five
 * minutes, known serial, signature over the exact bytes. Anything less is a 401 that tells why.
 */
export function verifiedMerchant(
  request: HttpRequest,
  body: string,
  keys: KeyRing,
  clock: Clock,
): string {
  const { headers, method } = request;
  for (const name of NEEDS_USER_AGENT.test(request.url) ? ['accept', 'user-agent'] : ['accept']) {
    if (!headers.get(name)) throw new RefusalError('INVALID_REQUEST', `Http头缺少${name}`);
  }
  const authorization = readAuthorization(headers.get('authorization') ?? '');
  const { mchid, nonce_str: nonce, timestamp, serial_no: serialNo, signature } = authorization;
  if (!isRecent(Number(timestamp) * 1000, clock))
    throw signError('timestamp', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
  const key = keys.merchantKey(mchid, serialNo);
  if (!key) throw signError('serial_no', '商户证书序列号有误');
  const { pathname, search } = new URL(request.url);
  const message = requestMessage({ method, path: `${pathname}${search}`, timestamp, nonce, body });
  if (!verify(message, signature, key)) throw signError('signature', 'sign not match', message);
  return mchid;
}

/** Counts five minutes from virtual or from real time, so that outside clients work too. */
function isRecent(atMs: number, clock: Clock): boolean {
  const nowMs = clock.nowMs();
  const realMs = nowMs - clock.offsetMs();
  return Math.abs(nowMs - atMs) <= WINDOW_MS || Math.abs(realMs - atMs) <= WINDOW_MS;
}

function readAuthorization(header: string): Authorization {
  const [scheme, rest = ''] = header.split(/ (.*)/s);
  if (scheme !== SCHEME) throw signError('authorization', 'Http头Authorization值格式错误');
  const pairs = [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  const fields: Record<string, string> = Object.fromEntries(pairs);
  const absent = FIELDS.find((name) => !fields[name]);
  if (absent) throw signError(absent, `Http头Authorization中缺少${absent}`);
  return fields as Authorization;
}

function signError(field: string, issue: string, message?: string): RefusalError {
  const detail = { field, issue, location: 'authorization' };
  if (message === undefined) return new RefusalError('SIGN_ERROR', issue, detail);
  const signInformation = {
    sign_message_length: message.length,
    truncated_sign_message: message.slice(0, 200),
  };
  return new RefusalError('SIGN_ERROR', issue, { ...detail, sign_information: signInformation });
}
