/**
 * Says for which known cause a notification is not taken. Whether it is taken, our own verifier decides; what is
 * added here looks at what a cause leaves behind: which key made the signature, and over which digest.
 */
import { createHash } from 'node:crypto';
import { answerMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import { rejectReasonOf } from '../../shared/gateway/apiV3/crypto/verify.ts';
import { KeyError } from '../../shared/gateway/apiV3/keys/keyError.ts';
import { createKeys, type Keys } from '../../shared/gateway/apiV3/keys/keys.ts';
import { createNotificationVerifier } from '../../shared/gateway/apiV3/notification.ts';
import type { Diagnosis } from '../control/api/signature.ts';
import { EXPLANATIONS, NO_CAUSE } from './causes.ts';
import { type KnownKey, knownKeys } from './knownKeys.ts';
import type { Finding, Question } from './question.ts';
import { findRefusal, signedAtMs } from './refusal.ts';
import { resourceFinding } from './resource.ts';

const HEADERS = ['timestamp', 'nonce', 'serial', 'signature'].map((name) => `wechatpay-${name}`);

/** Diagnoses a notification, by the keys that verify it and all that are known. */
export async function diagnose(question: Question): Promise<Diagnosis> {
  const keys = keysOrError(question);
  if (keys instanceof KeyError) return ofConfiguration(question, keys);
  const known = knownKeys(keys, question);
  const { signed, clock } = question;
  const verdict = await verdictOf(question, keys);
  const rejectReason = rejectReasonOf(signed, keys, clock);
  const finding = rejectReason
    ? await findRefusal(question, { rejectReason, keys, known })
    : resourceFinding(question);
  return { ...reportOf(question, finding, known), verdict, ...explanationOf(finding, verdict) };
}

function keysOrError({ keys }: Question): Keys | KeyError {
  try {
    return createKeys(keys);
  } catch (error) {
    if (error instanceof KeyError) return error;
    throw error;
  }
}

/** A key that cannot verify anything, whatever came. */
function ofConfiguration(question: Question, { code, input, message }: KeyError): Diagnosis {
  const cause = input === 'apiV3Key' ? 'api_v3_key' : 'key_kind';
  const verdict = { isAccepted: false, status: 500, reason: code };
  const { advice } = EXPLANATIONS[cause];
  return { ...reportOf(question, { cause, where: input }, []), verdict, message, advice };
}

async function verdictOf({ signed, clock }: Question, keys: Keys): Promise<Diagnosis['verdict']> {
  const notification = await createNotificationVerifier(keys)(signed, clock);
  if (notification.kind !== 'refused') return { isAccepted: true };
  const { status, reason } = notification;
  return { isAccepted: false, status, reason };
}

function explanationOf({ cause }: Finding, { isAccepted }: Diagnosis['verdict']) {
  if (cause) return EXPLANATIONS[cause];
  return NO_CAUSE[isAccepted ? 'accepted' : 'refused'];
}

type Report = Omit<Diagnosis, 'verdict' | 'message' | 'advice'>;

function reportOf(question: Question, finding: Finding, known: readonly KnownKey[]): Report {
  const { headers, body } = question.signed;
  const named = headers['wechatpay-serial'];
  const message = answerMessage(
    headers['wechatpay-timestamp'] ?? '',
    headers['wechatpay-nonce'] ?? '',
    body,
  );
  const signer = known.find(({ digest }) => digest !== undefined);
  const ageMs = question.clock.getTime() - signedAtMs(question.signed);
  return {
    ...finding,
    ...(Number.isNaN(ageMs) ? {} : { ageSeconds: Math.round(ageMs / 1000) }),
    headers: HEADERS.map((name) => ({
      name,
      value: headers[name],
      isWrong: isBlamed(name, finding),
    })),
    baseString: message.toString(),
    digests: {
      verified: createHash('sha256').update(message).digest('hex'),
      signed: signer?.digest?.toString('hex'),
    },
    keys: known.map(({ serial, from, digest }) => ({
      serial,
      isConfigured: from === 'settings',
      isNamed: serial === named,
      hasSigned: digest !== undefined,
    })),
  };
}

const BLAMES_SERIAL = ['serial_unknown', 'public_key_missing', 'key_not_of_serial'];

function isBlamed(name: string, { cause, where }: Finding): boolean {
  if (name === 'wechatpay-serial' && BLAMES_SERIAL.includes(cause ?? '')) return true;
  return name === where;
}
