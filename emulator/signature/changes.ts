import { createHash } from 'node:crypto';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { SignatureCause } from '../control/api/signature.ts';

/** A text that may have been signed in place of the one that came, and the cause that it would show. */
interface Candidate {
  cause: Extract<SignatureCause, 'body_reserialised' | 'line_ends' | 'body_encoded'>;
  body: Buffer;
}

/** The fields of a notification in the order in which WeChat Pay prints them. */
const ORDER = ['id', 'create_time', 'resource_type', 'event_type', 'summary', 'resource'];
const RESOURCE_ORDER = ['original_type', 'algorithm', 'ciphertext', 'associated_data', 'nonce'];

const BOM = '\uFEFF';

/** Lists the bodies of which a server, a gateway or a hand may have made the one that came. */
export function originalsOf(body: Buffer): Candidate[] {
  const text = body.toString();
  const lines = ['\n', '\r\n'].map((end) => text.replace(/\r?\n/g, end));
  const around = [text.trim(), `${text}\n`, text.replace(BOM, ''), BOM + text];
  const decoded = Buffer.from(text, 'base64');
  return [
    ...[...lines, ...around, ...lines.map((each) => each.trim())].map(candidate('line_ends')),
    ...reserialised(text).map(candidate('body_reserialised')),
    { cause: 'body_encoded', body: decoded },
    { cause: 'body_encoded', body: Buffer.from(text, 'latin1') },
  ];
}

function candidate(cause: Candidate['cause']): (text: string) => Candidate {
  return (text) => ({ cause, body: Buffer.from(text) });
}

/** Prints the JSON as serialisers do: compact or wide, in its order or WeChat's, with what each escapes. */
function reserialised(text: string): string[] {
  const value = jsonIn(text);
  if (value === undefined) return [];
  const orders = [value, inOrder(value)];
  const printed = orders.flatMap((each) => [
    JSON.stringify(each),
    JSON.stringify(each, null, 1).replace(/\n\s*/g, ' '),
    JSON.stringify(each, null, 2),
    JSON.stringify(each, null, 4),
  ]);
  return printed.flatMap((each) => {
    const ascii = each.replace(/[\u0080-\uFFFF]/g, escaped);
    return [each, each.replaceAll('/', '\\/'), ascii, ascii.replaceAll('/', '\\/')];
  });
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function jsonIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function inOrder(value: object): object {
  const sorted = sortedBy(value, ORDER);
  const { resource } = sorted;
  if (typeof resource !== 'object' || resource === null) return sorted;
  return { ...sorted, resource: sortedBy(resource, RESOURCE_ORDER) };
}

function sortedBy(value: object, order: readonly string[]): Record<string, unknown> {
  const placeOf = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => placeOf(a) - placeOf(b)));
}

/** A longer text is not searched for the one byte that was changed: it takes a hundred digests a byte. */
const SEARCHED_BYTES_MAX = 2048;
const PRINTABLE = Buffer.from(
  Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(''),
);
const POSITIONS_A_TURN = 32;

/** Finds the text that has a digest and differs in one byte: another, or one too many; undefined where none does. */
export async function oneByteFrom(message: Buffer, digest: Buffer): Promise<Buffer | undefined> {
  if (message.length > SEARCHED_BYTES_MAX) return undefined;
  const prefix = createHash('sha256');
  for (let at = 0; at < message.length; at += 1) {
    const rest = message.subarray(at + 1);
    const isIt = (byte: Uint8Array) =>
      prefix.copy().update(byte).update(rest).digest().equals(digest);
    const without = prefix.copy().update(rest).digest();
    if (without.equals(digest)) return Buffer.concat([message.subarray(0, at), rest]);
    const found = PRINTABLE.findIndex((_, index) => isIt(PRINTABLE.subarray(index, index + 1)));
    if (found >= 0) {
      return Buffer.concat([message.subarray(0, at), PRINTABLE.subarray(found, found + 1), rest]);
    }
    prefix.update(message.subarray(at, at + 1));
    // Others are served meanwhile.
    if (at % POSITIONS_A_TURN === 0) await turnOfTheLoop();
  }
  return undefined;
}
