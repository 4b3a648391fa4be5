import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dealtKeys } from '../../tests/support/dealtKeys.ts';
import { type OpenPort, openPort } from '../server.ts';
import { openWorld, type World } from '../world/world.ts';
import type { FunctionSpec } from './invocation.ts';
import type { PlatformSwitches } from './invocations/switches.ts';
import { createRunner, type Runner } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'freeze-'));
afterAll(() => rmSync(folder, { recursive: true }));

let world: World;
let runner: Runner;
let server: OpenPort;
/** The paths that were served, in order. */
let served: string[];
/** Requests to these paths are answered when this settles. */
let until: Record<string, Promise<void>>;
let answerSlow: () => void;

beforeEach(async () => {
  served = [];
  let arrived = () => {};
  until = {
    '/slow': new Promise((resolve) => (answerSlow = resolve)),
    '/slow-arrived': new Promise((resolve) => (arrived = resolve)),
  };
  server = await openPort(0);
  server.serve(async ({ url, signal: gone }) => {
    const { pathname } = new URL(url);
    served.push(pathname);
    if (pathname === '/slow') arrived();
    if (pathname === '/call') {
      await runner.invoke('called', {}, { kind: 'function', chain: 'scf', gone });
    }
    await until[pathname];
    return new Response(pathname);
  });
  world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    realMs: Date.now,
    waitMs: (ms) => wait(ms),
    randomBytes,
    chance: () => 0.5,
  });
  runner = createRunner(world, {
    envId: 'env-1',
    appid: 'wxapp',
    region: 'ap-shanghai',
    credentials: () => ({ secretId: 'id', secretKey: 'key', token: 'sts' }),
    adminUrl: `http://127.0.0.1:${server.port}/admin`,
    cutConnections: server.cut,
  });
});
afterEach(async () => {
  await runner.close();
  await server.close();
  world.data.close();
});

/** Deploys a function; `context` does not wait for the empty loop unless `main` says so. */
function deploy(main: string, name = 'f', timeoutMs = 5000): void {
  runner.load([specOf(main, name, timeoutMs)]);
}

function specOf(main: string, name: string, timeoutMs = 5000): FunctionSpec {
  const file = join(folder, name, 'index.js');
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(
    file,
    `const http = require('node:http');
     const { appendFileSync } = require('node:fs');
     const url = 'http://127.0.0.1:${server.port}';
     const get = (path, agent) => new Promise((resolve, reject) => {
       const sending = http.get(url + path, { agent }, (response) => {
         response.resume().on('end', () => resolve({ reused: sending.reusedSocket }));
       });
       sending.on('error', (error) => resolve({ code: error.code, reused: sending.reusedSocket }));
     });
     exports.main = async (event, context) => { ${main} };`,
  );
  const limits = { timeoutMs, memoryMb: 128, environment: {}, timers: [], routes: [] };
  return { name, file, ...limits };
}

const invoke = async (event: unknown = {}) => {
  const { result, error } = await runner.invoke('f', event, { kind: 'function', chain: 'scf' });
  return error ?? result;
};
const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const NO_WAIT = 'context.callbackWaitsForEmptyEventLoop = false;';

describe('work that was not awaited', () => {
  /** The first call begins to write a dot each 5 ms, ten in all; a later one in its process waits for the last. */
  const working = (file: string) =>
    deploy(`${NO_WAIT}
      const work = async () => {
        for (let n = 0; n < 10; n += 1) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          appendFileSync(${JSON.stringify(file)}, '.');
        }
      };
      if (event.begins) globalThis.work = work();
      else await globalThis.work;
      return process.pid;`);
  const all = '.'.repeat(10);

  test.each<[PlatformSwitches['afterAnswer'], { later: string; warm: boolean }]>([
    ['frozen', { later: all, warm: true }],
    ['ended', { later: '', warm: false }],
  ])('stops; %s', async (afterAnswer, expected) => {
    const file = join(folder, `${afterAnswer}.txt`);
    runner.tokens.switches({ afterAnswer });
    working(file);
    const first = await invoke({ begins: true });
    await wait(200);
    expect(read(file)).toBe('');
    const second = await invoke();
    expect({ later: read(file), warm: first === second }).toEqual(expected);
  });

  test('goes on where instances run on', async () => {
    const file = join(folder, 'running.txt');
    runner.tokens.switches({ afterAnswer: 'running' });
    working(file);
    const first = await invoke({ begins: true });
    await expect.poll(() => read(file)).toBe(all);
    expect(await invoke()).toBe(first);
  });

  test('stops where it waits for no timer too', async () => {
    const file = join(folder, 'immediates.txt');
    deploy(`${NO_WAIT}
      const work = async () => {
        for (let n = 0; n < 20; n += 1) {
          await new Promise(setImmediate);
          appendFileSync(${JSON.stringify(file)}, '.');
        }
      };
      if (event.begins) globalThis.work = work();
      else await globalThis.work;`);
    await invoke({ begins: true });
    await wait(100);
    expect(read(file).length).toBeLessThan(3);
    await invoke();
    expect(read(file)).toHaveLength(20);
  });

  test('an answer and a long output are whole before it freezes', async () => {
    deploy(`${NO_WAIT}
      for (let n = 0; n < 500; n += 1) console.log('x'.repeat(2000));
      return 'y'.repeat(3_000_000);`);
    for (const _ of [1, 2]) {
      const { result, log } = await runner.invoke('f', {}, { kind: 'http' });
      expect([String(result).length, log.length, log.at(-1)?.length]).toEqual([3e6, 500, 2000]);
    }
  });
});

describe('connections', () => {
  const AGENT = 'globalThis.agent ??= new http.Agent({ keepAlive: true });';

  test('one that was kept alive is closed after the thaw, and another is opened', async () => {
    deploy(`${NO_WAIT} ${AGENT} return get(event.path, agent);`);
    expect([await invoke({ path: '/a' }), await invoke({ path: '/b' })]).toEqual([
      { reused: false },
      { reused: false },
    ]);
    expect(served).toEqual(['/a', '/b']);
  });

  test('or it is reset by what is sent on it, which is never served', async () => {
    runner.tokens.switches({ deadConnections: 'reset' });
    deploy(`${NO_WAIT} ${AGENT}
      const first = await get(event.path, agent);
      return [first, await get(event.path + '/again', agent)];`);
    expect(await invoke({ path: '/a' })).toEqual([{ reused: false }, { reused: true }]);
    expect(await invoke({ path: '/b' })).toEqual([
      { code: 'ECONNRESET', reused: true },
      { reused: false },
    ]);
    expect(served).toEqual(['/a', '/a/again', '/b/again']);
  });

  test.each(['closed', 'reset'] as const)(
    'a request under way has acted, and its answer is lost; %s',
    async (deadConnections) => {
      runner.tokens.switches({ deadConnections });
      deploy(`${NO_WAIT} ${AGENT}
      if (event.begins) {
        globalThis.pending = get('/slow', agent);
        await get('/slow-arrived', agent);
        return 'begun';
      }
      return pending;`);
      expect(await invoke({ begins: true })).toBe('begun');
      answerSlow();
      expect(await invoke()).toEqual({ code: 'ECONNRESET', reused: false });
      expect(served).toEqual(['/slow', '/slow-arrived']);
    },
  );

  test('where instances run on, they live', async () => {
    runner.tokens.switches({ afterAnswer: 'running' });
    deploy(`${NO_WAIT} ${AGENT} return get('/', agent);`);
    expect([await invoke(), await invoke()]).toEqual([{ reused: false }, { reused: true }]);
  });
});

describe('a function that another one called', () => {
  /** The first calls the other, and answers once that is at work, or ends; the other needs `/slow` to come to its end. */
  const calling = (file: string, then: string) => {
    const called = specOf(
      `await get('/slow'); appendFileSync(${JSON.stringify(file)}, 'done');`,
      'called',
    );
    const caller = specOf(
      `${NO_WAIT}
      if (event.begins === false) return;
      globalThis.pending = get('/call');
      await get('/slow-arrived');
      ${then}`,
      'f',
    );
    runner.load([called, caller]);
  };
  const isAlive = () => runner.instances().some(({ name }) => name === 'called');

  describe.each([
    ['was frozen', 'return;', 'closed'],
    ['was frozen, with dead connections that nobody sees', 'return;', 'reset'],
    ['ended', 'process.exit(1);', 'closed'],
  ] as const)('and whose caller %s before its answer', (_, then, deadConnections) => {
    test('goes on', async () => {
      const file = join(folder, 'goes-on.txt');
      writeFileSync(file, '');
      runner.tokens.switches({ deadConnections });
      calling(file, then);
      await invoke();
      answerSlow();
      await expect.poll(() => read(file)).toBe('done');
    });

    test('ends where such calls are lost', async () => {
      const file = join(folder, 'lost.txt');
      writeFileSync(file, '');
      runner.tokens.switches({ deadConnections, startedCalls: 'lost' });
      calling(file, then);
      await invoke();
      await expect.poll(isAlive).toBe(false);
      answerSlow();
      await wait(100);
      expect(read(file)).toBe('');
    });
  });

  test('and whose caller waits is answered, where such calls are lost too', async () => {
    const file = join(folder, 'awaited.txt');
    writeFileSync(file, '');
    runner.tokens.switches({ startedCalls: 'lost' });
    calling(file, 'await globalThis.pending; return 1;');
    const answer = invoke();
    await until['/slow-arrived'];
    answerSlow();
    expect(await answer).toBe(1);
    expect(read(file)).toBe('done');
  });

  test('never begins where its caller is gone already', async () => {
    const file = join(folder, 'never.txt');
    writeFileSync(file, '');
    runner.tokens.switches({ startedCalls: 'lost' });
    calling(file, '');
    const gone = AbortSignal.abort();
    const { error } = await runner.invoke('called', {}, { kind: 'function', chain: 'scf', gone });
    expect([error?.code, served]).toEqual(['FUNCTIONS_EXECUTE_FAIL', []]);
  });
});

describe('a handler with open handles', () => {
  const LATE = 'setTimeout(() => { globalThis.late = true; }, 150);';

  test('waits for the empty loop', async () => {
    deploy(`if (event.asks) return globalThis.late ?? false; ${LATE}`);
    await invoke();
    const { durationMs } = await runner.invoke('f', {}, { kind: 'http' });
    expect(durationMs).toBeGreaterThanOrEqual(149);
    expect(await invoke({ asks: true })).toBe(true);
  });

  test('does not wait where it says so', async () => {
    deploy(`${NO_WAIT} if (event.asks) return globalThis.late ?? false; ${LATE}`);
    await invoke();
    expect(await invoke({ asks: true })).toBe(false);
  });

  test('one that never closes meets its time limit', async () => {
    deploy('setInterval(() => {}, 1000); return 1;', 'f', 300);
    expect(await invoke()).toMatchObject({ code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED' });
  });

  test('a failure waits too', async () => {
    deploy(`${LATE} throw new Error('no');`);
    const { durationMs, error } = await runner.invoke('f', {}, { kind: 'http' });
    expect([durationMs >= 149, error?.message]).toEqual([true, 'Error: no']);
  });
});

describe('a frozen process', () => {
  test('ends when the cloud closes, and when its function changes', async () => {
    const alive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    deploy(`${NO_WAIT} return process.pid;`);
    const first = await invoke();
    deploy(`${NO_WAIT} return process.pid; // changed`);
    const second = await invoke();
    await expect.poll(() => alive(first as number)).toBe(false);
    await runner.close();
    expect(alive(second as number)).toBe(false);
  });

  test('ends with its parent, however that ends', async () => {
    const bundle = join(folder, 'orphan.js');
    writeFileSync(bundle, 'exports.main = async () => {};');
    const host = join(import.meta.dirname, 'instances/host.cjs');
    const call = {
      kind: 'run',
      event: '{}',
      fields: {},
      variables: {},
      offsetMs: 0,
      freezes: true,
    };
    const parent = spawn(process.execPath, [
      '-e',
      `const child = require('node:child_process').fork(${JSON.stringify(host)}, [], {
         stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
       });
       child.send(${JSON.stringify({ kind: 'load', file: bundle, offsetMs: 0 })});
       child.send(${JSON.stringify({ ...call, timeLimitMs: 1000 })});
       child.on('message', ({ ports }) => ports && console.log('frozen'));
       setInterval(() => {}, 1000);`,
    ]);
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    // The process holds the same pipe: it ends when the last of the two has gone.
    await once(parent.stdout, 'end');
  });
});
