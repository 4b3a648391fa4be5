import { createHash } from 'node:crypto';
import type { CountedOrder, Payer } from '../../domain/payer.ts';
import type { PayerStore } from '../../ports/payers.ts';
import { StoreError } from '../../ports/store.ts';
import { attempt } from '../attempts.ts';
import * as is from '../shape.ts';

/** A payer as stored. */
export interface StoredPayer {
  /** A hash of the openid: the platform logs the ids of documents, and an openid belongs in no log. */
  _id: string;
  version: number;
  orders: readonly CountedOrder[];
  lookedAt?: Date;
}

/** The collection as the store needs it: three operations, each atomic, each of which may throw. */
export interface PayersCollection {
  find(id: string): Promise<unknown>;
  /** `taken` when there is a document already. */
  add(stored: StoredPayer): Promise<'added' | 'taken'>;
  /** Writes over the version before; tells whether that was the stored one. */
  replace(stored: StoredPayer): Promise<boolean>;
}

const readable = is.shape({
  _id: is.text,
  version: is.version,
  orders: is.list(
    is.shape({
      outTradeNo: is.text,
      at: is.date,
      expiresAt: is.date,
      ended: is.optional(is.oneOf(true)),
    }),
  ),
  lookedAt: is.optional(is.date),
});

/** Makes the store over a collection. */
export function createPayerStore(
  collection: PayersCollection,
  wait: (ms: number) => Promise<void>,
): PayerStore {
  return {
    get: async (openid) => {
      const id = payerIdOf(openid);
      const { answer } = await attempt(() => collection.find(id), wait, {
        writes: false,
      });
      return answer === undefined ? { openid, version: 0, orders: [] } : read(openid, answer);
    },
    write: async ({ openid, version, ...counted }) => {
      const stored = { _id: payerIdOf(openid), version: version + 1, ...counted };
      is.must(readable, stored, 'payer');
      const write = () =>
        version === 0
          ? collection.add(stored).then((added) => added === 'added')
          : collection.replace(stored);
      const { answer } = await attempt(write, wait, { writes: true });
      return answer ? 'written' : 'conflict';
    },
  };
}

/** Makes the id of a payer's document. */
export function payerIdOf(openid: string): string {
  is.must(is.text, openid, 'openid');
  return createHash('sha256').update(openid).digest('hex').slice(0, 32);
}

function read(openid: string, answer: unknown): Payer {
  const wrong = readable(answer);
  if (wrong !== undefined) {
    throw new StoreError(
      'DOCUMENT_UNREADABLE',
      'never',
      `stored payer cannot be read: payer${wrong}`,
    );
  }
  const { version, orders, lookedAt } = answer as StoredPayer;
  return { openid, version, orders, ...(lookedAt === undefined ? {} : { lookedAt }) };
}
