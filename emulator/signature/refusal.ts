import { createHash } from 'node:crypto';
import { SIGNATURE_WINDOW_MS } from '../../shared/domain/limits.ts';
import { answerMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import {
  isPublicKeyId,
  type RejectReason,
  rejectReasonOf,
  type Signed,
} from '../../shared/gateway/apiV3/crypto/verify.ts';
import type { Keys } from '../../shared/gateway/apiV3/keys/keys.ts';
import { oneByteFrom, originalsOf } from './changes.ts';
import { differenceOf, placeIn } from './difference.ts';
import type { KnownKey } from './knownKeys.ts';
import type { Finding, Question } from './question.ts';

/** A refusal has a reason, and keys by which it was made. */
interface Refusal {
  rejectReason: RejectReason;
  keys: Keys;
  known: readonly KnownKey[];
}

/** Finds the cause of a refusal by what is left of it. */
export async function findRefusal(
  question: Question,
  { rejectReason, keys, known }: Refusal,
): Promise<Finding> {
  if (rejectReason === 'timestamp_window') {
    const signedAt = new Date(signedAtMs(question.signed));
    const otherwise = rejectReasonOf(question.signed, keys, signedAt);
    if (otherwise === undefined) return timeFinding(question);
    return findRefusal(question, { rejectReason: otherwise, keys, known });
  }
  if (rejectReason === 'probe') return { cause: 'probe', where: 'wechatpay-signature' };
  if (rejectReason === 'serial_unknown') return serialFinding(question);
  if (rejectReason === 'signature') return signatureFinding(question, known);
  return { cause: 'header', where: rejectReason.slice(rejectReason.indexOf(':') + 1) };
}

/** Reads when a notification was signed; its header has the shape of a time by then. */
export function signedAtMs({ headers }: Signed): number {
  return Number(headers['wechatpay-timestamp']) * 1000;
}

/** A signature is right but for its time: the clock is off where it was fresh on arrival, or is of the future. */
function timeFinding({ signed, receivedAt }: Question): Finding {
  const ageMs = receivedAt.getTime() - signedAtMs(signed);
  const isOld = ageMs > SIGNATURE_WINDOW_MS;
  return { cause: isOld ? 'replay' : 'clock_off', where: 'wechatpay-timestamp' };
}

function serialFinding({ signed, keys }: Question): Finding {
  const serial = signed.headers['wechatpay-serial'] ?? '';
  const isMissing = isPublicKeyId(serial) && keys.publicKey === undefined;
  return { cause: isMissing ? 'public_key_missing' : 'serial_unknown', where: serial };
}

async function signatureFinding(
  { signed }: Question,
  known: readonly KnownKey[],
): Promise<Finding> {
  const signer = known.find(({ digest }) => digest !== undefined);
  const serial = signed.headers['wechatpay-serial'] ?? '';
  if (!signer?.digest) return { cause: 'forged', where: 'wechatpay-signature' };
  const message = messageOf(signed, signed.body);
  if (signer.digest.equals(sha256(message))) return { cause: 'key_not_of_serial', where: serial };
  return changeFinding(signed, signer.digest);
}

async function changeFinding(signed: Signed, digest: Buffer): Promise<Finding> {
  const message = messageOf(signed, signed.body);
  const isOriginal = (body: Buffer) => sha256(messageOf(signed, body)).equals(digest);
  const original = originalsOf(Buffer.from(signed.body)).find(({ body }) => isOriginal(body));
  const text = original ? messageOf(signed, original.body) : await oneByteFrom(message, digest);
  const difference = text && differenceOf(text, message);
  return {
    cause: original?.cause ?? 'content_changed',
    where: difference && placeIn(message, difference.at),
    difference,
  };
}

function messageOf({ headers }: Signed, body: Uint8Array): Buffer {
  const { 'wechatpay-timestamp': timestamp = '', 'wechatpay-nonce': nonce = '' } = headers;
  return answerMessage(timestamp, nonce, body);
}

function sha256(message: Buffer): Buffer {
  return createHash('sha256').update(message).digest();
}
