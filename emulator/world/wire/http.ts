/** Headers by name, or all of them; the web's own are such, and {@link PlainHeaders}. */
export interface HttpHeaders extends Iterable<[name: string, value: string]> {
  get(name: string): string | null;
  has(name: string): boolean;
}

/**
 * A request as services read it: one of the web's, or one that costs less. Its `signal` is aborted once nobody
 * waits for the answer.
 */
export interface HttpRequest
  extends Pick<Request, 'method' | 'url' | 'signal' | 'text' | 'arrayBuffer'> {
  headers: HttpHeaders;
}

/** An answer of the web's, or a {@link WholeAnswer}. */
export interface HttpResponse extends Pick<Response, 'status' | 'text' | 'json' | 'arrayBuffer'> {
  headers: HttpHeaders;
}

/** Headers under names in small letters, found by any. */
export class PlainHeaders implements HttpHeaders {
  readonly #values: ReadonlyMap<string, string>;

  constructor(pairs: Iterable<readonly [name: string, value: string]>) {
    this.#values = new Map(pairs);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values.entries();
  }
}

/** An answer that is there: without the streams of the web's, which cost more than most answers. */
export class WholeAnswer implements HttpResponse {
  readonly status = 200;
  readonly whole: string | Buffer;
  readonly headers: PlainHeaders;

  constructor(whole: string | Buffer, type: string) {
    this.whole = whole;
    this.headers = new PlainHeaders([['content-type', type]]);
  }

  text = async () => String(this.whole);
  json = async () => JSON.parse(String(this.whole)) as unknown;
  arrayBuffer = async () => new Uint8Array(Buffer.from(this.whole)).buffer;
}
