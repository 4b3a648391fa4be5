/** Finds the real cause of a refusal that concerns keys or the clock, by the name of our setting. Pure. */

import { SIGNATURE_WINDOW_MS } from '../../domain/limits.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { HttpAnswer } from '../../ports/transport.ts';
import { type Fields, Malformed, readFields } from '../read.ts';
import { KeyError, type KeyErrorCode } from './keys/keyError.ts';

/**
 * The cause by the text that WeChat writes when it refuses a signature. Its `code` is SIGN_ERROR for most
 * of them, and stays as WeChat gave it; the documents list the texts: D4012365345, D4012365347.
 */
const CAUSE_BY_MESSAGE: readonly (readonly [RegExp, KeyErrorCode])[] = [
  [/(timestamp|时间戳).*(分钟|minute|过期|expired|超过)/i, 'CLOCK_OFF'],
  [
    /证书已(过期|作废|吊销|失效)|已更换证书|certificate.*(expired|revoked)/i,
    'CERTIFICATE_OUT_OF_USE',
  ],
  [/商户证书序列号|merchant.*serial/i, 'SERIAL_NO_UNKNOWN'],
  [/敏感信息解密失败|(decrypt|解密).*Wechatpay-Serial/i, 'ENCRYPTION_KEY_WRONG'],
];

/** A request as far as a refusal of it is explained: the text that we signed, and when. */
interface Sent {
  signedText: string;
  now: Date;
}

/** Adds the real cause to a refusal, as its `cause` and in its message, where the answer shows it. */
export function explainError(error: GatewayError, answer: HttpAnswer, sent: Sent): GatewayError {
  const cause = causeOf(error, answer, sent);
  if (!cause) return error;
  const { code, retry, requestId } = error;
  const more = { requestId, cause, isOurs: true };
  return new GatewayError(code, retry, `${cause.message}: ${error.message}`, more);
}

const KEY_PAIR_ERRORS: readonly KeyErrorCode[] = [
  'CERTIFICATE_OUT_OF_USE',
  'SERIAL_NO_UNKNOWN',
  'PRIVATE_KEY_NOT_OF_SERIAL',
];

/** Tells whether WeChat refused the merchant certificate that signed: another one may do better. */
export function isKeyPairRefused({ code, cause }: GatewayError): boolean {
  return cause instanceof KeyError ? KEY_PAIR_ERRORS.includes(cause.code) : code === 'SIGN_ERROR';
}

function causeOf(
  { code, message }: GatewayError,
  answer: HttpAnswer,
  { signedText, now }: Sent,
): KeyError | undefined {
  const byMessage = CAUSE_BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  const skewMs = now.getTime() - Date.parse(answer.headers.date ?? '');
  if (byMessage === 'CLOCK_OFF') return clockOff(skewMs);
  if (byMessage !== undefined) return new KeyError(byMessage);
  if (code !== 'SIGN_ERROR') return undefined;
  if (Math.abs(skewMs) > SIGNATURE_WINDOW_MS) return clockOff(skewMs);
  const seen = verifiedText(answer.body);
  if (seen === undefined) return undefined;
  return new KeyError(
    signedText.startsWith(seen) ? 'PRIVATE_KEY_NOT_OF_SERIAL' : 'SIGNED_TEXT_CHANGED',
  );
}

function clockOff(skewMs: number): KeyError {
  if (Number.isNaN(skewMs)) return new KeyError('CLOCK_OFF');
  const seconds = Math.round(skewMs / 1000);
  return new KeyError('CLOCK_OFF', { found: `${seconds > 0 ? '+' : ''}${seconds} 秒 (s)` });
}

/** The beginning of the text that WeChat verified, from `sign_information`, flat or one deeper. */
function verifiedText(body: Uint8Array): string | undefined {
  try {
    const detail = readFields(body).object('detail');
    return informationOf(detail.has('detail') ? detail.object('detail') : detail);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function informationOf(detail: Fields): string | undefined {
  const text = detail.object('sign_information').text('truncated_sign_message');
  return text === '' ? undefined : text;
}
