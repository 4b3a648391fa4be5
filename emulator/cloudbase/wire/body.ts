import type { HttpRequest } from '../../world/wire/http.ts';
import { refuse } from '../errors.ts';
import type { Fields } from './fields.ts';

/** A request body taken apart. */
export interface Body {
  fields: Fields;
  /** Multipart values are signed byte by byte, JSON values as text. */
  multipart: boolean;
}

/**
 * Reads the body of `POST /admin`: JSON for documents and functions, multipart for `wx.wxPayApi`.
 */
export async function readBody(request: HttpRequest): Promise<Body> {
  const type = request.headers.get('content-type') ?? '';
  const bytes = Buffer.from(await request.arrayBuffer());
  if (type.startsWith('multipart/form-data')) {
    return { fields: multipartFields(bytes, boundaryOf(type)), multipart: true };
  }
  return { fields: jsonFields(bytes), multipart: false };
}

function jsonFields(bytes: Buffer): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw refuse.malformed('the body is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw refuse.malformed('the body is not a JSON object');
  }
  return new Map(Object.entries(parsed));
}

function boundaryOf(type: string): string {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (!boundary) throw refuse.malformed('the multipart body names no boundary');
  return boundary;
}

// By hand, because Request.formData decodes parts as text and would spoil the protobuf among them.
function multipartFields(bytes: Buffer, boundary: string): Fields {
  const fields = new Map<string, Buffer>();
  const delimiter = Buffer.from(`--${boundary}`);
  let at = bytes.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    at = bytes.indexOf(delimiter, start);
    if (at < 0) break;
    const [name, value] = readPart(bytes.subarray(start, at));
    fields.set(name, value);
  }
  if (fields.size === 0) throw refuse.malformed('the multipart body holds no part');
  return fields;
}

/** Reads one part: `\r\n`, its headers, an empty line, the value, `\r\n`. */
function readPart(bytes: Buffer): [name: string, value: Buffer] {
  const headersEnd = bytes.indexOf('\r\n\r\n');
  const headers = bytes.subarray(0, Math.max(headersEnd, 0)).toString('utf8');
  const name = /name="([^"]*)"/i.exec(headers)?.[1];
  if (!name) throw refuse.malformed('a part of the multipart body has no name');
  return [name, bytes.subarray(headersEnd + 4, bytes.length - 2)];
}
