/**
 * Signs and verifies what is sent to the merchant, by Standard Webhooks 1.0 (source: `standard-webhooks`): an
 * HMAC over id, time and body, with every key that is in use, so that keys can be replaced one by one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the time of a message may lie from the receiver's. */
export const SIGNATURE_TOLERANCE_MS = 300_000;

/** A key is of so many bytes. */
const KEY_BYTES = { min: 24, max: 64 };
const KEYS_MAX = 2;
const PREFIX = 'whsec_';

/** The answer of a receiver that does not take our signature: its key is another, or its clock. */
export const SIGNATURE_REFUSED = 'SIGNATURE_REFUSED';

/** A message as it travels: to a function as its event, to an address as three headers and the body. */
export interface SignedMessage {
  'webhook-id': string;
  /** Whole seconds since 1970. */
  'webhook-timestamp': string;
  /** `v1,<base64>`, one for each key, by blanks. */
  'webhook-signature': string;
  /** The JSON text that was signed, byte for byte. */
  body: string;
}

/** Names the first check that a message failed. */
export type SignatureFault =
  | 'headers_missing'
  | 'timestamp_malformed'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'signature_wrong';

/**
 * Reads `WXPAY_EVENTS_KEY`: one key or two by comma, the newest first. Throws an Error that says which of them is
 * wrong and in what, and quotes none.
 */
export function readEventsKeys(text: string): Buffer[] {
  const keys = text.split(',').map((key) => key.trim());
  if (keys.length > KEYS_MAX) throw keyError('最多两个密钥，逗号分隔 (at most two keys, by comma)');
  return keys.map((key, index) => {
    const which = keys.length === 1 ? '' : `第 ${index + 1} 个 (key ${index + 1}): `;
    if (!key.startsWith(PREFIX))
      throw keyError(`${which}应以 ${PREFIX} 开头 (has to begin with it)`);
    const base64 = key.slice(PREFIX.length);
    const bytes = Buffer.from(base64, 'base64');
    // Node reads past whatever is no base64: only what it writes in the same way was read whole.
    if (bytes.toString('base64') !== base64) {
      throw keyError(`${which}${PREFIX} 之后不是完整的 base64 (what follows is not whole base64)`);
    }
    if (bytes.length < KEY_BYTES.min || bytes.length > KEY_BYTES.max) {
      const has = `现有 ${bytes.length} 字节 (has ${bytes.length})`;
      throw keyError(
        `${which}应为 ${KEY_BYTES.min}-${KEY_BYTES.max} 字节 (of so many bytes)，${has}`,
      );
    }
    return bytes;
  });
}

function keyError(what: string): Error {
  return new Error(
    `WXPAY_EVENTS_KEY ${what}。生成 (make one): openssl rand -base64 32，前面加 ${PREFIX}`,
  );
}

/**
 * Signs a body with every key. The id holds at most the one dot that we put into it, and a body is JSON, so that
 * no other id, time and body make the same text.
 */
export function signMessage(
  keys: readonly Uint8Array[],
  message: { id: string; body: string },
  now: Date,
): SignedMessage {
  const { id, body } = message;
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = keys.map(
    (key) => `v1,${macOf(key, [id, timestamp, body]).toString('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    body,
  };
}

/** Finds what is wrong with a message; undefined: one of our keys signed it, just now. */
export function faultOfMessage(
  keys: readonly Uint8Array[],
  message: Readonly<Partial<Record<keyof SignedMessage, unknown>>>,
  now: Date,
): SignatureFault | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = message;
  const { body } = message;
  if (!isText(id) || !isText(timestamp) || !isText(given) || !isText(body))
    return 'headers_missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'timestamp_malformed';
  const ageMs = now.getTime() - Number(timestamp) * 1000;
  if (ageMs > SIGNATURE_TOLERANCE_MS) return 'timestamp_too_old';
  if (ageMs < -SIGNATURE_TOLERANCE_MS) return 'timestamp_too_new';
  const macs = keys.map((key) => macOf(key, [id, timestamp, body]));
  const isOurs = signaturesIn(given).some((one) => macs.some((mac) => isSame(mac, one)));
  return isOurs ? undefined : 'signature_wrong';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Reads the signatures of our kind; there may be others, such as `v1a`. */
function signaturesIn(text: string): Buffer[] {
  return text
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length)));
}

/** Compares in constant time, and as text: two base64 texts of one value are two signatures. */
function isSame(mac: Buffer, given: Buffer): boolean {
  const wanted = Buffer.from(mac.toString('base64'));
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function macOf(key: Uint8Array, parts: readonly [id: string, timestamp: string, body: string]) {
  return createHmac('sha256', key).update(parts.join('.')).digest();
}
