/**
 * Reads APIv2's XML strictly, as one flat list of named texts. Whatever else XML has
 * (declaration, document type, entity of one's own, attribute, comment, element inside an element) is
 * refused, so that nothing can be expanded, fetched or smuggled in.
 */

import { isUtf8 } from 'node:buffer';
import { Malformed } from '../read.ts';

const OPENING = /\s*<([A-Za-z_][0-9A-Za-z_]{0,63})(\/?)>/y;
/** A part of a value; none is matched twice, so that hostile text costs no more time than honest one. */
const PART = /<!\[CDATA\[([\s\S]*?)\]\]>|&(amp|lt|gt|quot|apos);|([^<&]+)/y;
const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads the elements of one flat XML document of this root; throws a {@link Malformed}. */
export function readXml(bytes: Uint8Array, root: 'xml' | 'root'): Record<string, string> {
  if (!isUtf8(bytes)) throw new Malformed('xml');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString().trim();
  const first = `<${root}>`;
  const last = `</${root}>`;
  if (!text.startsWith(first) || !text.endsWith(last)) throw new Malformed('xml');
  const inside = text.slice(first.length, -last.length).trimEnd();
  const read = new Map<string, string>();
  for (let at = 0; at < inside.length; ) {
    const { name, value, end } = elementAt(inside, at);
    if (read.has(name)) throw new Malformed(name);
    read.set(name, value);
    at = end;
  }
  return Object.fromEntries(read);
}

function elementAt(text: string, from: number): { name: string; value: string; end: number } {
  const opening = matchAt(OPENING, text, from);
  if (!opening) throw new Malformed('xml');
  const [whole, name = '', isEmpty] = opening;
  let end = from + whole.length;
  if (isEmpty) return { name, value: '', end };
  let value = '';
  while (!text.startsWith(`</${name}>`, end)) {
    const part = matchAt(PART, text, end);
    if (!part || part[3]?.includes(']]>')) throw new Malformed(name);
    value += part[1] ?? part[3] ?? characters[part[2] ?? ''];
    end += part[0].length;
  }
  return { name, value, end: end + name.length + 3 };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
