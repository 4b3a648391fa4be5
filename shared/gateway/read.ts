/**
 * Reads JSON from outside strictly: every field is read by name and type, and the first that is missing
 * or of another type ends the reading with a {@link Malformed}.
 */

import { isUtf8 } from 'node:buffer';
import { type Fen, fen } from '../domain/money.ts';

/** A text from outside is not what was agreed; `field` is the path of the first wrong field. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly field: string;
  constructor(field: string) {
    super(`malformed: ${field}`);
    this.field = field;
  }
}

/** Numbers, words and addresses: visible ASCII, so that none can forge a line of a signed text. */
const WORD = /^[!-~]+$/;
const WORD_LENGTH_MAX = 2048;

/** An object of a JSON text. Only own fields count, so that `__proto__` is a name like any other. */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Malformed(path === '' ? 'json' : path);
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  /** Tells whether a field is there; `null` and an empty text count as absent. */
  has(name: string): boolean {
    const value = this.#get(name);
    return value !== undefined && value !== '';
  }

  /** A field of visible ASCII characters, at least one. */
  word(name: string): string {
    const value = this.#get(name);
    if (typeof value !== 'string' || !WORD.test(value)) throw this.#malformed(name);
    if (value.length > WORD_LENGTH_MAX) throw this.#malformed(name);
    return value;
  }

  /** A field of any characters. */
  text(name: string): string {
    const value = this.#get(name);
    if (typeof value !== 'string') throw this.#malformed(name);
    return value;
  }

  /** Tells whether a field is a text. */
  isText(name: string): boolean {
    return typeof this.#get(name) === 'string';
  }

  /** An amount: a whole, exact number of fen. */
  fen(name: string): Fen {
    const value = this.#get(name);
    if (!Number.isSafeInteger(value) || Number(value) < 0) throw this.#malformed(name);
    return fen(Number(value));
  }

  /** An RFC 3339 instant with its offset. */
  instant(name: string): Date {
    const at = fromRfc3339(this.text(name));
    if (!at) throw this.#malformed(name);
    return at;
  }

  /** Reads what no decision needs: undefined where it is absent or not as it should be. */
  optional<T>(read: (fields: this) => T): T | undefined {
    try {
      return read(this);
    } catch (error) {
      if (error instanceof Malformed) return undefined;
      throw error;
    }
  }

  /** An object inside this one. */
  object(name: string): Fields {
    return new Fields(this.#get(name), this.#at(name));
  }

  /** A list of objects, at most so many. */
  objects(name: string, countMax: number): Fields[] {
    const value = this.#get(name);
    if (!Array.isArray(value) || value.length > countMax) throw this.#malformed(name);
    return value.map((each, i) => new Fields(each, `${this.#at(name)}[${i}]`));
  }

  /** A list of texts, at most so many. */
  texts(name: string, countMax: number): string[] {
    const value = this.#get(name);
    if (!Array.isArray(value) || value.length > countMax) throw this.#malformed(name);
    if (!value.every((each) => typeof each === 'string')) throw this.#malformed(name);
    return value;
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined;
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #malformed(name: string): Malformed {
    return new Malformed(this.#at(name));
  }
}

/** Reads the bytes of one JSON object, UTF-8; throws a {@link Malformed} when they are none. */
export function readFields(bytes: Uint8Array): Fields {
  return new Fields(parseJson(bytes));
}

/** Parses the bytes of a JSON text, UTF-8; throws a {@link Malformed} when they are none. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  // Measured: a TextDecoder takes as long as all other checks of a notification together. What is not
  // UTF-8 is decoded to U+FFFD; where there is one, the bytes are checked: it may be in the text itself.
  if (text.includes('\uFFFD') && !isUtf8(bytes)) throw new Malformed('json');
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed('json');
  }
}

function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString();
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const MINUTE_MS = 60_000;

/**
 * Reads `2021-01-28T17:07:11+08:00`; undefined when the text names no instant (a 30 February). By
 * hand: `new Date(text)` and printing it again to compare took a tenth of a whole notification.
 */
function fromRfc3339(text: string): Date | undefined {
  if (!RFC_3339.test(text)) return undefined;
  const month = number(text, 5);
  const day = number(text, 8);
  const hour = number(text, 11);
  const minute = number(text, 14);
  const second = number(text, 17);
  const wallMs = Date.UTC(Number(text.slice(0, 4)), month - 1, day, hour, minute, second);
  const offset = text.endsWith('Z') ? '+00:00' : text.slice(-6);
  const offsetHours = number(offset, 1);
  const offsetMinutes = number(offset, 4);
  const inRange = hour < 24 && minute < 60 && second < 60 && offsetHours < 24 && offsetMinutes < 60;
  // Date.UTC carries what is too much over into the next month.
  const wall = new Date(wallMs);
  if (!inRange || wall.getUTCDate() !== day || wall.getUTCMonth() !== month - 1) return undefined;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * MINUTE_MS * (offset[0] === '-' ? -1 : 1);
  const fraction = text[19] === '.' ? Math.trunc(Number.parseFloat(text.slice(19)) * 1000) : 0;
  return new Date(wallMs - offsetMs + fraction);
}

/** Two digits of a text that are known to be digits. */
function number(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
