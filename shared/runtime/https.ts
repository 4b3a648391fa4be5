import http from 'node:http';
import https from 'node:https';
import {
  type HttpAnswer,
  type HttpRequest,
  type Transport,
  UNSENT_CODES,
} from '../ports/transport.ts';

/** A failure of ours, with a code like those of the system. */
class WireError extends Error {
  readonly code: 'ETIMEDOUT' | 'ETOOBIG' | 'ENOTSENT';
  constructor(code: WireError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * Makes the transport over HTTPS (HTTP on a loopback address, for a local WeChat Pay), with
 * connections kept alive. It follows no redirect, decodes nothing and repeats nothing: a repeat is
 * safe only where WeChat knows our number again, and the caller knows where that is.
 *
 * Rejects with `code` ENOTSENT, ECONNREFUSED, ENOTFOUND, … when no byte of the request left, with
 * ECONNRESET, ETIMEDOUT, ETOOBIG when it may have arrived. `timeoutMs` bounds the whole exchange.
 */
export function createTransport(): Transport {
  return (request) => {
    const url = new URL(request.url);
    const secure = url.protocol === 'https:';
    const options = { method: request.method, headers: headersOf(request) };
    const sending = secure ? https.request(url, options) : http.request(url, options);
    return exchange(sending, request, secure ? 'secureConnect' : 'connect');
  };
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  if (body === undefined) return headers;
  return { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
}

/** Runs one exchange to its end; it fails only once, and leaves no timer behind. */
function exchange(
  sending: http.ClientRequest,
  { body, timeoutMs, bytesMax }: HttpRequest,
  ready: 'connect' | 'secureConnect',
): Promise<HttpAnswer> {
  let sent = false;
  sending.once('socket', (socket) => {
    if (sending.reusedSocket) sent = true;
    else socket.once(ready, () => (sent = true));
  });
  return new Promise<HttpAnswer>((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(sent ? error : unsent(error));
      sending.destroy();
    };
    const late = () => fail(new WireError('ETIMEDOUT', `no answer within ${timeoutMs} ms`));
    const timer = setTimeout(late, timeoutMs);
    sending.on('error', fail);
    sending.once('response', (response) => {
      readBody(response, bytesMax).then((bytes) => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, headers: flat(response.headers), body: bytes });
      }, fail);
    });
    sending.end(body);
  });
}

/** Gives every other failure before the first byte a code: a slow or broken handshake, a bad certificate. */
function unsent(error: Error): Error {
  if ('code' in error && UNSENT_CODES.includes(String(error.code))) return error;
  return new WireError('ENOTSENT', `the connection never stood: ${error.message}`, error);
}

async function readBody(response: http.IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new WireError('ETOOBIG', `more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return Object.fromEntries(pairs);
}
