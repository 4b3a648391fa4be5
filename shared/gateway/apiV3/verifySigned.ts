import type { GatewayError } from '../../ports/gateway.ts';
import { type RejectReason, rejectReasonOf, type Signed } from './crypto/verify.ts';
import type { Lookup, PlatformKeys } from './platformKeys.ts';

/** The result of a verification: why signed bytes are rejected, and why their key was not found. */
export interface Verification {
  rejectReason?: RejectReason | undefined;
  lookupError?: GatewayError | undefined;
}

/**
 * Verifies what WeChat Pay signed, an answer or a notification. A certificate that is new to us is
 * fetched first, once shape and time are right.
 */
export async function verifySigned(
  signed: Signed,
  keys: PlatformKeys,
  now: Date,
  lookup: Lookup,
): Promise<Verification> {
  const rejectReason = rejectReasonOf(signed, keys, now);
  if (rejectReason !== 'serial_unknown') return { rejectReason };
  const serial = signed.headers['wechatpay-serial'] ?? '';
  const lookupError = await keys.fetchBySerial(serial, lookup);
  return { rejectReason: rejectReasonOf(signed, keys, now), lookupError };
}
