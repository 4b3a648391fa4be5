/** A key or certificate as it was given: its DER bytes and, when it was PEM, its label. */
export interface EncodedKey {
  /** `PRIVATE KEY`, `CERTIFICATE`, …; absent when bare base64 was given. */
  label?: string;
  der: Buffer;
}

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;
const BASE64 = /^[0-9A-Za-z+/]+={0,2}$/;

/**
 * Reads keys or certificates in each form that an environment variable can hold: PEM, PEM in one
 * line with `\n`, `\\n` (escaped twice on its way) or blanks for line ends, base64 of the DER, base64 of the PEM. A PEM text may hold
 * several, one after the other; the list is empty when the text is nothing of all that.
 */
export function readPem(text: string): EncodedKey[] {
  if (text.includes('-----BEGIN ')) return blocksOf(text);
  const bytes = fromBase64(text);
  if (!bytes) return [];
  return bytes.includes('-----BEGIN ') ? blocksOf(bytes.toString('latin1')) : [{ der: bytes }];
}

function blocksOf(pem: string): EncodedKey[] {
  return [...pem.matchAll(PEM)].flatMap(([, label = '', body = '']) => {
    const der = fromBase64(body);
    return der ? [{ label, der }] : [];
  });
}

function fromBase64(text: string): Buffer | undefined {
  const packed = text.replace(/\\+[rn]|\s/g, '');
  return BASE64.test(packed) ? Buffer.from(packed, 'base64') : undefined;
}
