/** A key or certificate as it was given: its DER bytes and, when it was PEM, what it calls itself. */
export interface Given {
  /** `PRIVATE KEY`, `CERTIFICATE`, …; absent when bare base64 was given. */
  label?: string;
  der: Buffer;
}

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/;
const BASE64 = /^[0-9A-Za-z+/]+={0,2}$/;

/**
 * Reads a key or certificate in each form that an environment variable can hold: PEM, PEM in one
 * line with `\n` or blanks for line ends, base64 of its DER, base64 of its PEM. Undefined when the
 * text is none of them.
 */
export function readPem(text: string): Given | undefined {
  const pem = PEM.exec(text);
  if (pem) {
    const der = fromBase64(pem[2] ?? '');
    return der && { label: pem[1] ?? '', der };
  }
  const bytes = fromBase64(text);
  if (!bytes?.includes('-----BEGIN ')) return bytes && { der: bytes };
  const inner = bytes.toString('latin1');
  return PEM.test(inner) ? readPem(inner) : undefined;
}

function fromBase64(text: string): Buffer | undefined {
  const packed = text.replace(/\\[rn]|\s/g, '');
  return BASE64.test(packed) ? Buffer.from(packed, 'base64') : undefined;
}
