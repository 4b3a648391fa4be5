/** An HTTP request to WeChat Pay. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Absolute. */
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** More bytes than this in the answer are an error. */
  bytesMax: number;
}

/** Its answer; header names in lower case. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Sends a request. Rejects with an Error whose `code` is ECONNREFUSED, ENOTFOUND, … (never sent) or
 * ECONNRESET, ETIMEDOUT, ETOOBIG (sent, outcome unknown).
 */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** Codes of the system for a connection that was never established: not a byte of the request left. */
export const UNSENT_CODES: readonly string[] = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];
