/**
 * Signs and verifies calls of the merchant's own server to our functions. Copy this file into your
 * server: it needs nothing else.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The one function that a signed call is good for: its name, CloudBase environment and mini program. */
export interface ServiceCallee {
  name: string;
  envId: string;
  appid: string;
}

/** The event of a signed call; `data` is JSON text, so that what was signed travels byte for byte. */
export interface SignedCall {
  signed: { envId: string; appid: string; time: number; data: string; signature: string };
}

/**
 * Signs a call with WXPAY_SERVICE_KEY; pass the answer as the call's `data`. The signature is HMAC-SHA256,
 * in hex, of name, environment, appid, time and data, a line each.
 */
export function signServiceCall(
  { name, envId, appid }: ServiceCallee,
  data: unknown,
  key: string,
  nowMs: number,
): SignedCall {
  const signed = { envId, appid, time: nowMs, data: JSON.stringify(data) };
  return { signed: { ...signed, signature: macOf(name, signed, key) } };
}

/**
 * Checks in constant time that one of the keys signed a call of this function; the caller checks that
 * environment and appid are its own, and that `time` is fresh.
 */
export function verifyServiceCall(
  name: string,
  { signed }: SignedCall,
  keys: readonly string[],
): boolean {
  const given = Buffer.from(signed.signature);
  const fits = keys.map((key) => {
    const wanted = Buffer.from(macOf(name, signed, key));
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  });
  return fits.includes(true);
}

function macOf(
  name: string,
  { envId, appid, time, data }: Omit<SignedCall['signed'], 'signature'>,
  key: string,
): string {
  const lines = [name, envId, appid, time, data];
  return createHmac('sha256', key).update(lines.join('\n')).digest('hex');
}
