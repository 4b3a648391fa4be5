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
  const order = withoutUndefined({ ...extras, ...known }) as Record<string, unknown>;
  is.must(writable, { checkAt, deliveryAt, order }, 'document');
  return {
    state: document.kind === 'order' ? document.status.state : 'orphan',
    order,
    ...linkIn(order),
    ...(checkAt === null ? {} : { checkAt }),
    ...(document.kind === 'order' && isUrgent(document) ? { urgent: true } : {}),
    ...(deliveryAt === null ? {} : { deliveryAt }),
    ...(attention ? { attentionAt: attention } : {}),
    ...(payments === undefined ? {} : { transactionId: payments }),
    ...(paid ? { paidAt: paid.paidAt } : {}),
    ...(refundNos.length > 0 ? { outRefundNos: refundNos } : {}),
  };
}

function receiptOf(document: OrderDocument) {
  if (document.kind === 'orphan') return document.receipt;
  return document.status.state === 'paid' ? document.status.receipt : undefined;
}

/** Lists the ids of all payments of a document: what is paid, what waits for a decision, second ones. */
function transactionIdsOf(document: OrderDocument): string | string[] | undefined {
  const quarantined = document.kind === 'order' ? document.quarantine?.transactionId : undefined;
  const ids = [
    receiptOf(document)?.transactionId,
    quarantined,
    ...(document.secondPayments ?? []).map(({ transactionId }) => transactionId),
  ].filter((id) => id !== undefined);
  return ids.length > 1 ? [...new Set(ids)] : ids[0];
}

function refundNosOf(document: OrderDocument): string[] {
  return document.refunds?.map(({ outRefundNo }) => outRefundNo) ?? [];
}

/** Reads the link of an order, or of what is stored of it, without parsing it; nothing of what has none. */
export function linkIn({ link }: { link?: unknown }): { link?: string } {
  return typeof link === 'string' ? { link } : {};
}

/** Removes every `undefined`, which the SDK drops or turns to null depending on where it stands. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!is.isRecord(value) || value instanceof Date) return value;
  const defined = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(defined.map(([name, field]) => [name, withoutUndefined(field)]));
}

/**
 * Reads a stored document; throws `DOCUMENT_UNREADABLE` with the first field that is not as it should, and
 * `DOCUMENT_NEWER` for one of later code, whose meaning we do not know.
 */
export function decode(stored: unknown): OrderDocument {
  refuseNewer(stored);
  const wrong = readable(stored, 'document');
  if (wrong !== undefined) {
    throw new StoreError('DOCUMENT_UNREADABLE', 'never', `stored order cannot be read: ${wrong}`);
  }
  const { _id, version, checkAt = null, deliveryAt = null, order } = stored as Stored;
  const names = Object.keys(fields[order.kind as keyof typeof fields]);
  const entries = Object.entries(order);
  const known = entries.filter(([name]) => names.includes(name));
  const unknown = entries.filter(([name]) => !names.includes(name));
  return {
    ...Object.fromEntries(known),
    outTradeNo: _id,
    version,
    checkAt,
    deliveryAt,
    ...(unknown.length > 0 ? { extras: Object.fromEntries(unknown) } : {}),
  } as OrderDocument;
}

/** Throws for a document of later code, which is left alone. */
export function refuseNewer(stored: unknown): void {
  const { _id, schemaVersion }: Partial<Stored> = is.isRecord(stored) ? stored : {};
  if (schemaVersion === undefined || !(schemaVersion > SCHEMA_VERSION)) return;
  const versions = `${schemaVersion} > ${SCHEMA_VERSION}`;
  const message = `${_id}: written by later code, schemaVersion ${versions}`;
  throw new StoreError('DOCUMENT_NEWER', 'never', message);
}
