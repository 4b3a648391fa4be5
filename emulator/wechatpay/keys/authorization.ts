import { requestMessage, SCHEME } from '../../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../../shared/gateway/apiV3/crypto/sign.ts';
import type { Clock } from '../../world/clock.ts';
import { Refusal } from '../errors.ts';
import type { KeyRing } from './keyRing.ts';

const WINDOW_MS = 5 * 60_000;
const FIELDS = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'] as const;

/**
 * Finds out which merchant a request is from, as WeChat Pay does: header shape, time within five
 * minutes, known serial, signature over the exact bytes. Anything less is a 401 that tells why.
 */
export function merchantOf(request: Request, body: string, keys: KeyRing, clock: Clock): string {
  const { headers, method } = request;
  for (const name of ['accept', 'user-agent']) {
    if (!headers.get(name)) throw new Refusal('INVALID_REQUEST', `Http头缺少${name}`);
  }
  const given = fieldsOf(headers.get('authorization') ?? '');
  const { mchid, nonce_str: nonce, timestamp, serial_no: serialNo, signature } = given;
  if (!isNow(Number(timestamp) * 1000, clock))
    throw signError('timestamp', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
  const key = keys.merchantKey(mchid, serialNo);
  if (!key) throw signError('serial_no', '商户证书序列号有误');
  const { pathname, search } = new URL(request.url);
  const message = requestMessage({ method, path: `${pathname}${search}`, timestamp, nonce, body });
  if (!verify(message, signature, key)) throw signError('signature', 'sign not match', message);
  return mchid;
}

/** Signatures count within five minutes of virtual or real time, so that outside clients work too. */
function isNow(atMs: number, clock: Clock): boolean {
  const nows = [clock.nowMs(), clock.nowMs() - clock.offsetMs()];
  return nows.some((now) => Math.abs(now - atMs) <= WINDOW_MS);
}

function fieldsOf(header: string): Record<(typeof FIELDS)[number], string> {
  const [scheme, rest = ''] = header.split(/ (.*)/s);
  if (scheme !== SCHEME) throw signError('authorization', 'Http头Authorization值格式错误');
  const pairs = [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  const fields: Record<string, string> = Object.fromEntries(pairs);
  const missing = FIELDS.find((name) => !fields[name]);
  if (missing) throw signError(missing, `Http头Authorization中缺少${missing}`);
  return fields as Record<(typeof FIELDS)[number], string>;
}

function signError(field: string, issue: string, message?: string): Refusal {
  const signed =
    message === undefined
      ? {}
      : {
          sign_information: {
            sign_message_length: message.length,
            truncated_sign_message: message.slice(0, 200),
          },
        };
  return new Refusal('SIGN_ERROR', issue, { field, issue, location: 'authorization', ...signed });
}
