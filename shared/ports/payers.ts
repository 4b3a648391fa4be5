import type { Payer } from '../domain/payer.ts';

/**
 * Stores what is counted of each payer. Whoever writes may have written although the answer says
 * `conflict`: the next read shows it, for each order is counted by its number.
 */
export interface PayerStore {
  /** Reads a payer; one without orders so far has version 0. */
  get(openid: string): Promise<Payer>;
  /** Writes a payer whole if the stored version is still the one that it has; it becomes the next one. */
  write(payer: Payer): Promise<'written' | 'conflict'>;
}
