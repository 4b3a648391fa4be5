import type { Due } from '../../ports/store.ts';

/** One worker's part of what is due: `index` 0 is the timer's own run, 1 and up the workers it starts. */
export interface Shard {
  index: number;
  /** How many workers share the orders. */
  of: number;
}

/**
 * Tells whether an order belongs to a worker. Those of cloud pay stay with the timer's own run: a worker
 * that it starts has no token of the platform.
 */
export function isInShard({ outTradeNo, link }: Due, { index, of }: Shard): boolean {
  return (link === 'cloudPay' ? 0 : hashOf(outTradeNo) % of) === index;
}

/** FNV-1a over the characters: numbers that differ in a digit fall apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  // The low bits alone would follow the last digit.
  return (hash ^ (hash >>> 15)) >>> 0;
}
