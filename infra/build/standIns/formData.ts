import { randomBytes } from 'node:crypto';

const LINE_END = '\r\n';

/**
 * Stands in for the package `form-data`, which the SDK needs for the calls of cloud pay alone: a form of texts and
 * bytes, written as that package writes it. With what is below it the package is thirty times as long, since it can
 * send files and streams; here they throw.
 */
export default class FormData {
  readonly #boundary = `--------------------------${randomBytes(12).toString('hex')}`;
  readonly #parts: Uint8Array[] = [];

  append(name: string, value: unknown): void {
    const quoted = name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
    const isBytes = Buffer.isBuffer(value);
    if (!isBytes && !(value == null || ['string', 'number'].includes(typeof value))) {
      throw new Error(
        `form-data with ${name} was left out of this bundle; see infra/build/cuts.ts`,
      );
    }
    this.#parts.push(
      Buffer.from(
        [
          `--${this.#boundary}`,
          `Content-Disposition: form-data; name="${quoted}"`,
          ...(isBytes ? ['Content-Type: application/octet-stream'] : []),
          LINE_END,
        ].join(LINE_END),
      ),
      isBytes ? value : Buffer.from(String(value)),
      Buffer.from(LINE_END),
    );
  }

  getBoundary(): string {
    return this.#boundary;
  }

  getHeaders(): Record<string, string> {
    return { 'content-type': `multipart/form-data; boundary=${this.#boundary}` };
  }

  getBuffer(): Buffer {
    return Buffer.concat([...this.#parts, Buffer.from(`--${this.#boundary}--${LINE_END}`)]);
  }
}
