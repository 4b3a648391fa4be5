import { signMessage } from '../contract/event/signature.ts';
import type { AskPrice } from '../ports/merchant.ts';
import type { ChannelDeps } from './channels.ts';
import { quoteByFunction } from './functionChannel.ts';

/** The merchant's function that names prices, as it is configured. */
export interface QuoteOptions {
  /** The newest first; without any nobody is asked. */
  keys: readonly Uint8Array[];
  quoteFunction: string;
}

/** Makes the question to the merchant's function; it is signed as it leaves. */
export function createQuotes(
  { keys, quoteFunction }: QuoteOptions,
  { callFunction, now, randomBytes }: ChannelDeps,
): AskPrice {
  return async (body, timeoutMs) => {
    if (keys.length === 0) return { kind: 'unsigned' };
    const id = `quote.${Buffer.from(randomBytes(16)).toString('hex')}`;
    const signed = signMessage(keys, { id, body }, now());
    return quoteByFunction(() => callFunction(quoteFunction, signed, timeoutMs));
  };
}
