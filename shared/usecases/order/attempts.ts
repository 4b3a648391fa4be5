import type { OrderDocument } from '../../domain/order/order.ts';
import { numberOfAttempt, PURCHASE_ATTEMPTS_MAX } from '../../domain/order/purchase.ts';
import { type OrderStore, StoreError } from '../../ports/store.ts';

/** Attempts are read so many at once: most purchases have one. */
const BATCHES = [1, 3, 12, 28, 56] as const;

/** The orders of a purchase, as far as they can be read. */
export interface Attempts {
  documents: OrderDocument[];
  /** Why one of them cannot be; what it is, and whether it was paid, nobody knows. */
  unreadable?: StoreError;
}

/**
 * Reads the orders of a purchase from its first attempt on, up to the first number that is free: an attempt exists
 * only where the one before it does. One that cannot be read hides none of the others.
 */
export async function readAttempts(
  purchaseId: string,
  { get }: Pick<OrderStore, 'get'>,
): Promise<Attempts> {
  const found: (OrderDocument | StoreError)[] = [];
  for (const size of BATCHES) {
    const first = found.length + 1;
    const last = Math.min(first + size - 1, PURCHASE_ATTEMPTS_MAX);
    const numbers = Array.from({ length: last - first + 1 }, (_, index) =>
      numberOfAttempt(purchaseId, first + index),
    );
    const read = await Promise.all(numbers.map((number) => get(number).catch(unreadableIn)));
    const free = read.indexOf(undefined);
    const taken = free === -1 ? read : read.slice(0, free);
    found.push(...taken.filter((document) => document !== undefined));
    if (free !== -1) break;
  }
  const documents = found.filter(isDocument);
  const unreadable = found.find((one) => one instanceof StoreError);
  return unreadable ? { documents, unreadable } : { documents };
}

/** Takes the fault of one document; whatever else keeps it from being read keeps all from it, and is thrown on. */
function unreadableIn(error: unknown): StoreError {
  const ofDocument = ['DOCUMENT_UNREADABLE', 'DOCUMENT_NEWER'];
  if (error instanceof StoreError && ofDocument.includes(error.code)) return error;
  throw error;
}

function isDocument(one: OrderDocument | StoreError): one is OrderDocument {
  return !(one instanceof StoreError);
}
