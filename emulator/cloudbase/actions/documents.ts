import type { Session } from '../transactions/session.ts';
import { type Doc, fromClient } from '../values/ejson.ts';
import { type Fields, flag, optionalText, requiredText } from '../wire/fields.ts';
import type { ActionDeps, Reply } from './action.ts';

/** Reads `query`; left out it matches everything. */
export function queryOf(fields: Fields, now: Date): Doc {
  const text = optionalText(fields, 'query');
  return text === undefined ? {} : fromClient(text, 'query', now);
}

/** Names the collection that an action is about. */
export function collectionOf(fields: Fields): string {
  return requiredText(fields, 'collectionName');
}

/** Reads how many matching documents a write may touch: all with `multi`, else the first. */
export function reachOf(fields: Fields): number {
  return flag(fields, 'multi') ? Number.POSITIVE_INFINITY : 1;
}

/** Runs work on documents inside the transaction that the call names, else as one commit. */
export async function onDocuments<T>(
  fields: Fields,
  { transactions }: ActionDeps,
  work: (session: Session) => T,
): Promise<T> {
  const transactionId = optionalText(fields, 'transactionId');
  return transactionId === undefined
    ? transactions.outside(work)
    : transactions.within(transactionId, work);
}

/** Describes a write for the timeline: the document if it was one, else the collection. */
export function aboutWrite(
  fields: Fields,
  ids: unknown[],
  detail: Record<string, unknown>,
): NonNullable<Reply['about']> {
  const [id] = ids;
  const name = collectionOf(fields);
  const subject = ids.length === 1 ? `${name}/${String(id)}` : name;
  const inTransaction = optionalText(fields, 'transactionId') !== undefined;
  return { subject, detail: inTransaction ? { ...detail, inTransaction } : detail };
}
