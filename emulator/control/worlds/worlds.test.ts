import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dealtKeys } from '../../../tests/support/dealtKeys.ts';
import { deployBuilt } from '../../../tests/support/deploy/projectDeployment.ts';
import { openLocalCloud } from '../../../tests/support/localCloud.ts';
import { type LocalCloud, startLocalCloud } from '../../main.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
});
afterAll(() => cloud.close());
beforeEach(async ({ task }) => {
  if (task.suite?.name === 'a spoilt file') return;
  await ask('POST', 'reset');
  for (const { name } of await snapshots()) await ask('DELETE', `snapshots/${name}`);
});

type Json = Record<string, unknown>;

async function send(method: string, path: string, body?: string | Uint8Array, url = cloud.url) {
  const init = body === undefined ? {} : { body: body as string };
  const headers = { accept: 'application/json' };
  return fetch(`${url}/_local/${path}`, { method, headers, ...init });
}
async function ask<T = Json>(method: string, path: string, body?: unknown, url?: string) {
  const answer = await send(
    method,
    path,
    body === undefined ? undefined : JSON.stringify(body),
    url,
  );
  return { status: answer.status, json: (await answer.json()) as T };
}
const snapshots = async () => (await ask<{ name: string }[]>('GET', 'snapshots')).json;
const save = (name: string) => ask('POST', 'snapshots', { name });
const load = (name: string) => ask('POST', `snapshots/${name}/load`);
const fileOf = async (name: string) =>
  Buffer.from(await (await send('GET', `snapshots/${name}`)).arrayBuffer());

async function place(outTradeNo: string): Promise<string> {
  const data = { outTradeNo, body: '咖啡', totalFee: 100, openid: 'oLocalUser' };
  const call = { name: 'unifiedOrder', data, service: true };
  const { json } = await ask<{ result: { prepayId: string } }>('POST', 'call', call);
  return json.result.prepayId;
}
async function pay(outTradeNo: string): Promise<void> {
  await ask('POST', `cashier/${await place(outTradeNo)}`, { action: 'pay' });
}
const advance = (by: string, timers = 'none') => ask('POST', 'clock', { advance: by, timers });
const standing = async (outTradeNo: string) => {
  const { json } = await ask<{ row: { standing: string; confirmedBy: string } }>(
    'GET',
    `orders/${outTradeNo}`,
  );
  return [json.row.standing, json.row.confirmedBy];
};

/** Reads everything that the control API tells of a world, but for processes and ids of entries. */
async function everything(): Promise<Json> {
  const reads = ['orders', 'agenda', 'faults', 'shop', 'world', 'wechatpay/notifications'];
  const read = async (path: string) => (await ask<unknown>('GET', path)).json;
  const { orders } = (await read('orders')) as { orders: { outTradeNo: string }[] };
  const ofOrders = orders.flatMap(({ outTradeNo }) => [
    `orders/${outTradeNo}`,
    `wechatpay/orders/${outTradeNo}`,
  ]);
  const collections = cloud.cloudbase.collections();
  const documents = collections.map(({ name }) => `documents/${name}?limit=1000`);
  const answers: Json = { collections };
  for (const path of [...reads, ...ofOrders, ...documents]) answers[path] = await read(path);
  // Timers go on by real time, though they run nothing here.
  const plans = answers.agenda as { kind: string; at: string; key: string }[];
  answers.agenda = plans.map((plan) => (plan.kind === 'timer' ? plan.key : plan)).sort();
  const events = (await read('events')) as Record<string, string | undefined>[];
  const names: string[] = [];
  const placeOf = (name = '') => (names.includes(name) ? names.indexOf(name) : names.push(name));
  // What a developer does is recorded too, these reads and attempts among it.
  const happened = events.filter(({ actor }) => actor !== 'console');
  answers.events = happened.map(({ id: _id, hasExchange: _bytes, key, cause, chain, ...entry }) => {
    return { ...entry, names: [key, cause, chain].map(placeOf) };
  });
  answers.switches = (await ask('PUT', 'platform', {})).json;
  return answers;
}

/** Makes a world of much: orders of several standings, faults, switches, another merchant, what is to come. */
async function busyWorld(): Promise<void> {
  await pay('WORLDPAID1');
  await advance('PT1S');
  const refund = { outTradeNo: 'WORLDPAID1', outRefundNo: 'WORLDBACK1', refundFee: 40 };
  await ask('PUT', 'faults', [{ at: 'wechatpay.refundMoney', kind: 'slow', delayMs: 9e6 }]);
  const { json } = await ask('POST', 'call', { name: 'refund', data: refund, service: true });
  expect(json).toMatchObject({ result: { errCode: 0 } });
  await ask('POST', 'platform', { to: 'new_certificate' });
  await ask('POST', 'merchant', { to: 'new_number' });
  await place('WORLDOPEN1');
  await ask('POST', 'merchant', { to: 'back' });
  await advance('PT2H');
  await ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  await ask('PUT', 'platform', { answerProbes: true, afterAnswer: 'ended' });
  await pay('WORLDLOST1');
  // The next attempt is nine minutes away: no real time brings it about.
  await advance('PT5M');
}

test('a world that was saved and is loaded answers every read as before', async () => {
  await busyWorld();
  expect((await save('busy')).json).toMatchObject({ name: 'busy', orders: 3 });
  const before = await everything();
  const now = Date.parse(String((await ask('GET', 'clock')).json.now));
  await ask('POST', 'reset');
  await pay('ANOTHER001');
  await advance('P3D');
  expect((await load('busy')).status).toBe(200);
  expect(await everything()).toEqual(before);
  const { json } = await ask('GET', 'clock');
  // Time goes on from where it was saved.
  expect(Date.parse(String(json.now)) - now).toBeLessThan(86_400_000);
});

test('a lost callback in a saved world is found by the timer after it is loaded', async () => {
  await ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  await pay('LOSTWORLD1');
  await advance('PT1S');
  await save('lost');
  await ask('POST', 'reset');
  await load('lost');
  expect(await standing('LOSTWORLD1')).toEqual(['paying', undefined]);
  await advance('PT10M', 'all');
  expect(await standing('LOSTWORLD1')).toEqual(['paid', 'query']);
});

test('a notification that was to be repeated is repeated in the loaded world', async () => {
  await ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request', times: 1 }]);
  await pay('REPEATED01');
  await advance('PT1S');
  await save('repeated');
  await ask('POST', 'reset');
  await load('repeated');
  await advance('PT20S');
  expect(await standing('REPEATED01')).toEqual(['paid', 'callback']);
});

test('no function remembers the world of before, and what ran in it gets an error', async () => {
  await pay('REMEMBERED');
  await save('calm');
  const fault = { at: 'wechatpay.jsapi', kind: 'slow', delayMs: 3_600_000, times: 1 };
  await ask('PUT', 'faults', [fault]);
  const warm = cloud.runner.instances().map(({ pid }) => pid);
  const call = {
    name: 'unifiedOrder',
    data: { outTradeNo: 'ENDED00001', body: '茶', totalFee: 1 },
  };
  const running = ask<{ error: { code: string } }>('POST', 'call', call);
  const isOpen = () => cloud.world.faults.list().some(({ times }) => times !== 0);
  while (isOpen()) await new Promise(setImmediate);
  await load('calm');
  const { json } = await running;
  expect(json.error.code).toMatch(/^RESET$|^FUNCTIONS_/);
  expect(cloud.runner.instances().filter(({ pid }) => warm.includes(pid))).toEqual([]);
  expect((await ask('GET', 'orders')).json.total).toBe(1);
  expect((await ask('GET', 'wechatpay/orders/ENDED00001')).status).toBe(404);
});

test('a world is carried as a file to a cloud with other keys, and goes on there', async () => {
  await ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  await pay('CARRIED001');
  await advance('PT1S');
  await save('carried');
  const folder = mkdtempSync(join(tmpdir(), 'worlds-'));
  const deal = dealtKeys();
  deal(); // Its first key is another one than ours.
  const file = join(folder, 'data.db');
  const env = { WXPAY_PRICE_SOURCE: 'client', LOCAL_TIMERS: 'held' };
  const there = await startLocalCloud({ port: 0, file, env, rsaKey: deal });
  const at = (method: string, path: string, body?: unknown) => ask(method, path, body, there.url);
  await deployBuilt(there);
  expect(there.wechat.merchant().serialNo).not.toBe(cloud.wechat.merchant().serialNo);
  const put = await send('PUT', 'snapshots/carried', await fileOf('carried'), there.url);
  expect(await put.json()).toMatchObject({ name: 'carried', orders: 1 });
  await at('POST', 'snapshots/carried/load');
  await at('POST', 'clock', { advance: 'PT10M', timers: 'all' });
  expect((await at('GET', 'orders')).json).toMatchObject({ counts: { paid: 1 } });
  await there.close();
  // Its functions were deployed with keys of before, and are not deployed again.
  const port = Number(new URL(there.url).port);
  const again = await startLocalCloud({ port, file, env, rsaKey: deal });
  const data = { outTradeNo: 'GOESON0001', body: '茶', totalFee: 1, openid: 'oLocalUser' };
  const call = { name: 'unifiedOrder', data, service: true };
  const { json } = await ask('POST', 'call', call, again.url);
  expect(json).toMatchObject({ result: { errCode: 0 } });
  await again.close();
  rmSync(folder, { recursive: true });
});

test('a file holds keys that the local cloud made, and none that open it or came from a shell', async () => {
  const all = Object.entries(cloud.environment());
  const held = all.filter(([name]) =>
    /SECRET_?KEY|SESSION_?TOKEN|SERVICE_KEY|EVENTS_KEY/.test(name),
  );
  expect(held.length).toBeGreaterThan(2);
  // Functions print what they have, and fail with it.
  const log = ['printed:', ...held.map(([, value]) => value)];
  cloud.world.timeline.add({ what: 'function.call', detail: { log, error: log.join('\n') } });
  await save('secrets');
  const text = gunzipSync(await fileOf('secrets')).toString();
  expect(text).toContain(cloud.wechat.merchant().apiV3Key);
  expect(text).toContain('printed:');
  for (const [name, value] of all) {
    const isSecret = /SECRET|TOKEN|SERVICE_KEY|EVENTS_KEY|PERMANENT/.test(name);
    if (isSecret) expect(text.includes(value), name).toBe(false);
  }
});

/** Changes lines of a world's file. */
async function changed(name: string, change: (lines: string[]) => string[]): Promise<Buffer> {
  const lines = gunzipSync(await fileOf(name))
    .toString()
    .split('\n');
  return gzipSync(change(lines).join('\n'));
}
const inHead = (change: object) => (lines: string[]) => [
  JSON.stringify({ ...JSON.parse(lines[0] ?? ''), ...change }),
  ...lines.slice(1),
];
const inColumns = (change: object) => (lines: string[]) =>
  inHead({ columns: { ...JSON.parse(lines[0] ?? '').columns, ...change } })(lines);
const inMemory = (change: object) => (lines: string[]) => [
  lines[0] ?? '',
  JSON.stringify({ ...JSON.parse(lines[1] ?? ''), ...change }),
  ...lines.slice(2),
];
const inRows = (from: string | RegExp, to: string) => (lines: string[]) => {
  const next = lines.map((line, at) => (at < 2 ? line : line.replace(from, to)));
  expect(next).not.toEqual(lines);
  return next;
};

describe('a spoilt file', () => {
  let before: Json;
  let prepayId: string;
  beforeAll(async () => {
    await ask('POST', 'reset');
    await pay('UNCHANGED1');
    await advance('PT1S');
    await save('whole');
    prepayId = await place('UNCHANGED2');
    before = await everything();
  });

  test.each<[string, string, (lines: string[]) => string[]]>([
    ['BROKEN_WORLD', 'no world', () => ['{"a":1}']],
    ['BROKEN_WORLD', 'no JSON', () => ['hello']],
    ['OTHER_VERSION', 'another version', inHead({ version: 2 })],
    ['OTHER_VERSION', 'other columns', inColumns({ agenda: ['kind', 'key', 'at_ms', 'more'] })],
    ['BROKEN_WORLD', 'a head of a wrong type', inHead({ orders: 'many' })],
    ['BROKEN_WORLD', 'no memory', (lines) => lines.slice(0, 1)],
    ['BROKEN_WORLD', 'a time beyond all', inMemory({ nowMs: 9e15 })],
    ['BROKEN_WORLD', 'an unknown fault', inMemory({ faults: [{ at: 'x', kind: 'error' }] })],
    ['BROKEN_WORLD', 'an unknown merchant', inMemory({ merchant: { mchid: '1' } })],
    ['BROKEN_WORLD', 'an unknown switch', inMemory({ switches: { luck: true } })],
    ['BROKEN_WORLD', 'no memory of a service', inMemory({ services: { wechatpay: 1 } })],
    ['BROKEN_WORLD', 'a timeline of no entries', inMemory({ timeline: [{ id: 'x' }] })],
    ['BROKEN_WORLD', 'a row of no table', (lines) => [...lines, '["secrets","serviceKey","x"]']],
    ['BROKEN_WORLD', 'a row too short', (lines) => [...lines, '["agenda","timer"]']],
    ['BROKEN_WORLD', 'a row of no values', (lines) => [...lines, '["agenda",{},"x",1,null]']],
    ['BROKEN_WORLD', 'a plan at no time', inRows(/^(\["agenda",.*?,)\d+,/, '$1"soon",')],
    ['BROKEN_WORLD', 'a row twice', (lines) => [...lines, lines.at(-1) ?? '']],
    ['BROKEN_WORLD', 'a prototype', inRows(/\{\\"mchid\\"/, '{\\"__proto__\\":{},\\"mchid\\"')],
    ['BROKEN_WORLD', 'an amount of text', inRows(/\\"total\\":100/, '\\"total\\":\\"100\\"')],
    ['BROKEN_WORLD', 'no private key', inRows(/BEGIN PRIVATE KEY/g, 'BEGIN PUBLIC KEY')],
    [
      'BROKEN_WORLD',
      'no document',
      inRows(/^(\["cloudbase_documents","orders",.*?,)".*/, '$1"["]'),
    ],
    [
      'BROKEN_WORLD',
      'an unknown state',
      inRows(/\\"state\\":\\"paid\\"/g, '\\"state\\":\\"rich\\"'),
    ],
  ])('%s: %s is refused, and nothing is changed', async (code, _what, change) => {
    const file = await changed('whole', change);
    const put = await send('PUT', 'snapshots/spoilt?replace=true', file);
    const answer = put.ok ? await load('spoilt') : { status: put.status, json: await put.json() };
    expect(answer).toMatchObject({ status: 400, json: { error: { code } } });
    expect(await everything()).toEqual(before);
  });

  test('was refused each time, and the world goes on', async () => {
    await ask('POST', `cashier/${prepayId}`, { action: 'pay' });
    await advance('PT1S');
    expect(await standing('UNCHANGED2')).toEqual(['paid', 'callback']);
  });
});

test('a file that unpacks without end is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, ' '));
  const answer = await send('PUT', 'snapshots/bomb', bomb);
  expect(await answer.json()).toMatchObject({ error: { code: 'BROKEN_WORLD' } });
  expect(await snapshots()).toEqual([]);
});

test.each(['..', '.', 'a.b', 'a/b', '..%2Fdata', 'C:x', 'a%00', 'x'.repeat(61), ' '])(
  'no name leads out of the folder: %j',
  async (name) => {
    const at = encodeURI(name).replaceAll('/', '%2F').replaceAll('%25', '%');
    for (const answer of [
      await ask('POST', 'snapshots', { name: decodeURIComponent(name) }),
      await ask('POST', `snapshots/${at}x.y/load`),
    ]) {
      expect(answer).toMatchObject({ status: 400, json: { error: { field: 'name' } } });
    }
  },
);

test('a name that is taken is taken again only where it may be', async () => {
  await save('早上');
  expect(await save('早上')).toMatchObject({ status: 409, json: { error: { code: 'EXISTS' } } });
  const file = await fileOf(encodeURIComponent('早上'));
  const path = `snapshots/${encodeURIComponent('早上')}`;
  expect((await send('PUT', path, file)).status).toBe(409);
  expect((await send('PUT', `${path}?replace=true`, file)).status).toBe(200);
  expect((await ask('POST', 'snapshots', { name: '早上', replace: true })).status).toBe(200);
  expect((await snapshots()).map(({ name }) => name)).toEqual(['早上']);
  expect((await ask('DELETE', path)).status).toBe(200);
  expect((await load(encodeURIComponent('早上'))).status).toBe(404);
});

test('a world is saved while calls go on coming, and none of them fails', async () => {
  await pay('TRAFFIC001');
  const answers: unknown[] = [];
  let running = true;
  const caller = async () => {
    const call = { name: 'queryOrder', data: { outTradeNo: 'TRAFFIC001' }, service: true };
    while (running) answers.push((await ask('POST', 'call', call)).json);
  };
  const callers = [caller(), caller(), caller()];
  while (answers.length < 3) await new Promise(setImmediate);
  expect((await save('traffic')).json).toMatchObject({ orders: 1 });
  running = false;
  await Promise.all(callers);
  for (const answer of answers) expect(answer).toMatchObject({ result: { errCode: 0 } });
});
