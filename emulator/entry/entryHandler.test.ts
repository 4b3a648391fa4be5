import { beforeEach, describe, expect, test } from 'vitest';
import type { HttpRequest } from '../world/wire/http.ts';
import { WholeAnswer } from '../world/wire/http.ts';
import { isThisMachine, tokenCookie } from './admission.ts';
import { createEntryHandler } from './entryHandler.ts';

const TOKEN = 'f00dfeedf00dfeed';
const HERE = 'http://127.0.0.1:7100';
const THERE = 'http://192.168.1.5:7100';
const PHONE = '192.168.1.77';
const COOKIE = tokenCookie({ url: HERE, token: TOKEN }).split(';')[0] ?? '';

let inside: HttpRequest[] = [];
beforeEach(() => {
  inside = [];
});

async function knock(
  url: string,
  { from, devtools = false, ...init }: RequestInit & { from?: string; devtools?: boolean } = {},
) {
  const entry = createEntryHandler(
    async (request) => {
      inside.push(request);
      return new WholeAnswer('{}', 'application/json');
    },
    { url: HERE, token: TOKEN, devtools },
  );
  const sent = new Request(url, init);
  const headers = new Headers({ host: new URL(url).host, ...(init.headers as object) });
  const request: HttpRequest = {
    method: sent.method,
    url,
    headers,
    signal: sent.signal,
    text: () => sent.text(),
    arrayBuffer: () => sent.arrayBuffer(),
  };
  const answer = await entry(request, from);
  const text = await answer.text();
  const error = text.startsWith('{"error"') ? JSON.parse(text).error : undefined;
  return { status: answer.status, headers: answer.headers, text, error };
}

const seen = () => inside.map(({ url, headers }) => [url, headers.get('host')]);

describe('this machine', () => {
  test.each(['127.0.0.1', '127.0.0.9', '::1', '::ffff:127.0.0.1'])(
    'comes in as ever (%s)',
    async (from) => {
      await knock(`${HERE}/_local/world?a=1`, { from, headers: { origin: 'http://evil.example' } });
      expect(seen()).toEqual([[`${HERE}/_local/world?a=1`, '127.0.0.1:7100']]);
      expect(inside[0]?.headers.get('origin')).toBe('http://evil.example');
    },
  );

  test('is recognised by its address alone', () => {
    const others = ['192.168.1.5', '10.127.0.1', '::ffff:10.0.0.1', 'fe80::1', '', '1127.0.0.1'];
    expect(others.filter(isThisMachine)).toEqual([]);
  });
});

describe('another device', () => {
  test.each([
    ['/', 'TOKEN_MISSING'],
    ['/_local/world', 'TOKEN_MISSING'],
    ['/admin', 'TOKEN_MISSING'],
    ['/v1/functions/unifiedOrder', 'TOKEN_MISSING'],
    ['/pay/notify', 'TOKEN_MISSING'],
    ['/~/', 'TOKEN_WRONG'],
    ['/~f00d/_local/world', 'TOKEN_WRONG'],
    [`/~${TOKEN}x/_local/world`, 'TOKEN_WRONG'],
    [`/_local/~${TOKEN}/world`, 'TOKEN_MISSING'],
    [`/_local/world?token=${TOKEN}`, 'TOKEN_MISSING'],
  ])('asks for %s without the token and stays outside: %s', async (path, code) => {
    const { status, error, text } = await knock(THERE + path, { from: PHONE });
    expect([status, error?.code, inside]).toEqual([403, code, []]);
    expect(error.message).toMatch(/[\p{Script=Han}].*npm start/u);
    expect(text).not.toContain(TOKEN);
  });

  test('shows it in the address, and is served as this machine is', async () => {
    const headers = { referer: `${THERE}/~${TOKEN}/`, accept: 'application/json' };
    const init = { method: 'POST', body: '{"a":1}', headers, from: PHONE };
    expect((await knock(`${THERE}/~${TOKEN}/_local/call?b=2`, init)).status).toBe(200);
    expect(seen()).toEqual([[`${HERE}/_local/call?b=2`, '127.0.0.1:7100']]);
    expect(await inside[0]?.text()).toBe('{"a":1}');
    expect(JSON.stringify([...(inside[0]?.headers ?? [])])).not.toContain(TOKEN);
  });

  test('opens the page by it, and is known by a cookie from then on', async () => {
    const page = await knock(`${THERE}/~${TOKEN}/`, { from: PHONE });
    expect([page.status, page.headers.get('location'), inside]).toEqual([303, '/', []]);
    const cookie = page.headers.get('set-cookie');
    expect(cookie).toBe(`local_token_7100=${TOKEN}; Path=/; HttpOnly; SameSite=Lax`);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const headers = { cookie: `a=b; ${COOKIE}`, origin: THERE };
    await knock(`${THERE}/_local/reset`, { from: PHONE, method: 'POST', headers });
    expect(seen()).toEqual([[`${HERE}/_local/reset`, '127.0.0.1:7100']]);
    expect([...(inside[0]?.headers ?? [])].map(([name]) => name).sort()).toEqual(['host']);
  });

  test.each(['a=b', `x${COOKIE}`, COOKIE.slice(0, -1), COOKIE.replace('7100', '7200')])(
    'with the cookie %s stays outside',
    async (cookie) => {
      const { error } = await knock(`${THERE}/`, { from: PHONE, headers: { cookie } });
      expect([error?.code, inside]).toEqual(['TOKEN_MISSING', []]);
    },
  );

  test('a page elsewhere that rides on the cookie keeps its Origin, by which it is refused inside', async () => {
    const headers = { cookie: COOKIE, origin: 'http://192.168.1.5:8080' };
    await knock(`${THERE}/_local/reset`, { from: PHONE, method: 'POST', headers });
    expect(inside[0]?.headers.get('origin')).toBe('http://192.168.1.5:8080');
  });

  test('a rebound name stays outside, whatever it carries', async () => {
    const url = 'http://rebound.example:7100';
    const byCookie = await knock(`${url}/`, { from: PHONE, headers: { cookie: COOKIE } });
    const byPath = await knock(`${url}/~${TOKEN}/_local/world`, { from: PHONE });
    expect([byCookie.error?.code, byPath.error?.code]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(inside).toEqual([]);
  });

  test('an address of IPv6 is one', async () => {
    await knock(`http://[fd00::5]:7100/~${TOKEN}/_local/world`, { from: 'fd00::77' });
    expect(seen()).toEqual([[`${HERE}/_local/world`, '127.0.0.1:7100']]);
  });
});

describe('WeChat DevTools', () => {
  const page = 'https://servicewechat.com';
  const referer = `${page}/wx1234567890abcdef/devtools/page-frame.html`;

  test.each([
    ['its own Origin', { origin: page }],
    [
      'another Origin, under the page of a mini program',
      { origin: 'http://127.0.0.1:35621', referer },
    ],
    ['the Origin null, under the page of a mini program', { origin: 'null', referer }],
  ])('comes in by %s where it is open, and may read the answer', async (_, headers) => {
    const init = { method: 'POST', body: '{}', headers };
    const shut = await knock(`${HERE}/_local/call`, init);
    expect([shut.status, shut.error?.code, inside]).toEqual([403, 'DEVTOOLS_CLOSED', []]);
    expect(shut.headers.get('access-control-allow-origin')).toBeNull();
    const open = await knock(`${HERE}/_local/call`, { ...init, devtools: true });
    expect([open.status, open.text]).toEqual([200, '{}']);
    expect(open.headers.get('access-control-allow-origin')).toBe(headers.origin);
    expect(open.headers.get('access-control-allow-credentials')).toBeNull();
    expect(inside[0]?.headers.has('origin')).toBe(false);
  });

  test('the question before a request is answered by the entry itself', async () => {
    const headers = { origin: page, 'access-control-request-method': 'POST' };
    const asked = { method: 'OPTIONS', headers, devtools: true };
    const { status, headers: answer } = await knock(`${HERE}/_local/call`, asked);
    expect([status, inside]).toEqual([204, []]);
    expect(answer.get('access-control-allow-methods')).toContain('POST');
    expect(answer.get('access-control-allow-headers')).toContain('content-type');
  });

  test.each([
    ['without an Origin, as wx.request sends', `${HERE}/_local/call`, { referer }],
    ['from a page elsewhere', `${HERE}/_local/call`, { origin: 'https://evil.example' }],
    ['from a look-alike', `${HERE}/_local/call`, { origin: `${page}.evil.example` }],
    ['under a look-alike', `${HERE}/_local/call`, { origin: 'null', referer: `${page}.evil/` }],
    ['to what is not open', `${HERE}/admin`, { origin: page }],
    ['to a rebound name', 'http://rebound.example:7100/_local/call', { origin: page }],
  ])('a request %s is served as ever: what refuses it refuses it', async (_, url, headers) => {
    const answer = await knock(url, { devtools: true, method: 'POST', headers });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const [request] = inside;
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject(headers);
  });

  test('on another device it needs the token too', async () => {
    const init = { devtools: true, from: PHONE, headers: { origin: page } };
    const { error } = await knock(`${THERE}/_local/world`, init);
    expect(error?.code).toBe('TOKEN_MISSING');
    const { headers } = await knock(`${THERE}/~${TOKEN}/_local/world`, init);
    expect(headers.get('access-control-allow-origin')).toBe(page);
  });
});
