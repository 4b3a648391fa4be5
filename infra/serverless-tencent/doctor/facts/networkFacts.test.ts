import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { callbackUrls, readCallback, readClock } from './networkFacts.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Starts a server on the loopback address that stands for the local cloud. */
async function cloudAt(answer: (request: IncomingMessage, answered: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const dated = Date.parse('2026-11-25T02:00:00Z');

test.each([
  ['in step', 500, 0],
  ['fast', 300_500, 300_000],
  ['slow', -299_500, -300_000],
])('a clock that is %s', async (_what, aheadOfHeaderMs, aheadMs) => {
  const endpoint = await cloudAt((_asked, answered) => {
    answered.setHeader('date', new Date(dated).toUTCString());
    answered.end();
  });
  expect(await readClock(() => dated + aheadOfHeaderMs, endpoint)).toBe(aheadMs);
});

test('an answer without its time says nothing about the clock', async () => {
  const endpoint = await cloudAt((_asked, answered) => {
    answered.sendDate = false;
    answered.end();
  });
  await expect(readClock(() => dated, endpoint)).rejects.toThrow(/Date/);
});

const url = new URL('https://pay-1a2b3c.ap-shanghai.app.tcloudbase.com/pay/notify');

test('the notify URL is asked under its own name, unsigned, wherever the cloud is', async () => {
  const seen: string[] = [];
  const endpoint = await cloudAt((request, answered) => {
    seen.push(`${request.method} ${request.headers.host}${request.url}`);
    answered.statusCode = 400;
    answered.end('{"code":"FAIL","message":"header_missing:wechatpay-timestamp"}');
  });
  expect(await readCallback(url, endpoint)).toEqual({
    status: 400,
    code: 'FAIL',
    message: 'header_missing:wechatpay-timestamp',
  });
  expect(seen).toEqual([`POST ${url.host}/pay/notify`]);
});

test.each([
  [404, 'nothing here', { status: 404 }],
  [200, '[]', { status: 200 }],
  [502, '{"code":7}', { status: 502 }],
  [500, JSON.stringify({ code: 'X', message: 'm'.repeat(201) }), { status: 500, code: 'X' }],
])('an answer %i %s', async (status, body, read) => {
  const endpoint = await cloudAt((_asked, answered) => {
    answered.statusCode = status;
    answered.end(body);
  });
  expect(await readCallback(url, endpoint)).toEqual(read);
});

test('a page without end is not read to its end', async () => {
  const endpoint = await cloudAt((_asked, answered) => {
    answered.end('x'.repeat(1_000_000));
  });
  await expect(readCallback(url, endpoint)).rejects.toMatchObject({ code: 'ETOOBIG' });
});

test('where nobody answers, the code says so', async () => {
  const endpoint = await cloudAt((request) => request.socket.destroy());
  await expect(readCallback(url, endpoint)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('the addresses that lead to payCallback, and no others', () => {
  const route = { qps: 100, enabled: true, asksLogin: false };
  const routes = [
    { ...route, path: '/pay/notify', name: 'payCallback' },
    { ...route, path: '/shop', name: 'shop' },
  ];
  expect(callbackUrls({ domain: 'pay.example.com', isDefault: false, routes })).toEqual([
    'https://pay.example.com/pay/notify',
  ]);
});
