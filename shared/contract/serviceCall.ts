/**
 * Signs and verifies calls of the merchant's own server to our functions. Copy this file into your
 * server: it needs nothing else.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The event of a signed call; `data` is JSON text, so that what was signed travels byte for byte. */
export interface SignedCall {
  signed: { time: number; data: string; signature: string };
}

/** Signs a call of function `name` with WXPAY_SERVICE_KEY; pass the answer as the call's `data`. */
export function signServiceCall(
  name: string,
  data: unknown,
  key: string,
  nowMs: number,
): SignedCall {
  const text = JSON.stringify(data);
  return { signed: { time: nowMs, data: text, signature: macOf(name, text, key, nowMs) } };
}

/** Checks a signed call in constant time; the caller checks that `time` is fresh. */
export function verifyServiceCall(name: string, { signed }: SignedCall, key: string): boolean {
  const wanted = Buffer.from(macOf(name, signed.data, key, signed.time));
  const given = Buffer.from(signed.signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function macOf(name: string, text: string, key: string, time: number): string {
  return createHmac('sha256', key).update(`${name}\n${time}\n${text}`).digest('hex');
}
