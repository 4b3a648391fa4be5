/**
 * Numbers the orders of a purchase (采购): of what the merchant calls by one number at most one order is open. The
 * next attempt is begun only where the one before was read as closed at WeChat. Pure.
 */
import { createHash } from 'node:crypto';
import type { Order, Receipt } from './order.ts';
import { NUMBER_ALPHABET, type OutTradeNo } from './outTradeNo.ts';

/** A purchase has no more orders than this. */
export const PURCHASE_ATTEMPTS_MAX = 100;

const HASH_LENGTH = 25;
const ATTEMPT_NUMBER = /^P[0-9A-HJKMNP-TV-Z]{25}_([1-9]\d{0,4})$/;

/**
 * Derives the number of an attempt, counted from 1: everybody who begins it writes to the same document, so that
 * only one does. 125 bits of SHA-256 keep purchases apart. Neither payer nor merchant is in it: two payers have no
 * open order each, and what was paid for stays paid when the shop gets another merchant number or appid.
 */
export function numberOfAttempt(purchaseId: string, attempt: number): OutTradeNo {
  const bits = BigInt(`0x${createHash('sha256').update(purchaseId).digest('hex')}`);
  const characters = Array.from({ length: HASH_LENGTH }, (_, index) => {
    const five = (bits >> BigInt(256 - 5 * (index + 1))) & 31n;
    return NUMBER_ALPHABET[Number(five)];
  });
  return `P${characters.join('')}_${attempt}`;
}

/** Reads the attempt out of a number; undefined for one that no purchase has. */
export function attemptOf(outTradeNo: OutTradeNo): number | undefined {
  const [, attempt] = ATTEMPT_NUMBER.exec(outTradeNo) ?? [];
  return attempt === undefined ? undefined : Number(attempt);
}

/**
 * Tells whether other orders of the purchase may be open or paid when this one becomes paid: those before it, and
 * those after it where it had been closed. Of a first order that was never closed there can be none.
 */
export function mayHaveSiblings({ purchaseId, outTradeNo, status }: Order): boolean {
  if (purchaseId === undefined) return false;
  return status.state === 'closed' || (attemptOf(outTradeNo) ?? 1) > 1;
}

/** A payment of a purchase, as far as it is compared. */
export interface AttemptPayment {
  outTradeNo: OutTradeNo;
  paidAt: Receipt['paidAt'];
}

/** Tells which of two payments of a purchase is the second: the later one, and the later attempt in one second. */
export function isSecondPayment(one: AttemptPayment, other: AttemptPayment): boolean {
  const laterMs = one.paidAt.getTime() - other.paidAt.getTime();
  if (laterMs !== 0) return laterMs > 0;
  return (attemptOf(one.outTradeNo) ?? 0) > (attemptOf(other.outTradeNo) ?? 0);
}
