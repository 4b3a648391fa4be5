import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { agentTo } from '../../cloud/access.ts';

/** A request; `body` is sent as JSON. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  url: URL;
  body?: string;
}

/** An answer: header names in lower case. */
export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

const TIMEOUT_MS = 10_000;
/** No answer of ours is longer; a stranger's page is not read to its end. */
const BODY_BYTES_MAX = 64 * 1024;

/**
 * Sends a request over https, following no redirect; with `endpoint` (the local cloud) over http to
 * that address, whatever the name in the URL. Rejects with an Error whose `code` tells why nothing
 * was answered.
 */
export function sendRequest(
  { method, url, body = '' }: HttpRequest,
  endpoint?: URL,
): Promise<HttpAnswer> {
  const options = {
    method,
    host: url.hostname,
    path: `${url.pathname}${url.search}`,
    timeout: TIMEOUT_MS,
    ...(endpoint ? { port: endpoint.port, agent: agentTo(endpoint) } : { port: url.port || 443 }),
    headers: {
      host: url.host,
      ...(method === 'POST'
        ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
        : {}),
    },
  };
  return new Promise((resolve, reject) => {
    const request = (endpoint ? httpRequest : httpsRequest)(options, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > BODY_BYTES_MAX) request.destroy(errorWithCode('ETOOBIG'));
        else chunks.push(chunk);
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.once('timeout', () => request.destroy(errorWithCode('ETIMEDOUT')));
    request.once('error', reject);
    request.end(body);
  });
}

function errorWithCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
