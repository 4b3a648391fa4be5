import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port of one's own before a server that stops and starts: nobody else can take it in between. */
export interface Forwarder {
  url: string;
  /** Passes on to this server from now on; to none, every connection is cut, as by a machine without it. */
  leadTo(url: string | undefined): void;
  close(): Promise<void>;
}

/** Opens a forwarder on a free port; at first it leads nowhere. */
export async function openForwarder(): Promise<Forwarder> {
  let target: URL | undefined;
  const pass: RequestListener = (incoming, outgoing) => {
    if (!target) {
      incoming.socket.destroy();
      return;
    }
    // The server takes calls by its own name alone.
    const headers = { ...incoming.headers, host: target.host };
    if (headers.origin !== undefined) headers.origin = target.origin;
    const { method } = incoming;
    const passed = request(new URL(incoming.url ?? '/', target), { method, headers });
    passed.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on('close', () => outgoing.destroy());
    });
    passed.on('error', () => incoming.socket.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo: (url) => {
      target = url === undefined ? undefined : new URL(url);
      if (!target) server.closeAllConnections();
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
