import type { HttpAnswer, HttpRequest, Transport } from '../../shared/ports/transport.ts';

/** A handler of the local cloud takes web-standard requests. */
export type Handler = (request: Request) => Promise<Response>;

/**
 * Makes a transport that calls a handler in this process. One that throws has lost the message, as a
 * reset connection does; its error comes with `code` ECONNRESET (`ConnectionReset` of emulator/world).
 */
export function inProcessTransport(handler: Handler): Transport {
  return async (request) => {
    const answer = await handler(toRequest(request));
    const body = Buffer.from(await answer.arrayBuffer());
    if (body.length > request.bytesMax) throw tooBig(request);
    return { status: answer.status, headers: headersOf(answer), body };
  };
}

function toRequest({ method, url, headers, body }: HttpRequest): Request {
  return new Request(url, { method, headers, ...(body === undefined ? {} : { body }) });
}

function headersOf(answer: Response): HttpAnswer['headers'] {
  return Object.fromEntries(answer.headers);
}

function tooBig({ bytesMax }: HttpRequest): Error {
  return Object.assign(new Error(`more than ${bytesMax} bytes`), { code: 'ETOOBIG' });
}
