import { BSONRegExp, calculateObjectSize, EJSON } from 'bson';
import { refuse } from '../errors.ts';

/** A document, a query, an update: whatever travels as one extended-JSON object. */
export type Doc = Record<string, unknown>;

/** A document may hold this many BSON bytes (MongoDB). */
const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

/** Writes a value as canonical extended JSON, the form of documents on the wire and on disk. */
export function toText(value: unknown): string {
  return EJSON.stringify(value, { relaxed: false });
}

/** Objects and lists may lie this deep in each other, the document itself counted (MongoDB). */
const NESTING_MAX = 100;

/** Writes a document for keeping; refuses one over 16 MB, or nested too deep. */
export function documentText(doc: Doc): string {
  if (isDeeperThan(doc, NESTING_MAX)) {
    throw refuse.database(`the document is nested deeper than ${NESTING_MAX} levels`);
  }
  const text = toText(doc);
  // Canonical text is about as long as BSON or longer: most documents need no exact count.
  if (text.length > DOCUMENT_BYTES_MAX / 2 && calculateObjectSize(doc) > DOCUMENT_BYTES_MAX) {
    throw refuse.database('BSONObjectTooLarge: the document is larger than 16777216 bytes');
  }
  return text;
}

/**
 * Writes a document as answers have it: an ObjectId is its 24 hexadecimal digits, in any field. Inside a text
 * quotes are escaped, so that none is taken for one.
 */
export function answerText(text: string): string {
  return text.replace(/\{"\$oid":("[0-9a-f]{24}")\}/g, '$1');
}

/** Reads a document that was kept; every call gives a fresh one. */
export function fromText(text: string): Doc {
  return readObject(text, 'document', undefined);
}

/**
 * Reads an object that a client sent: `$tcb_server_date` becomes `now` plus its offset in
 * milliseconds, extended-JSON numbers and dates become JavaScript's.
 */
export function fromClient(text: unknown, what: string, now: Date): Doc {
  if (typeof text !== 'string') throw refuse.malformed(`${what} must be an EJSON string`);
  return readObject(text, what, now);
}

/** Reads the value of an aggregation stage, which may be any JSON value. */
export function valueFromClient(text: unknown, what: string, now: Date): unknown {
  if (typeof text !== 'string') throw refuse.malformed(`${what} must be an EJSON string`);
  return readValue(text, what, now);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (!Array.isArray(value) && !isPlainObject(value)) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

function readObject(text: string, what: string, now: Date | undefined): Doc {
  const value = readValue(text, what, now);
  if (!isPlainObject(value)) throw refuse.malformed(`${what} must be an object`);
  return value;
}

function readValue(text: string, what: string, now: Date | undefined): unknown {
  let value: unknown;
  try {
    value = EJSON.parse(text);
  } catch {
    throw refuse.malformed(`${what} is not extended JSON`);
  }
  return /tcb_server_date|\$reg/.test(text) ? resolve(value, now) : value;
}

/** Whether a value is an object of fields: no array, date, pattern or BSON value. */
export function isPlainObject(value: unknown): value is Doc {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  );
}

function resolve(value: unknown, now: Date | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, now));
  if (value instanceof BSONRegExp) return toRegExp(value);
  if (!isPlainObject(value)) return value;
  if (now && isPlainObject(value.$tcb_server_date)) {
    return new Date(now.getTime() + Number(value.$tcb_server_date.offset ?? 0));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, resolve(item, now)]),
  );
}

function toRegExp(value: BSONRegExp): RegExp {
  try {
    return new RegExp(value.pattern, value.options);
  } catch {
    throw refuse.malformed('not a regular expression that can be run here');
  }
}
