import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, gzip } from 'node:zlib';
import * as z from 'zod/mini';
import type { Row } from '../../world/data.ts';
import { RefusalError } from '../errors.ts';

/**
 * A saved world is a file of JSON lines, gzipped: its head, what the cloud had in memory, then each row of the data
 * file's tables as it lies there.
 */
export interface SavedWorld {
  head: Head;
  memory: unknown;
  rows: ReadonlyMap<string, readonly Row[]>;
}

const HEAD = z.strictObject({
  format: z.literal('scf-wechatpay world'),
  version: z.literal(1),
  /** In real time. */
  savedAt: z.string(),
  /** By the clock of that world. */
  now: z.string(),
  orders: z.int(),
  /** The columns of each table that is in the file. */
  columns: z.record(z.string(), z.array(z.string())),
});

/** The first line of the file: what it is, and what is in it. */
export type Head = z.infer<typeof HEAD>;

/** A file holds at most this much once it is unpacked: the texts of some 50,000 orders. */
const BYTES_MAX = 256 * 1024 * 1024;
/** The head is within these first bytes of a file. */
export const HEAD_BYTES = 16 * 1024;
const ROW = z.tuple([z.string()], z.union([z.string(), z.number(), z.null()]));

/** Writes a world as a file. */
export async function encodeWorld({ head, memory, rows }: SavedWorld): Promise<Buffer> {
  const lines = [head, memory].map((part) => JSON.stringify(part));
  for (const [table, ofTable] of rows) {
    for (const row of ofTable) lines.push(JSON.stringify([table, ...row]));
  }
  return promisify(gzip)(Buffer.from(lines.join('\n')));
}

/** Reads a file that may be anybody's, gzipped or not; refuses what is no whole world of this version. */
export async function decodeWorld(file: Uint8Array): Promise<SavedWorld> {
  const [first = '', second = '', ...others] = (await unpacked(file)).split('\n');
  const head = headOf(first);
  const rows = new Map(Object.keys(head.columns).map((table): [string, Row[]] => [table, []]));
  for (const line of others.filter(Boolean)) {
    const [table, ...row] = rowOf(line);
    const found = rows.get(table);
    if (!found || row.length !== head.columns[table]?.length) throw broken(`a row of ${table}`);
    found.push(row);
  }
  return { head, memory: jsonOf(second), rows };
}

/** Reads the head from the first bytes of a file. */
export function decodeHead(begin: Uint8Array): Head {
  const text = isGzip(begin)
    ? gunzipSync(begin, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: BYTES_MAX })
    : begin;
  return headOf(Buffer.from(text).toString('utf8').split('\n')[0] ?? '');
}

/** Makes the refusal of a file that is no world, or not whole. */
export function broken(what: string): RefusalError {
  const message = `世界文件已损坏或不是世界文件，什么也没有改变 (no world, or not whole; nothing was changed): ${what}`;
  return new RefusalError(400, 'BROKEN_WORLD', message, 'body');
}

/** Makes the refusal of a world of another version than this cloud reads. */
export function otherVersion(what: string): RefusalError {
  const message = `世界文件的版本与这个本地云不同，什么也没有改变 (of another version; nothing was changed): ${what}`;
  return new RefusalError(400, 'OTHER_VERSION', message, 'body');
}

function headOf(line: string): Head {
  const found = jsonOf(line);
  const { format, version } = Object(found);
  if (format !== 'scf-wechatpay world') throw broken('format');
  if (version !== 1) throw otherVersion(String(version));
  const parsed = HEAD.safeParse(found);
  if (parsed.success) return parsed.data;
  throw broken(parsed.error.issues[0]?.path.join('.') ?? 'head');
}

function rowOf(line: string): [string, ...(string | number | null)[]] {
  const parsed = ROW.safeParse(jsonOf(line));
  if (!parsed.success) throw broken('a row');
  for (const value of parsed.data) {
    if (typeof value === 'string' && /^[[{]/.test(value)) jsonOf(value);
  }
  return parsed.data;
}

/** Parses JSON that names no prototype: whoever copies it would change what objects are. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text, (key, value) => {
      if (key === '__proto__') throw new Error(key);
      return value;
    });
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

async function unpacked(file: Uint8Array): Promise<string> {
  try {
    const options = { maxOutputLength: BYTES_MAX };
    const bytes = isGzip(file) ? await promisify(gunzip)(file, options) : file;
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}
