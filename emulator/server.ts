import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EVERY_ADDRESS } from './entry/addresses.ts';
import { openOrClose } from './opening.ts';
import { ConnectionReset } from './world/connectionReset.ts';
import {
  type HttpRequest,
  type HttpResponse,
  PlainHeaders,
  WholeAnswer,
} from './world/wire/http.ts';

/** Answers a request, which came from this address. */
export type Handler = (request: HttpRequest, from?: string) => Promise<HttpResponse>;

/** A server that listens. */
export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** A port that is taken before it is known who answers at it. */
export interface OpenPort extends Listening {
  /** Sets who answers; before that, every request gets 503. */
  serve(handler: Handler): void;
  /**
   * Kills connections that came from these ports, as a freeze does: closes them, or resets each as soon as
   * something is sent on it, which is never served.
   */
  cut(ports: readonly number[], how: 'closed' | 'reset'): void;
}

const LOOPBACK = '127.0.0.1';
const BODY_BYTES_MAX = 10_000_000;

/** Serves a handler as {@link openPort} does, from the first request on. */
export async function listen(handler: Handler, port: number): Promise<Listening> {
  const server = await openPort(port);
  server.serve(handler);
  return server;
}

/**
 * Opens a port for HTTP on the loopback address, and on another one where that is named; `0.0.0.0` and `::` are
 * every one. A message that a fault lost resets its socket; a port that is taken rejects with `EADDRINUSE`.
 */
export async function openPort(port: number, host = LOOPBACK): Promise<OpenPort> {
  let handler: Handler = async () => new Response(null, { status: 503 });
  const connections = new Map<number | undefined, Socket>();
  const dead = new WeakSet<Socket>();
  const underWay = new WeakMap<Socket, AbortController>();
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const waiting = new AbortController();
    underWay.set(incoming.socket, waiting);
    // An abort costs as much as a signature, and who has the answer does not wait for it.
    outgoing.once('close', () => outgoing.writableFinished || waiting.abort());
    const serving = async (body: Buffer) => {
      if (dead.has(incoming.socket)) throw new ConnectionReset({ acted: false });
      const response = await handler(
        requestOf(incoming, body, waiting),
        incoming.socket.remoteAddress,
      );
      if (dead.has(incoming.socket)) throw new ConnectionReset({ acted: true });
      return response;
    };
    answer(serving, incoming, outgoing).catch((error: unknown) => fail(error, incoming, outgoing));
  };
  const keep = (socket: Socket) => {
    const from = socket.remotePort;
    connections.set(from, socket);
    socket.once('close', () => connections.get(from) === socket && connections.delete(from));
  };
  const listening = await listenAt(addressesOf(host), port, () =>
    createServer(serve).on('connection', keep),
  );
  return {
    ...listening,
    serve: (next) => {
      handler = next;
    },
    cut: (ports, how) => {
      for (const socket of ports.map((from) => connections.get(from))) {
        if (socket === undefined) continue;
        if (how === 'closed') socket.destroy();
        else dead.add(socket);
        underWay.get(socket)?.abort();
      }
    },
  };
}

/** Listens at each address, or at none: on the port that the first one got. */
async function listenAt(
  addresses: readonly string[],
  port: number,
  create: () => Server,
): Promise<Listening> {
  const servers: Server[] = [];
  const close = async () => void (await Promise.all(servers.map(closed)));
  let bound = port;
  for (const address of addresses) {
    const server = create();
    // Longer than any SDK keeps its sockets, so that none finds its connection dead.
    server.keepAliveTimeout = 65_000;
    await openOrClose(close, () => waitUntilListening(server, bound, address));
    servers.push(server);
    bound = (server.address() as AddressInfo).port;
  }
  return { port: bound, close };
}

/** Lists where to listen: the SDKs of the functions come by the loopback address, whichever else is named. */
function addressesOf(host: string): string[] {
  return EVERY_ADDRESS.includes(host) || host === LOOPBACK ? [host] : [LOOPBACK, host];
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function waitUntilListening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function answer(
  serving: (body: Buffer) => Promise<HttpResponse>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await read(incoming);
  if (!body) {
    refuseBody(outgoing);
    return;
  }
  const response = await serving(body);
  if (response instanceof Response && isStream(response)) {
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    await pipeline(Readable.fromWeb(response.body as never), outgoing);
    return;
  }
  // In one write: streams between web and Node cost more than most answers.
  const whole =
    response instanceof WholeAnswer ? response.whole : Buffer.from(await response.arrayBuffer());
  const length = whole.length > 0 ? { 'content-length': Buffer.byteLength(whole) } : {};
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...length });
  outgoing.end(whole);
}

function refuseBody(outgoing: ServerResponse): void {
  const message = '请求体超过 10 MB (the body is larger)';
  const error = { code: 'BODY_TOO_LARGE', message, field: 'body' };
  const headers = { connection: 'close', 'content-type': 'application/json' };
  outgoing.writeHead(413, headers).end(JSON.stringify({ error }));
}

/** Tells an answer that goes on, as events do, from one that is there. */
function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

/** Reads a whole body; undefined where it is too large. */
function read(incoming: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else resolve(undefined);
    });
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('error', reject);
  });
}

/** Makes a request that costs a tenth of one of the web's, and reads the same. */
function requestOf(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Buffer,
  waiting: AbortController,
): HttpRequest {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  const bytes = method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : body;
  return {
    method,
    url: new URL(`http://${headers.host ?? 'localhost'}${url}`).href,
    // In order of their names, as the web's are.
    headers: new PlainHeaders(pairs.sort(([a], [b]) => (a < b ? -1 : 1))),
    get signal() {
      return waiting.signal;
    },
    text: async () => new TextDecoder().decode(bytes),
    arrayBuffer: async () => new Uint8Array(bytes).buffer,
  };
}

function fail(error: unknown, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (error instanceof ConnectionReset || outgoing.headersSent) {
    incoming.socket.destroy();
    return;
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  outgoing.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(message);
}
