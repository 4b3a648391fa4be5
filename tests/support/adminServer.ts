import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionReset } from '../../emulator/world/connectionReset.ts';
import type { HttpResponse } from '../../emulator/world/wire/http.ts';

/** Serves a handler on a free loopback port; a message that a fault lost resets its socket. */
export async function serve(
  handle: (request: Request) => Promise<HttpResponse>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
    const init = { method: incoming.method ?? 'GET', headers };
    const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {};
    try {
      const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
        ...init,
        ...body,
      });
      const answer = await handle(request);
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      if (!(error instanceof ConnectionReset)) outgoing.writeHead(500).end(String(error));
      else incoming.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
