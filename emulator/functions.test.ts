import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dealtKeys } from '../tests/support/dealtKeys.ts';
import { type CloudBase, createCloudBase } from './cloudbase/cloudbase.ts';
import {
  databaseOf,
  deployedRunner,
  invokeFromHttpApi,
  invokeVersion,
  logsOf,
  specsOf,
} from './functions.ts';
import { createRunner, type Runner } from './runner/runner.ts';
import type { DeployedVersion, TencentCloudOptions } from './tencentcloud/options.ts';
import { createTimeline } from './world/timeline/timeline.ts';
import { openWorld, type World } from './world/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'functions-'));
afterAll(() => rmSync(folder, { recursive: true }));

let world: World;
let runner: Runner;
let cloudbase: CloudBase;
beforeEach(() => {
  world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    randomBytes,
    realMs: Date.now,
    chance: () => 0,
    waitMs: (ms) => wait(ms, undefined, { ref: false }),
  });
  runner = createRunner(world, {
    envId: 'env-1',
    appid: 'wxapp',
    region: 'ap-shanghai',
    adminUrl: 'http://127.0.0.1:9/admin',
    credentials: () => ({ secretId: 'id', secretKey: 'key', token: 'sts' }),
  });
  cloudbase = createCloudBase(world, {
    envId: 'env-1',
    credentials: () => undefined,
    invoke: async () => ({ result: null }),
  });
});
afterEach(async () => {
  await runner.close();
  world.data.close();
});

/** A version whose code tells which it is, and logs its event. */
function versionOf(version: string, more: Partial<DeployedVersion> = {}): DeployedVersion {
  const file = join(folder, version.replace('$', ''), 'index.js');
  mkdirSync(join(file, '..'), { recursive: true });
  const body = `console.log('${version} got ' + event.word);
    return ['${version}', context.function_name, context.function_version, process.env.KEY];`;
  writeFileSync(file, `exports.main = async (event, context) => {${body}}`);
  return {
    name: 'pay',
    version,
    isDefault: false,
    callable: true,
    file,
    timeoutMs: 5000,
    memoryMb: 128,
    environment: { KEY: `of ${version}` },
    timers: [],
    routes: [],
    ...more,
  };
}

const timers = [{ name: 'every-minute', cron: '0 * * * * * *' }];
const routes = [{ path: '/pay/notify' }];

describe('versions, as the runner takes them', () => {
  test('the default one under the function’s name, each under its own too', () => {
    const specs = specsOf([
      versionOf('$LATEST'),
      versionOf('1'),
      versionOf('2', { isDefault: true }),
    ]);
    expect(specs.map(({ name, key, version }) => [name, key, version])).toEqual([
      ['pay', 'pay:$LATEST', '$LATEST'],
      ['pay', 'pay:1', '1'],
      ['pay', undefined, '2'],
      ['pay', 'pay:2', '2'],
    ]);
  });

  test('timers and routes are those of the default one, once', () => {
    const specs = specsOf([
      versionOf('$LATEST', { timers }),
      versionOf('1', { isDefault: true, timers, routes }),
    ]);
    expect(specs.map(({ key, ...spec }) => [key, spec.timers, spec.routes])).toEqual([
      ['pay:$LATEST', [], []],
      [undefined, timers, routes],
      ['pay:1', [], []],
    ]);
  });

  // The settings of the console, the environment that was deployed, what the function has.
  test.each<[string, Record<string, string>, Record<string, string>, Record<string, string>]>([
    ['nothing', {}, { A: '1' }, { A: '1' }],
    ['a key that it has: replaced', { A: '2' }, { A: '1', B: '1' }, { A: '2', B: '1' }],
    ['a key that it has not: not added', { C: '2' }, { A: '1' }, { A: '1' }],
    ['a key that it has empty: replaced', { A: '2' }, { A: '' }, { A: '2' }],
    ['a key that every object has', { constructor: '2' }, { A: '1' }, { A: '1' }],
  ])('a change in the console of %s', (_what, settings, environment, expected) => {
    const specs = specsOf([versionOf('1', { isDefault: true, environment })], settings);
    expect(specs.map((spec) => spec.environment)).toEqual([expected, expected]);
  });
});

describe('callFunction', () => {
  const client = { kind: 'client', openid: 'o1', source: 'wx_client' } as const;
  const calls = [
    client,
    { kind: 'function', chain: 'wx_client,scf' } as const,
    { kind: 'api' } as const,
  ];

  test.each(calls)(
    'of a $kind reaches what CloudBase stamped, and nothing else',
    async (invoker) => {
      const hosted = deployedRunner(runner);
      const call = () => hosted.runner.invoke('pay', { word: 'hello' }, invoker);
      hosted.load([versionOf('1', { isDefault: true, callable: false })]);
      expect(await call()).toMatchObject({ error: { code: 'FUNCTION_NOT_FOUND' } });
      hosted.load([versionOf('1', { callable: false }), versionOf('2', { isDefault: true })]);
      expect((await call()).result).toEqual(['2', 'pay', '2', 'of 2']);
    },
  );

  test('is not what routes, timers and the API do: these reach every function', async () => {
    const hosted = deployedRunner(runner);
    hosted.load([versionOf('1', { isDefault: true, callable: false, timers, routes })]);
    const answer = await hosted.runner.handle(new Request('http://127.0.0.1/pay/notify'));
    expect(answer?.status).toBe(200);
    const [fired] = await hosted.runner.fireTimer('pay');
    expect(fired?.error).toBeUndefined();
    const invoke = invokeVersion(hosted.runner);
    const { error } = await invoke({ name: 'pay', version: '1', event: { word: 'hello' } });
    expect(error).toBeUndefined();
  });

  test('of a function that is not there finds none', async () => {
    const { error } = await deployedRunner(runner).runner.invoke('none', {}, client);
    expect(error).toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
  });
});

describe('invoked through the HTTP API', () => {
  const event = { word: 'hello' };

  test('the default version runs, or the one that is named', async () => {
    runner.load(specsOf([versionOf('1', { isDefault: true }), versionOf('2')]));
    const invoke = invokeFromHttpApi(runner);
    const versions = [{}, { qualifier: '$DEFAULT' }, { qualifier: '2' }];
    const ran = await Promise.all(
      versions.map((which) => invoke({ name: 'pay', event, ...which })),
    );
    expect(ran.map(({ result }) => (result as string[])[0])).toEqual(['1', '1', '2']);
  });

  test.each([
    ['a function', 'none', {}, 'FUNCTION_NOT_FOUND'],
    ['a version of one', 'none', { qualifier: '1' }, 'FUNCTION_NOT_FOUND'],
    ['a version', 'pay', { qualifier: '9' }, 'FUNCTION_QUALIFIER_NOT_FOUND'],
  ])('%s that is not there has its word', async (_, name, which, code) => {
    runner.load(specsOf([versionOf('1', { isDefault: true })]));
    const { error } = await invokeFromHttpApi(runner)({ name, event, ...which });
    expect(error?.code).toBe(code);
  });

  test('a version of what CloudBase does not know is not found either', async () => {
    const hosted = deployedRunner(runner);
    hosted.load([versionOf('1', { isDefault: true, callable: false })]);
    const invoke = invokeFromHttpApi(hosted.runner);
    const { error } = await invoke({ name: 'pay', qualifier: '1', event });
    expect(error?.code).toBe('FUNCTION_QUALIFIER_NOT_FOUND');
  });
});

describe('invoked through the Tencent Cloud API', () => {
  test('a version runs, whichever callers get', async () => {
    runner.load(
      specsOf([versionOf('$LATEST'), versionOf('1', { isDefault: true }), versionOf('2')]),
    );
    const invoke = invokeVersion(runner);
    for (const version of ['$LATEST', '1', '2']) {
      const { result } = await invoke({ name: 'pay', version, event: { word: 'hello' } });
      expect(result).toEqual([version, 'pay', version, `of ${version}`]);
    }
    const called = await runner.invoke('pay', { word: 'hello' }, { kind: 'http' });
    expect(called.result).toEqual(['1', 'pay', '1', 'of 1']);
  });

  test('a version that is not there is an outcome', async () => {
    runner.load(specsOf([versionOf('1', { isDefault: true })]));
    const { error } = await invokeVersion(runner)({ name: 'pay', version: '9', event: {} });
    expect(error).toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
  });

  test('a call carries nothing of CloudBase: no caller, no source', async () => {
    const seen = join(folder, 'seen.js');
    writeFileSync(
      seen,
      'exports.main = async (_event, context) => JSON.parse(context.environment)',
    );
    runner.load(specsOf([versionOf('1', { isDefault: true, file: seen })]));
    const { result } = await invokeVersion(runner)({ name: 'pay', version: '1', event: {} });
    expect(Object.keys(result as object)).not.toEqual([]);
    expect(result).not.toHaveProperty('WX_OPENID');
    expect(result).not.toHaveProperty('TCB_SOURCE');
  });
});

describe('the log', () => {
  type Query = Parameters<TencentCloudOptions['logs']>[0];
  const textsOf = (query: Partial<Query> = {}) =>
    logsOf(world)({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, ...query }).map(({ text }) => text);
  let first: string;

  beforeEach(async () => {
    runner.load(specsOf([versionOf('1', { isDefault: true }), versionOf('2')]));
    ({ requestId: first } = await runner.invoke('pay', { word: 'one' }, { kind: 'http' }));
    await invokeVersion(runner)({ name: 'pay', version: '2', event: { word: 'two' } });
    world.timeline.add({ what: 'clock.moved', detail: { log: ['not of a function'] } });
  });

  test('has every line that functions printed, newest first', () => {
    expect(textsOf()).toEqual(['2 got two', '1 got one']);
  });

  test('names the function, not the version, and the request', () => {
    const [second] = logsOf(world)({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
    expect(second).toMatchObject({
      name: 'pay',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test.each<[string, () => Partial<Query>, string[]]>([
    ['the function', () => ({ name: 'pay' }), ['2 got two', '1 got one']],
    ['another function', () => ({ name: 'pa' }), []],
    ['a request', () => ({ requestId: first }), ['1 got one']],
    ['later', () => ({ fromMs: world.clock.nowMs() + 1 }), []],
    ['earlier', () => ({ toMs: world.clock.nowMs() - 60_000 }), []],
  ])('can be asked for %s', (_what, query, expected) => {
    expect(textsOf(query())).toEqual(expected);
  });

  test('both ends of a span belong to it', () => {
    const [, line] = logsOf(world)({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
    const { atMs = 0 } = line ?? {};
    expect(textsOf({ fromMs: atMs, toMs: atMs, requestId: first })).toEqual(['1 got one']);
  });
});

describe('the collections, as the Tencent Cloud API changes them', () => {
  const unique = { name: 'no', keys: { no: 1 as const }, unique: true };
  const sorted = { name: 'at', keys: { at: -1 as const } };

  test('tables and indexes come and go', () => {
    const database = databaseOf(cloudbase);
    database.createTable('orders');
    database.createIndex('orders', unique);
    database.createIndex('orders', sorted);
    expect(database.tables()).toEqual([{ name: 'orders', count: 0, indexes: [unique, sorted] }]);
    database.dropIndex('orders', 'no');
    expect(cloudbase.collections()).toEqual([{ name: 'orders', count: 0, indexes: [sorted] }]);
    database.dropTable('orders');
    expect(cloudbase.collections()).toEqual([]);
  });

  test('making a table that is there keeps its indexes', () => {
    const database = databaseOf(cloudbase);
    database.createTable('orders');
    database.createIndex('orders', unique);
    database.createTable('orders');
    expect(database.tables()).toMatchObject([{ indexes: [unique] }]);
  });
});

test('what was printed after the clock was moved ahead is found by those who go by real time', () => {
  const realMs = Date.parse('2026-11-25T02:00:00Z');
  const timeline = createTimeline(() => new Date(realMs + 3_600_000));
  timeline.add({ what: 'function.call', subject: 'queryOrder', detail: { log: ['line'] } });
  const linesAhead = (offsetMs: number) =>
    logsOf({ timeline, clock: { offsetMs: () => offsetMs } as never })({
      fromMs: realMs - 60_000,
      toMs: realMs,
    });
  expect(linesAhead(3_600_000).map(({ text }) => text)).toEqual(['line']);
  expect(linesAhead(0)).toEqual([]);
});
