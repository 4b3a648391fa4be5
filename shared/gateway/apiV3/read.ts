/**
 * Strict reading of JSON that came from outside: every field is asked for by name and type, and the
 * first that is missing or of another type ends the reading with a {@link Malformed}.
 */

import { isUtf8 } from 'node:buffer';
import { type Fen, fen } from '../../domain/money.ts';

/** A text from outside is not what was agreed; `field` is the path of the first offence. */
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

  /** Tells whether a field is there; `null` counts as absent. */
  has(name: string): boolean {
    return this.#get(name) !== undefined;
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
  let value: unknown;
  // Measured: a TextDecoder takes as long as all other checks of a notification together.
  if (!isUtf8(bytes)) throw new Malformed('json');
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    throw new Malformed('json');
  }
  return new Fields(value);
}

const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Reads `2021-01-28T17:07:11+08:00`; undefined when the text names no instant (a 30 February). */
function fromRfc3339(text: string): Date | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, wallTime = '', sign, hours = '0', minutes = '0'] = match;
  const at = new Date(text);
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  if (Number.isNaN(at.getTime())) return undefined;
  const shown = new Date(at.getTime() + offsetMs).toISOString().slice(0, wallTime.length);
  return shown === wallTime ? at : undefined;
}
