import type { KeyObject } from 'node:crypto';
import { SIGNATURE_WINDOW_MS } from '../../../domain/limits.ts';
import { answerPieces, SCHEME } from './message.ts';
import { verify } from './sign.ts';

/** A message that WeChat Pay signs: an answer or a notification, header names in lower case, raw body bytes. */
export interface Signed {
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** WeChat's keys by the serial that it names in `Wechatpay-Serial`. */
export interface Verifiers {
  verifier(serial: string): KeyObject | undefined;
}

/** The reason why signed bytes are rejected: the first check that failed, by a stable name for logs. */
export type RejectReason =
  | `header_missing:${string}`
  | `header_malformed:${string}`
  /** 签名探测流量: WeChat tests whether we verify; a real message follows. */
  | 'probe'
  | 'timestamp_window'
  | 'serial_unknown'
  | 'signature';

const PROBE = 'WECHATPAY/SIGNTEST/';

/**
 * The header fields of a signature. No field can hold the newline that parts the signed text. Their lengths
 * are compared, since a bound in an expression makes it twice as slow.
 */
const shapes = [
  { name: 'wechatpay-timestamp', shape: /^[1-9]\d*$/, lengthMax: 11 },
  { name: 'wechatpay-nonce', shape: /^[!-~]+$/, lengthMax: 128 },
  { name: 'wechatpay-serial', shape: /^\w+$/, lengthMax: 128 },
  { name: 'wechatpay-signature', shape: /^[\w+/=-]+$/, lengthMax: PROBE.length + 2048 },
] as const;

type HeaderName = (typeof shapes)[number]['name'];

/**
 * Finds the reason why the bytes are not from WeChat Pay now; undefined when they are. Checks without
 * cryptography come first. Sources: D4013053420; wechatpay-skills, 签名与验签规则 §4.
 */
export function rejectReasonOf(
  { headers, body }: Signed,
  keys: Verifiers,
  now: Date,
): RejectReason | undefined {
  const rejectReason = malformedHeader(headers);
  if (rejectReason) return rejectReason;
  const header = (name: HeaderName) => headers[name] as string;
  const signature = header('wechatpay-signature');
  if (signature.startsWith(PROBE)) return 'probe';
  const ageMs = now.getTime() - Number(header('wechatpay-timestamp')) * 1000;
  if (!(Math.abs(ageMs) <= SIGNATURE_WINDOW_MS)) return 'timestamp_window';
  const publicKey = keys.verifier(header('wechatpay-serial'));
  if (!publicKey) return 'serial_unknown';
  const pieces = answerPieces(header('wechatpay-timestamp'), header('wechatpay-nonce'), body);
  return verify(pieces, signature, publicKey) ? undefined : 'signature';
}

function malformedHeader(headers: Signed['headers']): RejectReason | undefined {
  for (const { name, shape, lengthMax } of shapes) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (value === undefined || value === '') return `header_missing:${name}`;
    if (value.length > lengthMax || !shape.test(value)) return `header_malformed:${name}`;
  }
  // Absent in older documents; another scheme than ours (SM2) could not be verified anyway.
  const scheme = headers['wechatpay-signature-type'];
  if (scheme !== undefined && scheme !== SCHEME) return 'header_malformed:wechatpay-signature-type';
  return undefined;
}

/** Tells the id of a WeChat Pay public key from the serial of a certificate. */
export function isPublicKeyId(serial: string): boolean {
  return serial.startsWith('PUB_KEY_ID_');
}

/** Names a rejection for logs: an unknown serial with that serial, and whether it is that of a public key. */
export function describeRejection(reason: RejectReason, { headers }: Signed): string {
  if (reason !== 'serial_unknown') return reason;
  const serial = headers['wechatpay-serial'] ?? '';
  return `${reason}:${serial}${isPublicKeyId(serial) ? ':public_key_not_configured' : ''}`;
}
