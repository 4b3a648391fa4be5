import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLocalCloud } from '../../tests/support/localCloud.ts';
import type { LocalCloud } from '../main.ts';
import type { AnswerOf } from './api/controlApi.ts';
import { maskedMessage, maskedText } from './mask.ts';

type Entries = AnswerOf<'GET /_local/events'>;
type Event = AnswerOf<'GET /_local/events/{id}'>;

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
});
afterAll(() => cloud.close());

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { accept: 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
  return (await answer.json()) as T;
}

interface Called {
  result: { errCode: unknown; prepayId: string };
}

/** Places and pays an order, and waits for what WeChat's notification does. */
async function paid(outTradeNo: string): Promise<Entries> {
  const data = { outTradeNo, body: '咖啡', totalFee: 1 };
  const { result } = await ask<Called>('POST', 'call', { name: 'unifiedOrder', data });
  expect(result.errCode).toBe(0);
  await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
  await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
  return ask<Entries>('GET', `events?order=${outTradeNo}`);
}

test('everything about an order leads back to what the phone did', async () => {
  const entries = await paid('CAUSES0001');
  const byKey = new Map(entries.flatMap((entry) => (entry.key ? [[entry.key, entry]] : [])));
  const wayTo = (what: string, subject: string) => {
    const way: string[] = [];
    let entry = entries.find((each) => each.what === what && each.subject === subject);
    while (entry) {
      way.push(`${entry.actor} ${entry.what}`);
      entry = byKey.get(entry.cause ?? '');
    }
    return way;
  };
  expect(wayTo('wechatpay.jsapi', 'CAUSES0001')).toEqual([
    'wechat wechatpay.jsapi',
    'function function.call',
    'phone phone.call',
  ]);
  expect(wayTo('cloudbase.insertDocument', 'orders/CAUSES0001')).toEqual([
    'database cloudbase.insertDocument',
    'function function.call',
    'phone phone.call',
  ]);
  expect(wayTo('function.call', 'payCallback')).toEqual([
    'function function.call',
    'wechat wechatpay.notify',
    'phone phone.cashier',
  ]);
  for (const { what, ms } of entries.filter(({ actor }) => actor === 'database'))
    expect(ms, what).toBeGreaterThanOrEqual(0);
});

test('what the local cloud adds to a request, no function sees', async () => {
  const entries = await paid('HEADER0001');
  const callback = entries.find(({ subject }) => subject === 'payCallback');
  const { sent } = await ask<Event>('GET', `events/${callback?.id}?reveal=1`);
  expect(sent?.body).toContain('Wechatpay-Signature'.toLowerCase());
  expect(sent?.body).not.toContain('x-local-cloud');
  const placed = entries.find(({ what }) => what === 'wechatpay.jsapi');
  expect(JSON.stringify(await ask('GET', `events/${placed?.id}`))).not.toContain('x-local-cloud');
});

test('bytes are masked until they are asked for', async () => {
  const entries = await paid('MASKED0001');
  const { id } = entries.find(({ what }) => what === 'wechatpay.jsapi') ?? { id: 0 };
  const masked = await ask<Event>('GET', `events/${id}`);
  expect(masked.masked).toEqual(['sent', 'answered']);
  expect(masked.sent?.body).toContain('"openid":"oLo***"');
  expect(masked.sent?.headers.authorization).toMatch(/mchid="\d+".*signature="\*\*\*"/);
  const plain = await ask<Event>('GET', `events/${id}?reveal=1`);
  expect(plain.masked).toEqual([]);
  expect(plain.sent?.body).toContain('"openid":"oLocalUser"');
  expect(plain.sent?.headers.authorization).toMatch(/signature="[\w+/]{300,}={0,2}"/);
  const call = entries.find(({ subject }) => subject === 'unifiedOrder');
  const { answered } = await ask<Event>('GET', `events/${call?.id}`);
  expect(answered?.body).toMatch(/"paySign":\s*"[^"]{0,3}\*\*\*"/);
});

test('no event shows a secret or a payer before it is asked to, in no list either', async () => {
  const openid = 'oQ7xPayerWhomNobodyIsToSee01';
  const data = { outTradeNo: 'SECRET0001', body: '咖啡', totalFee: 1 };
  const { result } = await ask<Called>('POST', 'call', { name: 'unifiedOrder', data, openid });
  await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
  await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
  const refund = { outTradeNo: 'SECRET0001', refundFee: 1 };
  await ask('POST', 'call', { name: 'refund', data: refund, service: true });
  const list = await ask<Entries>('GET', 'events?limit=10000');
  const masked = await Promise.all(list.map(({ id }) => ask<Event>('GET', `events/${id}`)));
  const revealed = list.map(({ id }) => ask<Event>('GET', `events/${id}?reveal=1`));
  const secrets = [openid, ...signaturesIn(JSON.stringify(await Promise.all(revealed)))];
  expect(secrets.length).toBeGreaterThan(20);
  const shown = JSON.stringify([list, masked]);
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  // Whoever looks is told where something is masked, and only there.
  const maskedIn = (what: string) => masked.findLast(({ entry }) => entry.what === what)?.masked;
  expect(maskedIn('wechatpay.notify')).toEqual(['sent']);
  expect(maskedIn('phone.cashier')).toEqual([]);
});

/** Finds what was signed with a key, whatever it is called. */
function signaturesIn(text: string): string[] {
  return [
    ...new Set([...text.matchAll(/sign(?:ature)?[\\"'=:\s[nv1,]+([\w+/]{40,}={0,2})/gi)]),
  ].map(([, signature = '']) => signature);
}

test.each([
  ['XML of v2', '<xml><openid><![CDATA[oPayer01]]></openid><sign>0123456789ABCDEF</sign></xml>'],
  ['a condition', '{"query":"{\\"openid\\":{\\"$eq\\":\\"oPayer01\\"}}"}'],
  ['a list', '{"multiValueHeaders":{"x-wx-openid":[\n "oPayer01"]}}'],
  ['JSON in JSON in lines', JSON.stringify(JSON.stringify({ openid: 'oPayer01' }, undefined, 2))],
  ['settings', '{"apiV3Key":"oPayer01","WXPAY_API_V3_KEY":"0123456789ABCDEF"}'],
])('what is hidden is found in %s', (_, text) => {
  expect(maskedText(text)).not.toMatch(/oPayer01|0123456789ABCDEF/);
});

test('an address hides the token in it', () => {
  const line = 'GET /v3/billdownload/file?token=0123456789&tartype=GZIP';
  const shown = maskedMessage({ line, headers: { 'X-WX-OPENID': 'oPayer01' }, body: '' });
  expect(shown.line).toBe('GET /v3/billdownload/file?token=012***&tartype=GZIP');
  expect(shown.headers).toEqual({ 'X-WX-OPENID': '***' });
});

test('the keys by which a notification is diagnosed are not kept', async () => {
  const apiV3Key = 'a-key-of-a-real-merchant-32-byte';
  await ask('POST', 'signature', { headers: {}, body: '{}', keys: { apiV3Key } });
  const list = await ask<Entries>('GET', 'events?limit=10000');
  const all = await Promise.all(list.map(({ id }) => ask('GET', `events/${id}?reveal=1`)));
  expect(JSON.stringify([list, all])).not.toContain(apiV3Key);
});

test('an act has the faults that were left to it, and its refusal; a moved order is named', async () => {
  const once = { at: 'wechatpay.query', kind: 'slow', delayMs: 1, times: 1 };
  await ask('PUT', 'faults', [once]);
  const data = { outTradeNo: 'STEERED001', body: '咖啡', totalFee: 1 };
  await ask('POST', 'call', { name: 'unifiedOrder', data });
  await ask('POST', 'call', { name: 'queryOrder', data: { outTradeNo: 'STEERED001' } });
  const steered = 'wechatpay/orders/STEERED001';
  await ask('POST', steered, { to: 'SUCCESS', callback: 'none' });
  await ask('POST', steered, { to: 'SUCCESS' });
  const list = await ask<Entries>('GET', 'events?order=STEERED001');
  const acts = list.filter(({ what }) => /^(?:phone|console)\./.test(what));
  const events = await Promise.all(acts.map(({ id }) => ask<Event>('GET', `events/${id}`)));
  expect(events.map(({ faults }) => faults)).toEqual([[once], [once], [], []]);
  expect(events.map(({ orders }) => orders)).toEqual(acts.map(() => ['STEERED001']));
  expect(events.at(-1)?.answered?.body).toContain('"code":"INVALID_REQUEST"');
  await ask('PUT', 'faults', []);
});

test('each answer of an act is kept with it, once it is there', async () => {
  const [act] = await paid('ANSWER0001');
  const { sent, answered } = await ask<Event>('GET', `events/${act?.id}?reveal=1`);
  expect(sent?.line).toBe('POST /_local/call');
  expect(JSON.parse(answered?.body ?? '').result).toMatchObject({ errCode: 0 });
});

test.each([
  ['actor=wechat,stranger', 'actor'],
  ['kind=everything', 'kind'],
  ['after=abc', 'after'],
  ['before=-1', 'before'],
  ['limit=many', 'limit'],
])('%s is refused by its name', async (query, field) => {
  expect(await ask('GET', `events?${query}`)).toMatchObject({ error: { code: 'INVALID', field } });
});
