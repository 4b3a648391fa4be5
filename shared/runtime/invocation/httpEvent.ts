import { BODY_BYTES_MAX } from '../../domain/limits.ts';

/** An HTTP request as functions see it: header names in lower case, the body's raw bytes. */
export interface HttpEvent {
  headers?: Record<string, string>;
  body?: Uint8Array;
}

/**
 * Reads the event of an HTTP access route or function URL (876/41776, 583/96099). What
 * is missing or ill-formed stays out, for the contract to name.
 */
export function httpEventOf(event: unknown): HttpEvent {
  if (typeof event !== 'object' || event === null) return {};
  const { headers, body, isBase64Encoded } = event as Record<string, unknown>;
  const read: HttpEvent = {};
  if (typeof headers === 'object' && headers !== null) read.headers = lowerCased(headers);
  if (typeof body === 'string') {
    read.body = bytesOf(body, isBase64Encoded === true ? 'base64' : 'utf8');
  }
  return read;
}

/** Decodes a body; of one that is too large only so much as shows that, for whoever verifies it to refuse. */
function bytesOf(body: string, encoding: 'base64' | 'utf8'): Uint8Array {
  const charactersMax =
    encoding === 'base64' ? Math.ceil(BODY_BYTES_MAX / 3) * 4 + 4 : BODY_BYTES_MAX + 1;
  return Buffer.from(body.slice(0, charactersMax), encoding);
}

/** Lowers the names of headers; one that came twice, in whatever case, gets both values, as HTTP joins them. */
function lowerCased(headers: object): Record<string, string> {
  // As the platform sends them; to sort them again name by name takes longer than a decryption.
  if (areLowerCased(headers)) return { ...headers };
  const read = new Map<string, string>();
  for (const [sent, value] of Object.entries(headers)) {
    if (typeof value !== 'string') continue;
    const name = sent.toLowerCase();
    const before = read.get(name);
    read.set(name, before === undefined || before === value ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(read);
}

function areLowerCased(headers: object): headers is Record<string, string> {
  // All names in one text: to lower each by itself takes three times as long.
  const names = Object.keys(headers).join();
  return names === names.toLowerCase() && Object.values(headers).every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
