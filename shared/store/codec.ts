/**
 * Encodes an order for the database: a handful of index fields beside one `order` value that is always
 * replaced whole. Documents are read loosely, and fields that we do not know survive.
 */
import { attentionAt } from '../domain/attention/attention.ts';
import type { Decision } from '../domain/decision.ts';
import { isUrgent } from '../domain/order/nextCheck.ts';
import type { OrderDocument } from '../domain/order/order.ts';
import { StoreError } from '../ports/store.ts';
import { fields, readable, writable } from './documentShape.ts';
import * as is from './shape.ts';

/** The version of this shape; code older than a document neither reads nor writes nor leases it. */
export const SCHEMA_VERSION = 1;

/** The fields that every write sets, but for the bookkeeping of versions. */
export interface Written {
  state: string;
  order: Record<string, unknown>;
  /** Beside the order too, since nothing documents that a projection reaches into a field (`Collection.field`). */
  link?: string;
  /** These are absent where there is nothing, so that sparse indexes leave the document out. */
  checkAt?: Date;
  /** The check holds money, and comes before those that only ask. */
  urgent?: true;
  deliveryAt?: Date;
  /** Since when it needs a human, perhaps from then on. */
  attentionAt?: Date;
  /** Its payments: one, or a list of several. */
  transactionId?: string | string[];
  paidAt?: Date;
  /** Numbers of its refunds, unique over all documents. */
  outRefundNos?: string[];
}

/** The index fields that a write removes where it does not set them. */
export const SPARSE_FIELDS = [
  'checkAt',
  'urgent',
  'deliveryAt',
  'attentionAt',
  'transactionId',
  'paidAt',
  'outRefundNos',
] as const satisfies readonly (keyof Written)[];

/** A document as it is stored. */
export interface Stored extends Written {
  _id: string;
  schemaVersion: number;
  version: number;
  /** Ids of the last writes, oldest first; the last one made `version`. */
  writeIds: string[];
  /** When it was first met and could not be read; gone with the next write, which only a reader can make. */
  unreadableAt?: Date;
  /** The decision to leave it so. */
  unreadableLeft?: Decision;
}

/** How many write ids a document has: so many writes later a lost answer can still be resolved. */
export const WRITE_IDS_MAX = 8;

/**
 * Turns a document into what is written; its number, version and write ids are the store's. Throws a
 * RangeError for what could not be read back.
 */
export function encode(document: OrderDocument): Written {
  const { outTradeNo: _id, version: _version, checkAt, deliveryAt, extras, ...known } = document;
  const paid = receiptOf(document);
  const payments = transactionIdsOf(document);
  const attention = attentionAt(document);
  const refundNos = refundNosOf(document);
  const whole = extras === undefined ? known : { ...extras, ...known };
  const order = withoutUndefined(whole) as Record<string, unknown>;
  is.must(writable, { checkAt, deliveryAt, order }, 'document');
  // Set one by one: to spread what may be absent takes longer than all checks of the document.
  const state = document.kind === 'order' ? document.status.state : 'orphan';
  const written: Written = { state, order, ...linkIn(order) };
  if (checkAt !== null) written.checkAt = checkAt;
  if (document.kind === 'order' && isUrgent(document)) written.urgent = true;
  if (deliveryAt !== null) written.deliveryAt = deliveryAt;
  if (attention) written.attentionAt = attention;
  if (payments !== undefined) written.transactionId = payments;
  if (paid) written.paidAt = paid.paidAt;
  if (refundNos.length > 0) written.outRefundNos = refundNos;
  return written;
}

function receiptOf(document: OrderDocument) {
  if (document.kind === 'orphan') return document.receipt;
  return document.status.state === 'paid' ? document.status.receipt : undefined;
}

/** Lists the ids of all payments of a document: what is paid, what waits for a decision, second ones. */
function transactionIdsOf(document: OrderDocument): string | string[] | undefined {
  const quarantined = document.kind === 'order' ? document.quarantine?.transactionId : undefined;
  const seconds = document.secondPayments?.map(({ transactionId }) => transactionId) ?? [];
  const ids = [receiptOf(document)?.transactionId, quarantined, ...seconds].filter(
    (id) => id !== undefined,
  );
  return ids.length > 1 ? [...new Set(ids)] : ids[0];
}

function refundNosOf(document: OrderDocument): string[] {
  return document.refunds?.map(({ outRefundNo }) => outRefundNo) ?? [];
}

/** Reads the link of an order, or of what is stored of it, without parsing it; nothing of what has none. */
export function linkIn({ link }: { link?: unknown }): { link?: string } {
  return typeof link === 'string' ? { link } : {};
}

/**
 * Removes every `undefined`, which the SDK drops or turns to null depending on where it stands. What has none is
 * not copied: documents are never changed in place.
 */
function withoutUndefined(value: unknown): unknown {
  if (!hasUndefined(value)) return value;
  if (Array.isArray(value)) return value.map(withoutUndefined);
  const defined = Object.entries(value as object).filter(([, field]) => field !== undefined);
  return Object.fromEntries(defined.map(([name, field]) => [name, withoutUndefined(field)]));
}

function hasUndefined(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Date) return false;
  for (const field of Object.values(value)) {
    if (field === undefined || (typeof field === 'object' && hasUndefined(field))) return true;
  }
  return false;
}

/**
 * Reads a stored document; throws `DOCUMENT_UNREADABLE` with the first field that is not as it should, and
 * `DOCUMENT_NEWER` for one of later code, whose meaning we do not know.
 */
export function decode(stored: unknown): OrderDocument {
  refuseNewer(stored);
  const wrong = readable(stored);
  if (wrong !== undefined) {
    throw new StoreError(
      'DOCUMENT_UNREADABLE',
      'never',
      `stored order cannot be read: document${wrong}`,
    );
  }
  const { _id, version, checkAt = null, deliveryAt = null, order } = stored as Stored;
  const isKnown = (name: string) => Object.hasOwn(fields[order.kind as keyof typeof fields], name);
  const own = Object.keys(order).every(isKnown) ? order : withExtras(order, isKnown);
  // Written in this order: to add fields to a copy takes twenty times as long.
  return { outTradeNo: _id, version, checkAt, deliveryAt, ...own } as unknown as OrderDocument;
}

/** Puts aside what later code has added. */
function withExtras(order: Stored['order'], isKnown: (name: string) => boolean): object {
  const known = Object.entries(order).filter(([name]) => isKnown(name));
  const unknown = Object.entries(order).filter(([name]) => !isKnown(name));
  return { ...Object.fromEntries(known), extras: Object.fromEntries(unknown) };
}

/** Throws for a document of later code, which is left alone. */
export function refuseNewer(stored: unknown): void {
  const { _id, schemaVersion }: Partial<Stored> = is.isRecord(stored) ? stored : {};
  if (schemaVersion === undefined || !(schemaVersion > SCHEMA_VERSION)) return;
  const versions = `${schemaVersion} > ${SCHEMA_VERSION}`;
  const message = `${_id}: written by later code, schemaVersion ${versions}`;
  throw new StoreError('DOCUMENT_NEWER', 'never', message);
}
