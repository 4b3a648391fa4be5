import type { Diagnosis } from '../control/api/signature.ts';

const SHOWN_BEFORE = 24;
const SHOWN_AFTER = 16;

/** Finds the first byte at which what was signed and what came differ, with what stands around it. */
export function differenceOf(
  signed: Buffer,
  received: Buffer,
): NonNullable<Diagnosis['difference']> {
  const ends = Math.max(signed.length, received.length);
  let at = 0;
  while (at < ends && signed[at] === received[at]) at += 1;
  const around = (text: Buffer, from: number, to: number) => text.subarray(from, to).toString();
  return {
    at,
    before: around(signed, Math.max(0, at - SHOWN_BEFORE), at),
    signed: around(signed, at, at + SHOWN_AFTER),
    received: around(received, at, at + SHOWN_AFTER),
  };
}

/** Names the part of the base string that a byte of it belongs to. */
export function placeIn(message: Buffer, at: number): string {
  const afterTime = message.indexOf('\n') + 1;
  const afterNonce = message.indexOf('\n', afterTime) + 1;
  if (at < afterTime) return 'wechatpay-timestamp';
  return at < afterNonce ? 'wechatpay-nonce' : `body[${at - afterNonce}]`;
}
