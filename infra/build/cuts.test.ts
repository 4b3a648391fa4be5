import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import whole from '@cloudbase/node-sdk';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { cutUnused } from './cuts.ts';
import { MEMBERS_OF_ANY_BUNDLE, WORDS_OF_CUT_PARTS } from './documentsAlone.ts';

type Sdk = typeof whole;
type App = ReturnType<Sdk['init']>;

let folder: string;
let server: Server;
let received: { headers: IncomingMessage['headers']; body: string }[] = [];
/** The SDK as our functions have it, and as those of a merchant have it. */
const cut = {} as Record<'ours' | 'merchant', Sdk>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuts-'));
  for (const owner of ['ours', 'merchant'] as const) {
    const outfile = join(folder, `${owner}.cjs`);
    await build({
      stdin: {
        contents: "module.exports = require('@cloudbase/node-sdk');",
        resolveDir: process.cwd(),
      },
      bundle: true,
      platform: 'node',
      minify: true,
      outfile,
      plugins: [cutUnused([], owner)],
    });
    cut[owner] = createRequire(import.meta.url)(outfile) as Sdk;
  }
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('latin1') });
      response.end(JSON.stringify(ANSWER));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  received = [];
  vi.stubEnv('TENCENTCLOUD_RUNENV', 'SCF');
  vi.stubEnv('TENCENTCLOUD_REGION', 'ap-shanghai');
  vi.stubEnv('SCF_NAMESPACE', 'shop-1a2b3c');
  vi.stubEnv('WX_CONTEXT_KEYS', 'WX_API_TOKEN');
  vi.stubEnv('WX_API_TOKEN', 'token');
});
afterEach(() => vi.unstubAllEnvs());

const ANSWER = {
  requestId: 'r1',
  data: {
    list: ['{"_id":"A1","at":{"$date":{"$numberLong":"1795485600000"}},"fee":{"$numberInt":"7"}}'],
    insertedIds: ['A1'],
    updated: 1,
    deleted: 1,
    total: 1,
    response_data: '{"errCode":0}',
  },
};

function open(sdk: Sdk): App {
  const { port } = server.address() as AddressInfo;
  const keys = { secretId: 'AKIDtest', secretKey: 'secret' };
  return sdk.init({
    env: sdk.SYMBOL_CURRENT_ENV,
    ...keys,
    serviceUrl: `http://127.0.0.1:${port}/admin`,
  });
}

const at = new Date('2026-11-24T09:07:12Z');
const order = {
  _id: 'A1',
  at,
  fee: 7,
  ratio: 0.5,
  big: 2 ** 40,
  nested: { text: '支付', list: [1, at] },
};

/** Calls as our adapters make them, and the samples. */
const calls: Record<string, (app: App) => Promise<unknown>> = {
  'an insert': (app) => app.database().collection('orders').add(order),
  'a read by a condition': (app) => {
    const { command } = app.database();
    const due = { at: command.and(command.gte(at), command.lte(at)), _id: command.nin(['B1']) };
    const orders = app.database().collection('orders').options({ timeout: 3000, multiple: false });
    return orders.where(due).orderBy('at', 'asc').limit(20).field({ _id: true, at: true }).get();
  },
  'a conditional update': (app) => {
    const { command } = app.database();
    const only = { _id: 'A1', schemaVersion: command.lte(3), gone: command.exists(false) };
    return app
      .database()
      .collection('orders')
      .where(only)
      .update({
        at,
        order: command.set(order),
        old: command.remove(),
        writeIds: command.push({ each: ['w1'], slice: -5 }),
        count: command.inc(1),
      });
  },
  'a document that is set': (app) => app.database().collection('channels').doc('url').set({ at }),
  'a document that is read': (app) => app.database().collection('goods').doc('A1').get(),
  'a removal': (app) => {
    const { command } = app.database();
    return app
      .database()
      .collection('channels')
      .where({ _id: command.in(['url']) })
      .remove();
  },
  'a count': (app) => app.database().collection('orders').where({ fee: 7 }).count(),
  'a call of a function': (app) =>
    app.callFunction({ name: 'fulfilOrder', data: order }, { timeout: 900 }),
  'a call of cloud pay': (app) =>
    app.callWxPayApi(
      { apiName: 'queryOrder', requestData: Buffer.from('{"a":"支付"}') },
      { timeout: 900 },
    ),
};

/** Leaves out what differs between any two requests: the time, serial numbers and what depends on them. */
function comparable({ headers, body }: (typeof received)[number]) {
  const { authorization, date: _date, ...others } = headers;
  const text = JSON.stringify({
    ...others,
    authorization: authorization?.replace(/Signature=.*/, ''),
    body,
  });
  return text
    .replace(/-{26}[0-9a-f]{24}/g, 'boundary')
    .replace(/"x-(client-)?timestamp":"\d+"/g, '');
}

test.each(
  Object.keys(calls).flatMap((name) => [
    [name, 'ours' as const],
    [name, 'merchant' as const],
  ]),
)(
  '%s is what the whole SDK sends, and is answered alike, in a function that is %s',
  async (name, owner) => {
    const call = calls[name as keyof typeof calls];
    const expected = await call?.(open(whole));
    const answer = await call?.(open(cut[owner as 'ours']));
    expect(received).toHaveLength(2);
    const [first, second] = received.map(comparable);
    expect(second).toBe(first);
    expect(answer).toEqual(expected);
  },
);

test.each(['ours', 'merchant'] as const)('the SDK of %s has every export', (owner) => {
  expect(Object.keys(cut[owner])).toEqual(Object.keys(whole));
  expect(cut[owner].version).toBe(whole.version);
});

test('whatever else is asked of the app throws its name', () => {
  const members = new Set(Object.getOwnPropertyNames(Object.getPrototypeOf(open(whole))));
  for (const member of Object.keys(open(whole))) members.add(member);
  const app = open(cut.merchant) as unknown as Record<string, () => unknown>;
  const refused = [...members].filter((member) => !MEMBERS_OF_ANY_BUNDLE.includes(member));
  expect(refused.length).toBeGreaterThan(20);
  for (const member of refused) {
    expect(() => app[member]?.()).toThrow(`${member} was left out of this bundle`);
    expect(WORDS_OF_CUT_PARTS).toContain(member);
  }
});

test.each<[string, (app: App) => unknown]>([
  ['cloudrun', (app) => app.callFunction({ name: 'x', type: 'cloudrun' } as never)],
  ['./retry', (app) => app.callFunction({ name: 'x', data: {} }, { retryOptions: { retries: 1 } })],
  [
    'websocket-client',
    async (app) =>
      app
        .database()
        .collection('orders')
        .watch({} as never),
  ],
])('a part that is left out says so: %s', async (part, use) => {
  for (const owner of ['ours', 'merchant'] as const) {
    await expect(use(open(cut[owner]))).rejects.toThrow(`${part} was left out of this bundle`);
  }
});

test.each<[string, (app: App) => unknown]>([
  ['./aggregate', async (app) => app.database().collection('orders').aggregate()],
  ['./transaction/index', async (app) => app.database().runTransaction(async () => {})],
  [
    'Geo',
    async (app) => new (app.database().Geo.Point as new (x: number, y: number) => object)(1, 2),
  ],
])('%s is left out of our functions alone', async (part, use) => {
  await expect(use(open(cut.ours))).rejects.toThrow(`${part} was left out of this bundle`);
  await use(open(cut.merchant));
});
