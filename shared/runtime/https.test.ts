import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../emulator/wechatpay/keys/certificate.ts';
import type { HttpRequest, Transport } from '../ports/transport.ts';
import { createTransport } from './https.ts';
import { dropIdleConnections } from './idleConnections.ts';

const opened: net.Server[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) {
    await new Promise((closed) => server.close(closed) && server.emit('over'));
  }
});

async function listen(server: net.Server): Promise<string> {
  server.on('connection', (socket: net.Socket) => {
    server.on('over', () => socket.on('error', () => {}).destroy());
  });
  opened.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (answer: http.RequestListener): Promise<string> => listen(http.createServer(answer));

function aRequest(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, headers: {}, timeoutMs: 5_000, bytesMax: 1_000, ...more };
}

const codeOf = (transport: Transport, request: HttpRequest): Promise<unknown> =>
  transport(request).then(
    ({ status }) => status,
    (error: Error & { code?: unknown }) => error.code,
  );

describe('an exchange that works', () => {
  test('carries method, path, headers and body as they were signed, and the answer as it came', async () => {
    const url = await serve(async (request, response) => {
      const body = await text(request);
      response.setHeader('Request-ID', 'a-0');
      response.setHeader('X-Twice', ['1', '2']);
      response.statusCode = 404;
      response.end(`${request.method} ${request.url} ${request.headers['x-a']} ${body}`);
    });
    const request = aRequest(`${url}/v3/x%7Cy?mchid=1`, {
      method: 'POST',
      headers: { 'X-A': 'b' },
      body: '{"名":1}',
    });
    const answer = await createTransport()(request);
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'request-id': 'a-0', 'x-twice': '1, 2' },
    });
    expect(answer.body.toString()).toBe('POST /v3/x%7Cy?mchid=1 b {"名":1}');
  });

  test('a redirect is an answer like another: our signature is not sent elsewhere', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/b' }).end());
    expect(await codeOf(createTransport(), aRequest(url))).toBe(302);
  });

  test('calls that follow each other share a connection', async () => {
    const server = http.createServer((_, response) => response.end('ok'));
    let connections = 0;
    server.on('connection', () => connections++);
    const url = await listen(server);
    const transport = createTransport();
    for (let call = 0; call < 3; call++) {
      expect((await transport(aRequest(url))).body.toString()).toBe('ok');
    }
    expect(connections).toBe(1);
  });

  test('an idle connection is dropped at the next call’s beginning, one in use is not', async () => {
    const server = http.createServer(async (request, response) => {
      if (request.url === '/slow') await once(server, 'answer');
      response.end('ok');
    });
    let connections = 0;
    server.on('connection', () => connections++);
    const url = await listen(server);
    const transport = createTransport();
    const slow = codeOf(transport, aRequest(`${url}/slow`));
    await once(server, 'request');
    expect(await codeOf(transport, aRequest(url))).toBe(200);
    dropIdleConnections();
    expect(await codeOf(transport, aRequest(url))).toBe(200);
    server.emit('answer');
    expect([await slow, connections]).toEqual([200, 3]);
  });

  test('as many bytes as agreed are read, one more is too much', async () => {
    const url = await serve((_, response) => response.end(Buffer.alloc(1_000)));
    const transport = createTransport();
    expect(await codeOf(transport, aRequest(url, { bytesMax: 1_000 }))).toBe(200);
    expect(await codeOf(transport, aRequest(url, { bytesMax: 999 }))).toBe('ETOOBIG');
  });
});

describe('a request that may have arrived', () => {
  test('an endless answer is given up as too much', async () => {
    const url = await serve((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(16_384)));
      };
      response.on('drain', more);
      more();
    });
    expect(await codeOf(createTransport(), aRequest(url))).toBe('ETOOBIG');
  });

  test('no answer in time', async () => {
    const url = await serve(() => {});
    expect(await codeOf(createTransport(), aRequest(url, { timeoutMs: 250 }))).toBe('ETIMEDOUT');
  });

  test('an answer that begins in time and never ends', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('{'));
    expect(await codeOf(createTransport(), aRequest(url, { timeoutMs: 250 }))).toBe('ETIMEDOUT');
  });

  test('an answer that drips on and on', async () => {
    const url = await serve((_, response) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    });
    expect(await codeOf(createTransport(), aRequest(url, { timeoutMs: 250 }))).toBe('ETIMEDOUT');
  });

  test('a connection reset after the request', async () => {
    const url = await serve((request) => request.socket.resetAndDestroy());
    expect(await codeOf(createTransport(), aRequest(url))).toBe('ECONNRESET');
  });

  test('an answer cut short of its announced length', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half ');
      setImmediate(() => request.socket.destroy());
    });
    expect(await codeOf(createTransport(), aRequest(url))).toBe('ECONNRESET');
  });

  test('a kept connection that died meanwhile', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls += 1;
      if (calls === 1) response.end('ok');
      else request.socket.resetAndDestroy();
    });
    const transport = createTransport();
    expect(await codeOf(transport, aRequest(url))).toBe(200);
    expect(await codeOf(transport, aRequest(url))).toBe('ECONNRESET');
  });
});

describe('a request of which no byte left', () => {
  test('nobody listens', async () => {
    const url = await serve(() => {});
    opened[0]?.close();
    opened.length = 0;
    expect(await codeOf(createTransport(), aRequest(url))).toBe('ECONNREFUSED');
  });

  test('the handshake fails: the other side speaks no TLS', async () => {
    const url = await listen(net.createServer((socket) => socket.end('no TLS here\r\n')));
    const request = aRequest(url.replace('http:', 'https:'));
    expect(await codeOf(createTransport(), request)).toBe('ENOTSENT');
  });

  test('the other side shows a certificate that nobody vouches for', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const cert = selfSigned(privateKey, { o: 'x', cn: '127.0.0.1' });
    const key = privateKey.export({ format: 'pem', type: 'pkcs8' });
    const url = await listen(https.createServer({ key, cert }, (_, response) => response.end()));
    expect(await codeOf(createTransport(), aRequest(url.replace('http:', 'https:')))).toBe(
      'ENOTSENT',
    );
  });

  test('the handshake never ends', async () => {
    const url = await listen(net.createServer(() => {}));
    const request = aRequest(url.replace('http:', 'https:'), { timeoutMs: 250 });
    expect(await codeOf(createTransport(), request)).toBe('ENOTSENT');
  });
});
