import { refuse } from '../errors.ts';

/** The fields of one request by name, as parsed from JSON; fields of a multipart body are bytes. */
export type Fields = ReadonlyMap<string, unknown>;

/** Reads a text field that may be left out; empty counts as left out, as it does for the SDK. */
export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  const text = Buffer.isBuffer(value) ? value.toString('utf8') : value;
  if (text === undefined || text === null || text === '') return undefined;
  if (typeof text !== 'string') throw refuse.malformed(`${name} must be a string`);
  return text;
}

/** Reads a text field that must be there. */
export function requiredText(fields: Fields, name: string): string {
  const text = optionalText(fields, name);
  if (text === undefined) throw refuse.malformed(`${name} is missing`);
  return text;
}

/** Reads a count (`limit`, `offset`); left out or 0 gives `fallback`. */
export function count(fields: Fields, name: string, fallback: number): number {
  const value = fields.get(name) ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw refuse.malformed(`${name} must be a non-negative integer`);
  }
  return value === 0 ? fallback : value;
}

/** Reads a switch (`multi`, `merge`, `upsert`); left out is off. */
export function flag(fields: Fields, name: string): boolean {
  const value = fields.get(name) ?? false;
  if (typeof value !== 'boolean') throw refuse.malformed(`${name} must be a boolean`);
  return value;
}

/** Reads a list field that must be there (`data` of an insert, `stages`). */
export function list(fields: Fields, name: string): unknown[] {
  const value = fields.get(name);
  if (!Array.isArray(value) || value.length === 0) {
    throw refuse.malformed(`${name} must be a list that is not empty`);
  }
  return value;
}
