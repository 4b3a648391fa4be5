import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { type Handler, type Listening, listen, openPort } from './server.ts';
import { ConnectionReset } from './world/connectionReset.ts';

async function serving<T>(handler: Handler, work: (url: string) => Promise<T>): Promise<T> {
  const server = await listen(handler, 0);
  try {
    return await work(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.close();
  }
}

test('bytes and headers arrive as they were sent, and go back as they were answered', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const echo: Handler = async (request) =>
    new Response(await request.arrayBuffer(), {
      status: 201,
      headers: { 'x-back': request.headers.get('x-there') ?? '' },
    });
  await serving(echo, async (url) => {
    const answer = await fetch(url, { method: 'POST', body: bytes, headers: { 'X-There': 'yes' } });
    expect([answer.status, answer.headers.get('x-back')]).toEqual([201, 'yes']);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  });
});

test('a request reads as the web’s own does: headers by any name, null where there is none, in order', async () => {
  const seen: unknown[] = [];
  const look: Handler = async ({ method, url, headers, text }) => {
    const names = [...headers].map(([name]) => name).filter((name) => name.startsWith('x-'));
    const read = [headers.get('X-A'), headers.get('origin'), headers.has('origin'), names];
    seen.push(method, new URL(url).pathname, ...read, await text());
    return new Response();
  };
  await serving(look, async (url) => {
    const headers = { 'x-b': '2', 'x-a': '1' };
    await fetch(`${url}/a/../b`, { method: 'PUT', body: '\uFEFF好', headers });
  });
  expect(seen).toEqual(['PUT', '/b', '1', null, false, ['x-a', 'x-b'], '好']);
});

test('a lost message resets its socket, a failure answers 500, and the server lives on', async () => {
  const moods = [new ConnectionReset({ acted: true }), new TypeError('broken')];
  const moody: Handler = async () => {
    const mood = moods.shift();
    if (mood) throw mood;
    return new Response('well');
  };
  await serving(moody, async (url) => {
    await expect(fetch(url)).rejects.toThrow();
    expect((await fetch(url)).status).toBe(500);
    expect(await (await fetch(url)).text()).toBe('well');
  });
});

test('a body above 10 MB is refused as everything under /_local/ is', async () => {
  await serving(
    async () => new Response('taken'),
    async (url) => {
      const answer = await fetch(url, { method: 'POST', body: new Uint8Array(10_000_001) });
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ error: { code: 'BODY_TOO_LARGE' } });
    },
  );
});

test('a taken port is refused as such', async () => {
  const first: Listening = await listen(async () => new Response(), 0);
  await expect(listen(async () => new Response(), first.port)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await first.close();
});

test('an answer that is there is sent whole, and its reader does not count as gone', async () => {
  const gone: AbortSignal[] = [];
  const handler: Handler = async ({ signal }) => {
    gone.push(signal);
    return new Response(gone.length === 1 ? '好' : null, { status: gone.length === 1 ? 200 : 204 });
  };
  await serving(handler, async (url) => {
    const answer = await fetch(url);
    expect(answer.headers.get('content-length')).toBe('3');
    expect(await answer.text()).toBe('好');
    expect((await fetch(url)).status).toBe(204);
  });
  expect(gone.map((signal) => signal.aborted)).toEqual([false, false]);
});

test('events are sent as they happen, until their reader is gone', async () => {
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const handler: Handler = async ({ signal: gone }) => {
    gone.addEventListener('abort', () => leave());
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) =>
      controller.enqueue(Buffer.from('data: 1\n\n'));
    const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
    return new Response(new ReadableStream({ start }), { headers });
  };
  await serving(handler, async (url) => {
    const leaving = new AbortController();
    const answer = await fetch(url, { signal: leaving.signal });
    const first = await answer.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('data: 1\n\n');
    leaving.abort();
    await left;
  });
});

const hasIpv6 = networkInterfaces().lo?.some(({ address }) => address === '::1') ?? false;

test('a handler is given where a request came from, at every address', async () => {
  const seen: unknown[] = [];
  const server = await openPort(0, '0.0.0.0');
  server.serve(async (_request, from) => {
    seen.push(from);
    return new Response();
  });
  await fetch(`http://127.0.0.1:${server.port}`);
  await server.close();
  expect(seen).toEqual(['127.0.0.1']);
});

test.skipIf(!hasIpv6)('at an address that is named, and the loopback one as ever', async () => {
  const server = await openPort(0, '::1');
  server.serve(async (_request, from) => new Response(from));
  for (const [host, from] of Object.entries({ '127.0.0.1': '127.0.0.1', '[::1]': '::1' })) {
    expect(await (await fetch(`http://${host}:${server.port}`)).text()).toBe(from);
  }
  await server.close();
});

test('an address that this machine does not have leaves no port open', async () => {
  // TEST-NET-3, which no machine has.
  await expect(openPort(0, '203.0.113.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});
