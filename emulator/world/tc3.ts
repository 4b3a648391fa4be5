import { createHash, createHmac } from 'node:crypto';
import type { Clock } from './clock.ts';

/** A signature's time may lie this far from the clock. */
const WINDOW_MS = 5 * 60_000;

/** A key pair of the cloud; `token` belongs to temporary credentials. */
export interface Credential {
  secretKey: string;
  token?: string;
}

/** A TC3-HMAC-SHA256 signature is valid for one service on one day; `timestamp` is in seconds. */
export interface Tc3Scope {
  date: string;
  service: string;
  timestamp: string;
}

/** Signs a canonical request with TC3-HMAC-SHA256. */
export function signTc3(scope: Tc3Scope, canonical: string, secretKey: string): Buffer {
  const { date, service, timestamp } = scope;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = [service, 'tc3_request'].reduce(hmac, hmac(`TC3${secretKey}`, date));
  return hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${date}/${service}/tc3_request\n${digest}`);
}

/**
 * Checks whether an instant is near the present, be it the virtual one or the real one of an SDK
 * outside.
 */
export function isNearNow(atMs: number, clock: Clock): boolean {
  const virtualMs = clock.nowMs();
  const realMs = virtualMs - clock.offsetMs();
  return [virtualMs, realMs].some((nowMs) => Math.abs(nowMs - atMs) <= WINDOW_MS);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
