import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../emulator/wechatpay/keys/certificate.ts';
import { signMessage } from '../contract/event/signature.ts';
import {
  deliverToUrl,
  type Guard,
  internetGuard,
  loopbackGuard,
  type UrlChannelOptions,
} from './urlChannel.ts';

const now = new Date('2026-11-30T12:00:00Z');
const message = signMessage(
  [Buffer.alloc(32, 1)],
  { id: 'COFFEE0001.1', body: '{"type":"order.paid","data":{"attach":"咖啡"}}' },
  now,
);
const opened: net.Server[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) {
    server.emit('over');
    await new Promise((closed) => server.close(closed));
  }
});

async function listen(server: net.Server): Promise<number> {
  server.on('connection', (socket: net.Socket) => {
    server.on('over', () => socket.on('error', () => {}).destroy());
  });
  opened.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Serves at a port; answers the address by which a delivery reaches it, under the name of a shop. */
async function shop(answer: http.RequestListener): Promise<string> {
  return `http://shop.example.com:${await listen(http.createServer(answer))}/events?a=b`;
}

/** Lets these tests reach this machine as if it were the internet. */
const testGuard: Guard = { scheme: 'http:', isAllowed: (address) => address === '127.0.0.1' };
const here = [{ address: '127.0.0.1', family: 4 }];
const deliver = (url: string, more: Partial<UrlChannelOptions> = {}, timeoutMs = 20_000) =>
  deliverToUrl(
    message,
    { url, guard: testGuard, now: () => now, resolve: async () => here, ...more },
    timeoutMs,
  );

describe('a delivery to an address', () => {
  test('is the body that was signed, its three headers, and nothing of ours beside', async () => {
    let seen: unknown;
    const url = await shop(async (request, response) => {
      const { method, url: path, headers } = request;
      seen = { method, path, headers, body: await text(request) };
      response.writeHead(204).end();
    });
    expect(await deliver(url)).toEqual({ kind: 'accepted' });
    const { body, ...signature } = message;
    expect(seen).toEqual({
      method: 'POST',
      path: '/events?a=b',
      body,
      headers: {
        ...signature,
        host: new URL(url).host,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'scf-wechatpay',
        connection: 'close',
      },
    });
  });

  test.each([
    [200, {}, { kind: 'accepted' }],
    [202, {}, { kind: 'accepted' }],
    [410, {}, { kind: 'gone' }],
    [400, {}, { kind: 'refused', reason: 'HTTP_400' }],
    [500, {}, { kind: 'refused', reason: 'HTTP_500' }],
    [429, { 'retry-after': '120' }, { kind: 'refused', reason: 'HTTP_429', retryAfterMs: 120_000 }],
    [
      503,
      { 'retry-after': 'Mon, 30 Nov 2026 12:01:00 GMT' },
      { kind: 'refused', reason: 'HTTP_503', retryAfterMs: 60_000 },
    ],
    [503, { 'retry-after': 'later' }, { kind: 'refused', reason: 'HTTP_503' }],
  ])('answered %i %j', async (status, headers, outcome) => {
    const url = await shop((_, response) => response.writeHead(status, headers).end('any body'));
    expect(await deliver(url)).toEqual(outcome);
  });

  test('follows no redirect', async () => {
    let followed = false;
    const target = await shop((_, response) => {
      followed = true;
      response.end();
    });
    const url = await shop((_, response) => response.writeHead(307, { location: target }).end());
    expect(await deliver(url)).toEqual({ kind: 'refused', reason: 'HTTP_307' });
    expect(followed).toBe(false);
  });

  test('has arrived however long the answer’s body is, and stops to read it', async () => {
    const url = await shop((_, response) => {
      const chunk = 'x'.repeat(65_536);
      const pour = () => {
        while (response.write(chunk)) if (response.destroyed) return;
      };
      response.on('drain', pour).on('error', () => {});
      pour();
    });
    expect(await deliver(url)).toEqual({ kind: 'accepted' });
  });

  test('of which nothing is known when no answer comes in time', async () => {
    const silent = await shop(() => {});
    expect(await deliver(silent, {}, 50)).toEqual({ kind: 'timed_out' });
    const never = () => new Promise<never>(() => {});
    expect(await deliver(silent, { resolve: never }, 50)).toEqual({ kind: 'timed_out' });
    const slow = await shop((_, response) => void response.writeHead(200).write('x'));
    expect(await deliver(slow, {}, 500)).toEqual({ kind: 'accepted' });
  });

  test('is refused where nobody listens, and where the connection breaks', async () => {
    const port = await listen(net.createServer());
    await new Promise((closed) => opened.pop()?.close(closed));
    const refused = { kind: 'refused', reason: 'ECONNREFUSED' };
    expect(await deliver(`http://shop.example.com:${port}/`)).toEqual(refused);
    const broken = await listen(net.createServer((socket) => socket.destroy()));
    const reset = { kind: 'refused', reason: 'ECONNRESET' };
    expect(await deliver(`http://shop.example.com:${broken}/`)).toEqual(reset);
  });
});

describe('what leads back into a network', () => {
  const connected = async (url: (port: number) => string, more: Partial<UrlChannelOptions>) => {
    let connections = 0;
    const server = http.createServer((_, response) => response.end());
    server.on('connection', () => connections++);
    const outcome = await deliver(url(await listen(server)), more);
    return { outcome, connections };
  };
  const notPublic = { kind: 'refused', reason: 'ADDRESS_NOT_PUBLIC' };
  const scheme = { kind: 'refused', reason: 'SCHEME_NOT_ALLOWED' };

  test.each([
    ['127.0.0.1', notPublic],
    ['2130706433', notPublic],
    ['0x7f.1', notPublic],
    ['0177.0.0.1', notPublic],
    ['127.1', notPublic],
    ['[::1]', notPublic],
    ['[::ffff:127.0.0.1]', notPublic],
    ['0.0.0.0', notPublic],
  ])('is never connected to, written as %s', async (host, outcome) => {
    const more = { guard: internetGuard };
    expect(await connected((port) => `https://${host}:${port}/`, more)).toEqual({
      outcome,
      connections: 0,
    });
  });

  test('is not reached without encryption', async () => {
    const more = { guard: internetGuard };
    const to = (port: number) => `http://127.0.0.1:${port}/`;
    expect(await connected(to, more)).toEqual({ outcome: scheme, connections: 0 });
  });

  test.each([
    ['a name that leads there', [{ address: '127.0.0.1', family: 4 }]],
    [
      'one that leads there too',
      [
        { address: '1.1.1.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    ],
    ['one of IPv6', [{ address: 'fd00::1', family: 6 }]],
    ['one of the platform’s metadata', [{ address: '169.254.0.23', family: 4 }]],
  ])('is not reached by %s', async (_what, addresses) => {
    const more = { guard: internetGuard, resolve: async () => addresses };
    const to = (port: number) => `https://shop.example.com:${port}/`;
    expect(await connected(to, more)).toEqual({ outcome: notPublic, connections: 0 });
  });

  test('is not reached by a name that changes its mind after it was checked', async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      // Only the first answer is checked; whoever asks again is led to a port where nobody listens.
      return asked === 1 ? here : [{ address: '127.0.0.2', family: 4 }];
    };
    const answered = await connected((port) => `http://shop.example.com:${port}/`, { resolve });
    expect(answered).toEqual({ outcome: { kind: 'accepted' }, connections: 1 });
    expect(asked).toBe(1);
  });

  test('is this machine, which a local cloud alone may reach, and it nothing else', async () => {
    const local = { guard: loopbackGuard, resolve: async () => here };
    const answered = await connected((port) => `http://localhost:${port}/`, local);
    expect(answered).toEqual({ outcome: { kind: 'accepted' }, connections: 1 });
    const abroad = {
      guard: loopbackGuard,
      resolve: async () => [{ address: '1.1.1.1', family: 4 }],
    };
    expect((await connected(() => 'http://shop.example.com/', abroad)).outcome).toEqual(notPublic);
    expect((await connected(() => 'https://shop.example.com/', local)).outcome).toEqual(scheme);
  });
});

test('a certificate that nobody vouches for gets nothing', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cert = selfSigned(privateKey, { o: 'x', cn: 'shop.example.com' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  let requests = 0;
  const server = https.createServer({ key, cert }, (_, response) => {
    requests += 1;
    response.end();
  });
  const guard: Guard = { ...testGuard, scheme: 'https:' };
  const outcome = await deliver(`https://shop.example.com:${await listen(server)}/`, { guard });
  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/CERT/) });
  expect(requests).toBe(0);
});

test('an address that is none is refused', async () => {
  expect(await deliver('https//shop')).toMatchObject({ kind: 'refused' });
});
