import { beijingDigits } from '../beijing.ts';

/** 商户订单号: the merchant's own order number, unique per merchant number for ever. */
export type OutTradeNo = string;

/** Matches what WeChat accepts as one: 6 to 32 characters. Source: D4012791856. */
export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*]{6,32}$/;

/** Digits and capitals without those that are misread: 5 bits each. */
export const NUMBER_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_LENGTH = 15;

/**
 * Draws a number: 17 digits of Beijing time to the millisecond, so that numbers sort by time, then
 * 15 characters of 5 random bits each (75 bits). `randomBytes` needs 15 of them.
 */
export function drawOutTradeNo(now: Date, randomBytes: Uint8Array): OutTradeNo {
  const drawn = Array.from(
    randomBytes.subarray(0, RANDOM_LENGTH),
    (byte) => NUMBER_ALPHABET[byte % 32],
  );
  if (drawn.length < RANDOM_LENGTH)
    throw new RangeError(`${RANDOM_LENGTH} random bytes are needed`);
  const millis = String(now.getUTCMilliseconds()).padStart(3, '0');
  return `${beijingDigits(now)}${millis}${drawn.join('')}`;
}
