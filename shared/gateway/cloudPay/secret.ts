import { timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../../ports/random.ts';

/** The length of a secret: unguessable, and 32 characters of the 127 that `attach` may have. */
const SECRET_BYTES = 24;

/**
 * Draws the secret of an order. WeChat gets it as `attach` (商户数据包) and gives it back in the callback,
 * which is unsigned; the payer, who could forge one, never sees it, nor does anybody else.
 */
export function drawSecret(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
}

/** Compares in constant time what a callback brought with the secret of the order's frozen request. */
export function hasSecret(request: string, attach: string | undefined): boolean {
  const secret = secretIn(request);
  if (secret === undefined || attach === undefined) return false;
  const wanted = Buffer.from(secret);
  const given = Buffer.from(attach);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function secretIn(request: string): string | undefined {
  const { attach } = JSON.parse(request) as { attach?: unknown };
  return typeof attach === 'string' && attach !== '' ? attach : undefined;
}
