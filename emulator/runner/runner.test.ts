import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dealtKeys } from '../../tests/support/dealtKeys.ts';
import { openWorld, type World } from '../world/world.ts';
import type { FunctionSpec, Invoker } from './invocation.ts';
import type { PlatformSwitches } from './invocations/switches.ts';
import { createRunner, type Runner } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'runner-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CLIENT: Invoker = { kind: 'client', openid: 'oPayer', source: 'wx_client' };
const START = Date.parse('2026-11-24T10:00:30Z');

let world: World;
let runner: Runner;
let secretId: string;

beforeEach(() => {
  const skew = START - Date.now();
  secretId = 'AKID1';
  world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    realMs: () => Date.now() + skew,
    waitMs: (ms) => wait(ms),
    randomBytes,
    chance: () => 0.5,
  });
  runner = createRunner(world, {
    envId: 'env-1',
    appid: 'wxapp',
    region: 'ap-shanghai',
    credentials: () => ({ secretId, secretKey: 'key', token: 'sts' }),
    adminUrl: 'http://127.0.0.1:7100/admin',
    instancesMax: 3,
  });
});
afterEach(async () => {
  await runner.close();
  world.data.close();
});

function deployed(name: string, source: string, more: Partial<FunctionSpec> = {}): FunctionSpec {
  const file = join(folder, name, 'index.js');
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(file, source);
  const limits = { timeoutMs: 5000, memoryMb: 128 };
  return { name, file, ...limits, environment: {}, timers: [], routes: [], ...more };
}

/** Deploys a single function whose `main` has this body and calls it. */
async function call(body: string, event: unknown = {}, invoker = CLIENT, more = {}) {
  runner.load([deployed('f', `exports.main = async (event, context) => {${body}}`, more)]);
  return runner.invoke('f', event, invoker);
}

/** A body that never ends and keeps its process alive. */
const FOREVER = 'await new Promise(() => setInterval(() => {}, 1000))';
const main = (body: string) => `exports.main = async (event, context) => {${body}}`;
const ofEnvironment = 'return JSON.parse(context.environment)';

describe('the context is that of SCF', () => {
  test('fields, functions and accessor', async () => {
    const { result, requestId } = await call(`
      const before = context.callbackWaitsForEmptyEventLoop;
      context.callbackWaitsForEmptyEventLoop = false;
      const { environment, environ, ...plain } = context;
      return {
        ...plain,
        waits: [before, context.callbackWaitsForEmptyEventLoop],
        accessor: typeof Object.getOwnPropertyDescriptors(context)
          .callbackWaitsForEmptyEventLoop.get,
        remaining: context.getRemainingTimeInMillis(),
        environIsEnvironment: environ ===
          Object.entries(JSON.parse(environment)).map(([k, v]) => k + '=' + v).join(';'),
      }`);
    expect(result).toEqual({
      callbackWaitsForEmptyEventLoop: false,
      memory_limit_in_mb: 128,
      time_limit_in_ms: 5000,
      request_id: requestId,
      function_version: '$LATEST',
      function_name: 'f',
      namespace: 'env-1',
      tencentcloud_region: 'ap-shanghai',
      tencentcloud_appid: '1250000000',
      tencentcloud_uin: '100000000001',
      waits: [true, false],
      accessor: 'function',
      remaining: expect.any(Number),
      environIsEnvironment: true,
    });
    expect(requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((result as { remaining: number }).remaining).toBeLessThanOrEqual(5000);
  });

  const identity = ['WX_OPENID', 'WX_APPID', 'TCB_SOURCE', 'TRIGGER_SRC'] as const;
  const tokens = ['WX_API_TOKEN', 'WX_TRIGGER_API_TOKEN_V0'] as const;
  test.each<[string, Invoker, (string | undefined)[], string | undefined]>([
    // who, invoker, [openid, appid, source, trigger], which CloudPay token
    ['a client', CLIENT, ['oPayer', 'wxapp', 'wx_client', 'tcb'], 'WX_API_TOKEN'],
    [
      'a function for a client',
      { kind: 'function', chain: 'wx_client,scf', openid: 'oPayer' },
      ['oPayer', 'wxapp', 'wx_client,scf', 'tcb'],
      undefined,
    ],
    [
      'a function',
      { kind: 'function', chain: 'scf' },
      [undefined, undefined, 'scf', 'tcb'],
      undefined,
    ],
    ['an HTTP route', { kind: 'http' }, [undefined, undefined, undefined, undefined], undefined],
    ['the HTTP API', { kind: 'api' }, [undefined, undefined, undefined, undefined], undefined],
    [
      'a timer',
      { kind: 'timer', trigger: 't', set: 'deployed' },
      [undefined, undefined, undefined, 'timer'],
      undefined,
    ],
    [
      'a timer of DevTools',
      { kind: 'other', source: 'wx_trigger' },
      [undefined, 'wxapp', 'wx_trigger', 'tcb'],
      'WX_API_TOKEN',
    ],
    [
      'a timer in the set of DevTools',
      { kind: 'timer', trigger: 't', set: 'devtools' },
      [undefined, 'wxapp', 'wx_trigger', 'tcb'],
      'WX_API_TOKEN',
    ],
    [
      'WeChat Pay',
      { kind: 'other', source: 'wx_paycallback', openid: 'oPayer' },
      ['oPayer', 'wxapp', 'wx_paycallback', 'tcb'],
      undefined,
    ],
    [
      'the server API',
      { kind: 'other', source: 'wx_http' },
      [undefined, 'wxapp', 'wx_http', 'tcb'],
      'WX_API_TOKEN',
    ],
  ])('%s starts it: only what the platform gives is there', async (_, invoker, expected, token) => {
    const { result } = await call(ofEnvironment, {}, invoker);
    const seen = result as Record<string, string>;
    expect(identity.map((key) => seen[key])).toEqual(expected);
    expect(tokens.filter((key) => seen[key] !== undefined)).toEqual(token ? [token] : []);
    const wxKeys = Object.keys(seen).filter((key) => /^WX_(?!CONTEXT)/.test(key));
    expect(seen.WX_CONTEXT_KEYS).toBe(wxKeys.length > 0 ? wxKeys.join() : undefined);
    const tcbKeys = Object.keys(seen).filter((key) => /^(TCB_(?!CONTEXT)|TRIGGER)/.test(key));
    expect(seen.TCB_CONTEXT_KEYS?.split(',')).toEqual(expect.arrayContaining(tcbKeys));
    expect(seen).toMatchObject({ TCB_ENV: 'env-1', SCF_NAMESPACE: 'env-1' });
  });

  const TIMER: Invoker = { kind: 'timer', trigger: 't', set: 'devtools' };
  const CALLBACK: Invoker = { kind: 'other', source: 'wx_paycallback', openid: 'oPayer' };
  const SERVER_API: Invoker = { kind: 'other', source: 'wx_http' };
  test.each<[string, Invoker, Partial<PlatformSwitches>, (string | undefined)[], string?]>([
    [
      'a timer of DevTools',
      TIMER,
      { devtoolsTrigger: 'timer' },
      [undefined, undefined, 'wx_trigger', 'timer'],
      'WX_TRIGGER_API_TOKEN_V0',
    ],
    [
      'a callback',
      CALLBACK,
      { callbackTokens: true },
      ['oPayer', 'wxapp', 'wx_paycallback', 'tcb'],
      'WX_API_TOKEN',
    ],
    [
      'the server API',
      SERVER_API,
      { serverApiTokens: false },
      [undefined, 'wxapp', 'wx_http', 'tcb'],
    ],
  ])('%s (%j) with %j: %j, %s', async (_who, invoker, change, seen, token) => {
    runner.tokens.switches(change);
    const { result } = await call(ofEnvironment, {}, invoker);
    const variables = result as Record<string, string>;
    expect(identity.map((key) => variables[key])).toEqual(seen);
    expect(tokens.filter((key) => variables[key] !== undefined)).toEqual(token ? [token] : []);
    runner.reset();
    const after = (await runner.invoke('f', {}, invoker)).result as Record<string, string>;
    expect(tokens.filter((key) => after[key] !== undefined)).not.toEqual(token ? [token] : []);
  });

  test.each([
    ['web_client', ['web_client', 'tcb']],
    ['scf', ['scf', 'tcb']],
  ] as const)(
    'a call of the HTTP API has the source %s where that is switched on',
    async (httpApiSource, seen) => {
      runner.tokens.switches({ httpApiSource });
      const { result } = await call(ofEnvironment, {}, { kind: 'api' });
      const variables = result as Record<string, string>;
      expect(identity.map((key) => variables[key])).toEqual([undefined, undefined, ...seen]);
    },
  );

  test.each<[string, Invoker, object]>([
    ['a timer of SCF', { ...TIMER, set: 'deployed' }, { TRIGGER_SRC: 'timer' }],
    ['an HTTP route', { kind: 'http' }, {}],
    ['a function', { kind: 'function', chain: 'scf' }, { TRIGGER_SRC: 'tcb', TCB_SOURCE: 'scf' }],
  ])('what %s lacks is empty where that is switched on', async (_who, invoker, has) => {
    runner.tokens.switches({ emptyVariables: true });
    const { result } = await call(ofEnvironment, {}, invoker);
    const lacking = [...identity, ...tokens].map((key) => [key, '']);
    expect(result).toMatchObject({ ...Object.fromEntries(lacking), ...has });
  });

  test('a token is known again for the one who called', async () => {
    const { result } = await call(ofEnvironment);
    const { WX_API_TOKEN = '' } = result as Record<string, string>;
    expect(runner.tokens.holder(WX_API_TOKEN)).toEqual({ openid: 'oPayer' });
  });

  test('a timer of DevTools gets the event of any timer; both sets fire, SCF’s first', async () => {
    const timers = [{ name: 'every', cron: '0 * * * * * *' }];
    const source = main('return [event, JSON.parse(context.environment).TCB_SOURCE ?? null]');
    runner.load([deployed('f', source, { timers })]);
    const event = { Type: 'Timer', TriggerName: 'every', Message: '' };
    runner.tokens.switches({ devtoolsTimers: true });
    expect(await runner.fireTimer('f')).toMatchObject([{ result: [event, 'wx_trigger'] }]);
    runner.tokens.switches({ bothTimers: true });
    expect(await runner.fireTimer('f')).toMatchObject([
      { result: [event, null] },
      { result: [event, 'wx_trigger'] },
    ]);
  });

  test('temporary keys are asked for at every call', async () => {
    await call(ofEnvironment);
    secretId = 'AKID2';
    const { result } = await runner.invoke('f', {}, CLIENT);
    expect(result).toMatchObject({
      TENCENTCLOUD_SECRETID: 'AKID2',
      TENCENTCLOUD_SECRETKEY: 'key',
      TENCENTCLOUD_SESSIONTOKEN: 'sts',
    });
  });
});

describe('the process environment', () => {
  test('is SCF’s and the function’s own; nothing of ours leaks into it', async () => {
    process.env.LEAK_CHECK = 'ours';
    const body = 'return { ...process.env, offset: new Date().getTimezoneOffset() }';
    const { result } = await call(
      body,
      {},
      { kind: 'http' },
      { environment: { WXPAY_MCHID: '19' } },
    );
    delete process.env.LEAK_CHECK;
    const { PATH, HOME, ...rest } = result as Record<string, string>;
    expect(rest).toMatchObject({
      WXPAY_MCHID: '19',
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: 'ap-shanghai',
      SCF_NAMESPACE: 'env-1',
      TCB_CONTEXT_CNFG: '{"URL":"http://127.0.0.1:7100/admin"}',
      TZ: 'UTC',
      offset: 0,
    });
    expect(Object.keys(rest).filter((key) => /^(LEAK|npm_|VITEST|NODE_)/.test(key))).toEqual([]);
  });

  test('a warm instance still holds its last caller there, never in the context', async () => {
    await call(
      'return [process.pid, process.env.WX_OPENID, process.env.TCB_SOURCE, context.environment]',
    );
    const admin = await runner.invoke('f', {}, { ...CLIENT, openid: 'oAdmin' } as Invoker);
    const anonymous = await runner.invoke('f', {}, { kind: 'http' });
    const [pid, openid, source, environment] = anonymous.result as [number, string, string, string];
    expect(pid).toBe((admin.result as [number])[0]);
    expect([openid, source]).toEqual(['oAdmin', 'wx_client']);
    expect(environment).not.toContain('oAdmin');
    expect(JSON.parse(environment)).not.toHaveProperty('TCB_SOURCE');
  });

  test('above 4 kB it is refused, and the functions stay as they were', async () => {
    await call('return 1');
    const large = { KEY: 'x'.repeat(4094) };
    expect(() => runner.load([deployed('g', main(''), { environment: large })])).toThrow(/4096/);
    expect(runner.functions().map((spec) => spec.name)).toEqual(['f']);
    expect((await runner.invoke('f', {}, CLIENT)).result).toBe(1);
  });
});

describe('the unmodified SDKs read their caller from it', () => {
  const { resolve } = createRequire(import.meta.url);
  const source = `
    const tcb = require(${JSON.stringify(resolve('@cloudbase/node-sdk'))});
    const wx = require(${JSON.stringify(resolve('wx-server-sdk'))});
    wx.init({ env: wx.DYNAMIC_CURRENT_ENV });
    exports.main = async (event, context) => {
      const { WX_OPENID, TCB_SOURCE } = tcb.getCloudbaseContext(context);
      const wxContext = wx.getWXContext();
      return { tcb: [WX_OPENID, TCB_SOURCE], wx: wxContext, parsed: tcb.parseContext(context) };
    }`;

  test('a client, and after it a timer that seems to be the client', async () => {
    runner.load([deployed('f', source)]);
    const first = await runner.invoke('f', {}, CLIENT);
    expect(first.result).toMatchObject({
      tcb: ['oPayer', 'wx_client'],
      wx: { OPENID: 'oPayer', APPID: 'wxapp', SOURCE: 'wx_client', ENV: 'env-1' },
      parsed: { environment: { WX_OPENID: 'oPayer' }, functionName: 'f', memoryLimitInMb: 128 },
    });
    const second = await runner.invoke('f', {}, { kind: 'timer', trigger: 't', set: 'deployed' });
    expect(second.result).toMatchObject({ tcb: ['oPayer', 'wx_client'], wx: { OPENID: 'oPayer' } });
  });
});

describe('the event', () => {
  test.each<[string, unknown, Invoker, unknown]>([
    [
      'of a client carries userInfo',
      { a: 1 },
      CLIENT,
      { a: 1, userInfo: { appId: 'wxapp', openId: 'oPayer' } },
    ],
    [
      'cannot bring its own userInfo',
      { userInfo: { openId: 'oOther' } },
      CLIENT,
      { userInfo: { appId: 'wxapp', openId: 'oPayer' } },
    ],
    [
      'without data is userInfo alone',
      undefined,
      CLIENT,
      { userInfo: { appId: 'wxapp', openId: 'oPayer' } },
    ],
    [
      'of a function is left as it is',
      { userInfo: 1 },
      { kind: 'function', chain: 'wx_client,scf', openid: 'o' },
      { userInfo: 1 },
    ],
    [
      'of another source without a user is left as it is',
      { a: 1 },
      { kind: 'other', source: 'wx_unknown' },
      { a: 1 },
    ],
    [
      'of the server API has a userInfo without a user',
      { a: 1 },
      { kind: 'other', source: 'wx_http' },
      { a: 1, userInfo: { appId: 'wxapp' } },
    ],
    [
      'travels as JSON',
      { at: new Date(0), none: undefined, nan: Number.NaN },
      { kind: 'http' },
      { at: '1970-01-01T00:00:00.000Z', nan: null },
    ],
    ['may be missing', undefined, { kind: 'http' }, null],
    ['may be a list', [1], CLIENT, [1]],
  ])('%s', async (_, event, invoker, seen) => {
    runner.load([deployed('f', main('return event'))]);
    expect((await runner.invoke('f', event, invoker)).result).toEqual(seen);
  });

  test('above 6 MB it is refused', async () => {
    const { error } = await call('return 1', { text: 'x'.repeat(6 * 1024 * 1024) });
    expect(error?.code).toBe('EXCEED_MAX_PAYLOAD_SIZE');
  });
});

describe('the result', () => {
  test.each<[string, string, unknown]>([
    ['nothing is null', 'return undefined', null],
    [
      'travels as JSON',
      'return { at: new Date(0), u: undefined }',
      { at: '1970-01-01T00:00:00.000Z' },
    ],
    ['a text stays a text', "return 'ok'", 'ok'],
  ])('%s', async (_, body, result) => {
    expect((await call(body)).result).toEqual(result);
  });

  test.each<[number, Invoker, string]>([
    [1.1, CLIENT, 'EXCEED_MAX_RESPONSE_SIZE'],
    [0.9, CLIENT, 'fine'],
    [1.1, { kind: 'http' }, 'fine'],
    [6.1, { kind: 'http' }, 'EXCEED_MAX_RESPONSE_SIZE'],
  ])('%s MB to %o: %s', async (mb, invoker, verdict) => {
    const { error } = await call(`return 'x'.repeat(${mb} * 1024 * 1024)`, {}, invoker);
    expect(error?.code ?? 'fine').toBe(verdict);
  });

  test('an older handler may answer through its callback, or at once', async () => {
    runner.load([
      deployed('late', 'exports.main = (e, c, callback) => void setImmediate(callback, null, e.a)'),
      deployed('early', 'exports.main = (event) => event.a'),
    ]);
    expect((await runner.invoke('late', { a: 1 }, CLIENT)).result).toBe(1);
    expect((await runner.invoke('early', { a: 2 }, CLIENT)).result).toBe(2);
  });
});

describe('what goes wrong is answered with the platform’s codes', () => {
  test.each<[string, string, string, string | RegExp]>([
    ['a throw', "throw new TypeError('boom')", 'FUNCTIONS_EXECUTE_FAIL', 'TypeError: boom'],
    ['a thrown object', 'throw { code: 7 }', 'FUNCTIONS_EXECUTE_FAIL', '{ code: 7 }'],
    ['a result that is no JSON', 'return 1n', 'FUNCTIONS_EXECUTE_FAIL', /BigInt/],
    ['an exit', 'process.exit(0)', 'FUNCTIONS_EXECUTE_FAIL', '145 code exit unexpected'],
    [
      'a late throw',
      "setTimeout(() => { throw new Error('late') }); await new Promise(() => {})",
      'FUNCTIONS_EXECUTE_FAIL',
      '145 code exit unexpected',
    ],
    [
      'a forgotten rejection',
      "Promise.reject(new Error('lost')); await new Promise(() => {})",
      'FUNCTIONS_EXECUTE_FAIL',
      '145 code exit unexpected',
    ],
    [
      'memory',
      'const all = []; for (;;) all.push(new Array(1e5).fill(all.length))',
      'FUNCTIONS_MEMORY_LIMIT_EXCEEDED',
      /32 MB/,
    ],
  ])('%s', async (_, body, code, message) => {
    const { error, result } = await call(body, {}, CLIENT, { memoryMb: 32 });
    expect(result).toBeUndefined();
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
  });

  test.each([
    ['waits', FOREVER],
    ['loops', 'for (;;) {}'],
  ])(
    'a function that %s too long is killed, and the next call gets a new process',
    async (_, body) => {
      const slow = await call(
        `if (event.slow) { ${body} } return process.pid`,
        { slow: 1 },
        CLIENT,
        {
          timeoutMs: 400,
        },
      );
      expect(slow.error).toEqual({
        code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED',
        message: 'Invoking task timed out after 0.4 seconds',
      });
      expect(slow.durationMs).toBeGreaterThanOrEqual(399);
      expect((await runner.invoke('f', {}, CLIENT)).result).toEqual(expect.any(Number));
      expect(runner.instances().map(({ invocations }) => invocations)).toContain(1);
    },
  );

  test.each([
    ['does not load', "throw new Error('WXPAY_MCHID is missing')", /WXPAY_MCHID is missing/],
    ['exports no main', 'exports.handler = () => {}', /main/],
    ['is no JavaScript', 'exports.main = (', /SyntaxError/],
  ])('a bundle that %s answers why, every time', async (_, source, message) => {
    runner.load([deployed('f', source)]);
    for (const _time of [1, 2]) {
      const { error } = await runner.invoke('f', {}, CLIENT);
      expect(error?.code).toBe('FUNCTIONS_EXECUTE_FAIL');
      expect(error?.message).toMatch(message);
    }
  });

  test('a function without a bundle is not deployed', () => {
    const spec = { ...deployed('f', main('')), file: join(folder, 'none', 'index.js') };
    expect(() => runner.load([spec])).toThrow(/no bundle/);
  });

  test('a missing function is not found', async () => {
    const { error } = await runner.invoke('unknown', {}, CLIENT);
    expect(error?.code).toBe('FUNCTION_NOT_FOUND');
  });
});

describe('instances', () => {
  const holding = `globalThis.n = (globalThis.n ?? 0) + 1;
    const mine = globalThis.n;
    await new Promise((r) => setTimeout(r, 30));
    return [process.pid, mine, globalThis.n]`;

  test('one event at a time: ten calls at once share three processes, none overlaps', async () => {
    runner.load([deployed('f', main(holding))]);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => runner.invoke('f', {}, CLIENT)),
    );
    const answers = outcomes.map(({ result }) => result as [number, number, number]);
    expect(new Set(answers.map(([pid]) => pid)).size).toBe(3);
    for (const [, before, after] of answers) expect(after).toBe(before);
    const ran = runner.instances().reduce((sum, { invocations }) => sum + invocations, 0);
    expect(ran).toBe(10);
    expect(runner.instances().every(({ busy }) => !busy)).toBe(true);
  });

  test('calls one after another stay on one warm process', async () => {
    runner.load([deployed('f', main('return process.pid'))]);
    const pids = new Set<unknown>();
    for (let i = 0; i < 5; i += 1) pids.add((await runner.invoke('f', {}, CLIENT)).result);
    expect(pids.size).toBe(1);
  });

  test('a restart ends free instances at once and a busy one after its event; the next call is cold', async () => {
    const go = join(folder, 'restart-go');
    const body = `while (event.wait && !require('node:fs').existsSync(${JSON.stringify(go)}))
      await new Promise(setImmediate); return process.pid`;
    runner.load([deployed('f', main(body), { timeoutMs: 60_000 })]);
    const busy = runner.invoke('f', { wait: true }, CLIENT);
    const free = await runner.invoke('f', {}, CLIENT);
    expect(free.coldStartMs).toBeGreaterThan(0);
    expect((await runner.invoke('f', {}, CLIENT)).coldStartMs).toBeUndefined();
    await runner.restart('f');
    expect(runner.instances().map(({ busy: isBusy }) => isBusy)).toEqual([true]);
    writeFileSync(go, '');
    const ended = await busy;
    const next = await runner.invoke('f', {}, CLIENT);
    expect([free.result, ended.result]).not.toContain(next.result);
    expect(next.coldStartMs).toBeGreaterThan(0);
  });

  test('a busy process killed from outside answers an error, once', async () => {
    runner.load([deployed('f', main(`require('fs').writeFileSync(event.at, ''); ${FOREVER}`))]);
    const at = join(folder, 'started');
    const pending = runner.invoke('f', { at }, CLIENT);
    await expect.poll(() => execFileSync('ls', [folder]).toString()).toContain('started');
    process.kill(runner.instances()[0]?.pid ?? 0, 'SIGKILL');
    expect((await pending).error).toEqual({
      code: 'FUNCTIONS_EXECUTE_FAIL',
      message: '145 code exit unexpected',
    });
    expect(runner.instances()).toEqual([]);
  });

  test('an idle process killed from outside is gone, and the next call finds another', async () => {
    const first = await call('return process.pid');
    process.kill(Number(first.result), 'SIGKILL');
    await expect.poll(() => runner.instances()).toEqual([]);
    const second = await runner.invoke('f', {}, CLIENT);
    expect(second.error).toBeUndefined();
    expect(second.result).not.toBe(first.result);
  });

  test('those who wait in line are served when the busy ones die', async () => {
    runner.load([deployed('f', main('if (event.die) process.exit(1); return event.n'))]);
    const outcomes = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => runner.invoke('f', { n, die: n < 3 }, CLIENT)),
    );
    expect(outcomes.map(({ error, result }) => error?.code ?? result)).toEqual([
      ...Array(3).fill('FUNCTIONS_EXECUTE_FAIL'),
      ...[3, 4, 5],
    ]);
  });

  test('a changed function ends its old processes after their event', async () => {
    const slow = "await new Promise((r) => setTimeout(r, 100)); return 'old'";
    runner.load([deployed('f', main(slow))]);
    const running = runner.invoke('f', {}, CLIENT);
    runner.load([{ ...deployed('f-next', main("return 'changed'")), name: 'f' }]);
    expect((await runner.invoke('f', {}, CLIENT)).result).toBe('changed');
    expect((await running).result).toBe('old');
    await expect.poll(() => runner.instances().length).toBe(1);
  });

  test('a bundle that was built again is loaded again', async () => {
    expect((await call("return 'old'")).result).toBe('old');
    expect((await call("return 'newer'")).result).toBe('newer');
  });

  test('an unchanged function keeps its warm process', async () => {
    const spec = deployed('f', main('return process.pid'));
    runner.load([spec]);
    const first = await runner.invoke('f', {}, CLIENT);
    runner.load([{ ...spec, timers: [{ name: 't', cron: '0 * * * * * *' }] }]);
    expect((await runner.invoke('f', {}, CLIENT)).result).toBe(first.result);
  });

  test('a removed function ends', async () => {
    await call('return 1');
    runner.load([]);
    expect((await runner.invoke('f', {}, CLIENT)).error?.code).toBe('FUNCTION_NOT_FOUND');
    await expect.poll(() => runner.instances()).toEqual([]);
  });

  test('close ends busy ones too', async () => {
    runner.load([deployed('f', main(FOREVER))]);
    const pending = runner.invoke('f', {}, CLIENT);
    await runner.close();
    expect((await pending).error).toBeDefined();
    expect(runner.instances()).toEqual([]);
  });

  test('a process ends with its parent', async () => {
    const host = join(import.meta.dirname, 'host.cjs');
    const parent = spawn(process.execPath, [
      '-e',
      `const { fork } = require('node:child_process');
       fork(${JSON.stringify(host)}, [], { execArgv: [] });
       console.log('started');
       setInterval(() => {}, 1000);`,
    ]);
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    // The process holds the same pipe: it ends when the last of the two has gone.
    await once(parent.stdout, 'end');
  });
});

describe('what is recorded', () => {
  test('printed lines come back in order, standard error among them', async () => {
    const { log } = await call(
      `console.log('one\\ntwo');
      console.error('three');
      process.stdout.write('fo');
      process.stdout.write('ur')`,
    );
    expect(log).toEqual(['one', 'two', 'three', 'four']);
  });

  test('a call has no line of the one before, and a crash keeps its last words', async () => {
    await call(
      `console.log('call ' + event.n);
      if (event.n === 2) process.nextTick(() => { throw new Error('late') });
      return new Promise((r) => setImmediate(r))`,
      { n: 1 },
    );
    const { log } = await runner.invoke('f', { n: 2 }, CLIENT);
    expect(log[0]).toBe('call 2');
    expect(log.join('\n')).toContain('Error: late');
    expect(log.join('\n')).not.toContain('call 1');
  });

  test('a loop that prints cannot fill memory', async () => {
    const { log } = await call("for (let i = 0; i < 3000; i++) console.log('line', i)");
    expect(log.length).toBe(1001);
    expect(log.at(-1)).toBe('… 2000 more lines');
  });

  test('each call is one entry of the timeline, with its order and its failure', async () => {
    await call("console.log('x'.repeat(5000)); throw new Error('no')", {
      outTradeNo: 'T1',
      secret: 's',
    });
    const entries = world.timeline.recent().filter((entry) => entry.what === 'function.call');
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      subject: 'f',
      detail: {
        invoker: 'client',
        outTradeNo: 'T1',
        error: { code: 'FUNCTIONS_EXECUTE_FAIL', message: 'Error: no' },
        ms: expect.any(Number),
      },
    });
    const lines = entries[0]?.detail?.log as string[];
    expect(lines[0]).toHaveLength(2000);
    expect(lines.length).toBeLessThanOrEqual(20);
  });
});

describe('virtual time', () => {
  const HOUR = 3_600_000;

  test('Date is shifted wherever it means now, and nowhere else', async () => {
    await call('return 0');
    await world.agenda.advance(world.clock.nowMs() + 48 * HOUR);
    const body = `
      class Later extends Date { plus() { return this.getTime() + 1; } }
      const RealConstructor = new Date().constructor;
      return {
        now: Date.now(), fresh: new Date().getTime(), text: Date.parse(Date()),
        sub: new Later().getTime(), constructed: new RealConstructor().getTime(),
        plus: new Later(5).plus(), fixed: new Date(7).getTime(),
        parts: new Date(2020, 0, 1).toISOString(), utc: Date.UTC(2020, 0, 1),
        invalid: isNaN(new Date(undefined)), length: Date.length, name: Date.name,
        instances: [new Date(), new Later()].map((date) => date instanceof Date),
        monotonic: performance.now() < 60000,
      }`;
    const offsetMs = world.clock.offsetMs();
    const { result } = await call(body);
    const seen = result as Record<string, number>;
    const real = Date.now() + offsetMs;
    for (const key of ['now', 'fresh', 'text', 'sub', 'constructed']) {
      expect(Math.abs((seen[key] ?? 0) - real)).toBeLessThan(10_000);
    }
    expect(seen).toMatchObject({
      plus: 6,
      fixed: 7,
      parts: '2020-01-01T00:00:00.000Z',
      utc: 1577836800000,
      invalid: true,
      length: 7,
      name: 'Date',
      instances: [true, true],
      monotonic: true,
    });
  });

  test('a warm process follows when time moves, and waits stay real', async () => {
    const body = `const t = Date.now();
      await new Promise((r) => setTimeout(r, 20));
      return [t, Date.now() - t]`;
    const first = (await call(body)).result as [number, number];
    await world.agenda.advance(world.clock.nowMs() + HOUR);
    const second = (await runner.invoke('f', {}, CLIENT)).result as [number, number];
    expect(second[0] - first[0]).toBeGreaterThanOrEqual(HOUR);
    expect(second[1]).toBeLessThan(5000);
    expect(runner.instances()[0]?.invocations).toBe(2);
  });

  test('a function is loaded in virtual time too', async () => {
    await world.agenda.advance(world.clock.nowMs() + 48 * HOUR);
    runner.load([deployed('f', 'const loaded = Date.now(); exports.main = async () => loaded')]);
    const { result } = await runner.invoke('f', {}, CLIENT);
    expect(Math.abs(Number(result) - Date.now() - world.clock.offsetMs())).toBeLessThan(10_000);
  });

  test('time waits for a running function', async () => {
    const body = 'const t = Date.now(); await new Promise((r) => setTimeout(r, 50)); return t';
    runner.load([deployed('f', main(body))]);
    const running = runner.invoke('f', {}, CLIENT);
    const moved = world.agenda.advance(world.clock.nowMs() + HOUR).then(() => 'moved');
    expect(await Promise.race([running.then(() => 'ran'), moved])).toBe('ran');
    await moved;
  });

  test('a function that calls another does not stop the world', async () => {
    runner.load([
      deployed('outer', main('return new Promise((r) => setTimeout(r, 50))')),
      deployed('inner', main('return 1')),
    ]);
    const outer = runner.invoke('outer', {}, CLIENT);
    const moved = world.agenda.advance(world.clock.nowMs() + HOUR);
    const inner = await runner.invoke('inner', {}, { kind: 'function', chain: 'wx_client,scf' });
    expect(inner.result).toBe(1);
    await Promise.all([outer, moved]);
  });
});

describe('timers', () => {
  const MINUTE = 60_000;
  const everyMinute = { name: 'every-minute', cron: '0 * * * * * *' };
  const daily = { name: 'daily', cron: '0 15 10 * * * *' };
  const fired = () =>
    world.timeline
      .recent()
      .filter((entry) => entry.what === 'function.call')
      .map((entry) => `${entry.subject} ${entry.at.slice(0, 16)}`);

  test('fire in order of time, each at its own instant', async () => {
    runner.load([
      deployed('sweep', main(''), { timers: [everyMinute] }),
      deployed('bill', main(''), { timers: [{ name: 'once', cron: '0 2 18 * * * *' }] }),
    ]);
    await world.agenda.advance(START + 3 * MINUTE);
    expect(fired()).toEqual([
      'sweep 2026-11-24T10:01',
      'bill 2026-11-24T10:02',
      'sweep 2026-11-24T10:02',
      'sweep 2026-11-24T10:03',
    ]);
  });

  test('the event and the context are those of a timer', async () => {
    runner.load([
      deployed('f', main('return [event, JSON.parse(context.environment).TRIGGER_SRC]'), {
        timers: [daily],
      }),
    ]);
    const [outcome] = await runner.fireTimer('f');
    expect(outcome?.result).toEqual([
      {
        Type: 'Timer',
        TriggerName: 'daily',
        Time: expect.stringMatching(/^2026-11-24T10:00:\d\dZ$/),
        Message: '',
      },
      'timer',
    ]);
  });

  test('one that fails is fired again the next time', async () => {
    runner.load([deployed('f', main("throw new Error('no')"), { timers: [everyMinute] })]);
    await world.agenda.advance(START + 2 * MINUTE);
    expect(fired()).toHaveLength(2);
  });

  test('the next one is known; skipped ones never happen', async () => {
    runner.load([
      deployed('f', main(''), { timers: [everyMinute] }),
      deployed('g', main(''), { timers: [daily] }),
    ]);
    const trigger = { name: 'f', trigger: 'every-minute' };
    expect(runner.nextTimer()).toEqual({ ...trigger, atMs: Date.parse('2026-11-24T10:01:00Z') });
    runner.skipTimersTo(Date.parse('2026-11-24T12:00:30Z'));
    expect(runner.nextTimer()).toEqual({ ...trigger, atMs: Date.parse('2026-11-24T12:01:00Z') });
    await world.agenda.advance(Date.parse('2026-11-24T12:00:59Z'));
    expect(fired()).toEqual([]);
  });

  test('a removed trigger is forgotten, a changed one planned anew', () => {
    const spec = deployed('f', main(''), { timers: [everyMinute, daily] });
    runner.load([spec]);
    expect(world.agenda.list()).toHaveLength(2);
    runner.load([{ ...spec, timers: [daily] }]);
    expect(runner.nextTimer()?.atMs).toBe(Date.parse('2026-11-25T02:15:00Z'));
    runner.load([]);
    expect(runner.nextTimer()).toBeUndefined();
  });

  test('an ill-formed one is refused and changes nothing', () => {
    runner.load([deployed('f', main(''), { timers: [daily] })]);
    const bad = deployed('g', main(''), { timers: [{ name: 't', cron: '*/5 * * * *' }] });
    expect(() => runner.load([bad])).toThrow(/7 fields/);
    expect(runner.nextTimer()?.name).toBe('f');
  });
});

describe('HTTP access', () => {
  const routes = [{ path: '/pay/notify' }];

  test('a request becomes an event, the answer a response', async () => {
    runner.load([
      deployed(
        'f',
        main(
          `return {
            statusCode: 401,
            headers: { 'x-seen': event.headers['x-a'] },
            body: event.body + event.requestContext.requestId + context.request_id,
          }`,
        ),
        { routes },
      ),
    ]);
    const request = new Request('http://h/pay/notify', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-A': 'b' },
      body: '{}',
    });
    const response = await runner.handle(request);
    expect(response?.status).toBe(401);
    expect(response?.headers.get('x-seen')).toBe('b');
    expect(await response?.text()).toMatch(/^\{\}([0-9a-f-]{36})\1$/);
  });

  test('a throw is a 500', async () => {
    runner.load([deployed('f', main("throw new Error('no')"), { routes })]);
    const response = await runner.handle(new Request('http://h/pay/notify'));
    expect(response?.status).toBe(500);
    expect(await response?.json()).toMatchObject({ code: 'FUNCTIONS_EXECUTE_FAIL' });
  });

  test('without a route there is no answer', async () => {
    runner.load([deployed('f', main('return 1'))]);
    expect(await runner.handle(new Request('http://h/pay/notify'))).toBeUndefined();
  });
});

describe('versions beside each other', () => {
  /** Tells its process, its name and its version. */
  const self = main('return [context.function_name, context.function_version, process.pid]');
  // Written once: a bundle that is written again is another one.
  const base = deployed('f-self', self);
  const version = (number: string, more: Partial<FunctionSpec> = {}) => ({
    ...base,
    name: 'f',
    version: number,
    key: `f:${number}`,
    ...more,
  });
  /** The one that callers get by the function's name. */
  const served = (number: string, more: Partial<FunctionSpec> = {}): FunctionSpec => {
    const { key: _none, ...spec } = version(number, more);
    return spec;
  };
  const seenBy = async (key: string) =>
    (await runner.invoke(key, {}, CLIENT)).result as [string, string, number];

  test('each runs by its key, in a process of its own, as what it is', async () => {
    runner.load([served('2'), version('1'), version('2')]);
    const seen = [await seenBy('f'), await seenBy('f:1'), await seenBy('f:2')];
    expect(seen.map(([name, number]) => [name, number])).toEqual([
      ['f', '2'],
      ['f', '1'],
      ['f', '2'],
    ]);
    expect(new Set(seen.map(([, , pid]) => pid)).size).toBe(3);
    expect(
      runner
        .instances()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['f', 'f:1', 'f:2']);
  });

  test('without a version it is $LATEST', async () => {
    runner.load([deployed('f', self)]);
    expect((await seenBy('f')).slice(0, 2)).toEqual(['f', '$LATEST']);
  });

  test('only what callers get by its name is a function', () => {
    runner.load([version('1'), served('2'), version('2')]);
    expect(runner.functions()).toEqual([served('2')]);
  });

  test('a version that no one names is not found', async () => {
    runner.load([version('1')]);
    for (const key of ['f', 'f:2', '1']) {
      expect((await runner.invoke(key, {}, CLIENT)).error?.code).toBe('FUNCTION_NOT_FOUND');
    }
  });

  test('another version serves: new calls get it, running ones end on theirs', async () => {
    const slow = (number: string) =>
      deployed(
        `f-${number}`,
        main(`await new Promise((go) => setTimeout(go, event.ms)); return '${number}'`),
      ).file;
    runner.load([served('1', { file: slow('1') })]);
    const running = runner.invoke('f', { ms: 400 }, CLIENT);
    await expect.poll(() => runner.instances().filter(({ busy }) => busy)).toHaveLength(1);
    runner.load([served('2', { file: slow('2') })]);
    expect((await runner.invoke('f', { ms: 0 }, CLIENT)).result).toBe('2');
    expect((await running).result).toBe('1');
    await expect.poll(() => runner.instances()).toHaveLength(1);
  });

  test('the same code under another number is another process', async () => {
    runner.load([served('1')]);
    const [, , pid] = await seenBy('f');
    runner.load([served('2')]);
    const [, number, nextPid] = await seenBy('f');
    expect([number, nextPid === pid]).toEqual(['2', false]);
  });

  test('those that did not change keep their warm processes', async () => {
    runner.load([served('1'), version('1')]);
    const [, , pid] = await seenBy('f:1');
    const [, , servedPid] = await seenBy('f');
    runner.load([served('2'), version('1'), version('2')]);
    expect((await seenBy('f:1'))[2]).toBe(pid);
    expect((await seenBy('f'))[2]).not.toBe(servedPid);
    runner.load([served('2'), version('2')]);
    await expect.poll(() => runner.instances().some((each) => each.pid === pid)).toBe(false);
  });

  test('the timeline names the version where it was called by it', async () => {
    runner.load([served('1'), version('1')]);
    for (const key of ['f', 'f:1']) await runner.invoke(key, {}, CLIENT);
    const subjects = world.timeline
      .recent()
      .filter(({ what }) => what === 'function.call')
      .map(({ subject }) => subject);
    expect(subjects).toEqual(['f', 'f:1']);
  });
});

describe('a deploy leaves timers that it did not change alone', () => {
  const MINUTE = 60_000;
  const NOON = Date.parse('2026-11-24T12:00:30Z');
  const everyMinute = { name: 'every-minute', cron: '0 * * * * * *' };
  const sweep = (more: Partial<FunctionSpec> = {}) =>
    deployed('sweep', main(''), { timers: [everyMinute], ...more });
  const next = () => {
    const { name, trigger, atMs = 0 } = runner.nextTimer() ?? {};
    return `${name}/${trigger} ${new Date(atMs).toISOString().slice(0, 16)}`;
  };

  // At half past ten all were skipped until noon; planned anew one would fall due right after ten.
  test.each<[string, () => FunctionSpec[], string]>([
    ['nothing', () => [sweep()], 'sweep/every-minute 2026-11-24T12:01'],
    [
      'another function',
      () => [sweep(), deployed('other', main(''))],
      'sweep/every-minute 2026-11-24T12:01',
    ],
    [
      'the function’s code, environment and version',
      () =>
        [sweep({ ...deployed('newer', main('')), name: 'sweep', environment: { A: '1' } })].map(
          (spec) => ({ ...spec, timers: [everyMinute], version: '2' }),
        ),
      'sweep/every-minute 2026-11-24T12:01',
    ],
    [
      'its cron',
      () => [sweep({ timers: [{ name: 'every-minute', cron: '30 * * * * * *' }] })],
      'sweep/every-minute 2026-11-24T10:0',
    ],
    [
      'another timer, beside it',
      () => [sweep({ timers: [everyMinute, { name: 'hourly', cron: '0 0 * * * * *' }] })],
      'sweep/hourly 2026-11-24T11:00',
    ],
    ['its name', () => [{ ...sweep(), name: 'sweeper' }], 'sweeper/every-minute 2026-11-24T10:01'],
  ])('changed: %s', (_what, functions, expected) => {
    runner.load([sweep()]);
    runner.skipTimersTo(NOON);
    runner.load(functions());
    expect(next()).toContain(expected);
  });

  describe('one that real time made due, and that has not fired yet', () => {
    let nowMs: number;
    let slow: World;
    let its: Runner;
    const open = (held: { heldTimers?: boolean }) => {
      nowMs = START;
      slow = openWorld({
        rsaKey: dealtKeys(),
        file: ':memory:',
        randomBytes,
        realMs: () => nowMs,
        chance: () => 0.5,
        waitMs: (ms) => wait(ms),
      });
      its = createRunner(slow, {
        envId: 'env-1',
        appid: 'wxapp',
        region: 'ap-shanghai',
        instancesMax: 3,
        credentials: () => ({ secretId, secretKey: 'key', token: 'sts' }),
        adminUrl: 'http://127.0.0.1:7100/admin',
        ...held,
      });
      its.load([sweep()]);
      nowMs += MINUTE;
    };
    const fired = () =>
      slow.timeline
        .recent()
        .filter(({ what }) => what === 'function.call')
        .map(({ subject, at }) => `${subject} ${at.slice(0, 19)}`);
    afterEach(async () => {
      await its.close();
      slow.data.close();
    });

    test('fires after a deploy of something else all the same', async () => {
      open({});
      its.load([sweep(), deployed('other', main(''))]);
      await slow.agenda.runDue();
      expect(fired()).toEqual(['sweep 2026-11-24T10:01:30']);
    });

    test('passes where timers are held, until time is moved', async () => {
      open({ heldTimers: true });
      await slow.agenda.runDue();
      expect(fired()).toEqual([]);
      expect(new Date(its.nextTimer()?.atMs ?? 0).toISOString()).toContain('2026-11-24T10:02');
      await slow.agenda.advance(nowMs + MINUTE);
      expect(fired()).toEqual([expect.stringContaining('sweep 2026-11-24T10:02')]);
    });
  });

  test('one that left and came back is planned anew', () => {
    runner.load([sweep()]);
    runner.skipTimersTo(NOON);
    runner.load([sweep({ timers: [] })]);
    expect(runner.nextTimer()).toBeUndefined();
    runner.load([sweep()]);
    expect(next()).toBe('sweep/every-minute 2026-11-24T10:01');
  });
});
