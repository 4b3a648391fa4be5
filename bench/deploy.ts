/**
 * What a developer waits for: `npm start` until the page answers with all functions deployed, a saved
 * function until its new code answers, `serverless deploy` with nothing to do, `serverless deploy
 * function`; beside them `serverless --version`, which no command of the framework can undercut.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { deployProject } from '../emulator/deploy.ts';
import type { LocalCloud } from '../emulator/main.ts';
import { writesOf } from '../tests/support/deployCase.ts';
import { emptyLocalCloud } from '../tests/support/localCloud.ts';
import { median, percentile, report } from './table.ts';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const POLL_MS = 10;
const PATIENCE_MS = 60_000;
const SAVED = 'queryOrder';

/** Milliseconds by what was waited for, in the order of the report. */
type Samples = Map<string, number[]>;

/** A copy of the project, so that saving a function leaves the project's own file alone. */
interface Copy {
  root: string;
  /** Saves {@link SAVED} with other code, whose answers carry `saved: n`; tells n. */
  save(): Promise<number>;
}

const samples: Samples = new Map();
const folder = await mkdtemp(join(tmpdir(), 'bench-deploy-'));
try {
  const copy = await copyProject(join(folder, 'project'));
  for (let run = 0; run < RUNS; run += 1) await measureStart(copy, join(folder, `data-${run}`));
  await measureCommands(copy);
} finally {
  await rm(folder, { recursive: true, force: true });
}
await report(
  'deploy',
  [...samples].map(([what, times]) => ({
    what,
    runs: times.length,
    'median ms': Math.round(median(times)),
    'min ms': Math.round(percentile(times, 0)),
    'max ms': Math.round(percentile(times, 1)),
  })),
);

function keep(what: string, ms: number): void {
  samples.set(what, [...(samples.get(what) ?? []), ms]);
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begunMs = performance.now();
  const result = await work();
  keep(what, performance.now() - begunMs);
  return result;
}

/** The files of the working tree that git does not ignore, and the same `node_modules`. */
async function copyProject(root: string): Promise<Copy> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', list, { encoding: 'utf8' }).split('\0').filter(existsSync);
  for (const file of files) await cp(file, join(root, file), { recursive: true });
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  const file = join(root, 'functions', SAVED, 'index.ts');
  const source = await readFile(file, 'utf8');
  const given = 'export const main = ';
  if (!source.includes(given)) throw new Error(`${file} has no: ${given}`);
  let saves = 0;
  return {
    root,
    save: async () => {
      saves += 1;
      const main = `export const main = async (event, context) => ({ ...(await handler(event, context)), saved: ${saves} });\n`;
      await writeFile(file, source.replace(given, 'const handler = ') + main);
      return saves;
    },
  };
}

/** `npm start` on fresh data, then two saves. */
async function measureStart(copy: Copy, data: string): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begunMs = performance.now();
  const started = spawn('npm', ['start', '--', '--port', String(port), '--data', data], {
    ...{ cwd: copy.root, stdio: ['ignore', 'pipe', 'pipe'] },
    // A group of its own, to be ended as Ctrl+C ends it: npm, the cloud, the watcher, the functions.
    detached: true,
  });
  try {
    const isUp = saying(started, 'the local cloud is up');
    await Promise.all([
      until(async () => (await fetch(`${url}/`)).status === 200).then(() =>
        keep('npm start: the page answers', performance.now() - begunMs),
      ),
      isUp,
    ]);
    if ((await fetch(`${url}/`)).status !== 200) throw new Error('the page is gone');
    keep('npm start: the page answers, all functions deployed', performance.now() - begunMs);
    for (const what of ['first', 'second']) await measureSave(copy, url, what);
  } finally {
    await end(started);
  }
}

/** From the moment a file is written until the function answers with what was written. */
async function measureSave(copy: Copy, url: string, which: string): Promise<void> {
  // A warm instance, as somebody has who tries things out.
  await answerOf(url);
  await timed(`a function is saved, the ${which} time: its new code answers`, async () => {
    const saved = await copy.save();
    await until(async () => (await answerOf(url)).saved === saved);
  });
}

async function answerOf(url: string): Promise<{ saved?: number }> {
  const body = JSON.stringify({ name: SAVED, data: { outTradeNo: 'BENCH00000001' } });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const answer = await fetch(`${url}/_local/call`, { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  const { result, error } = (await answer.json()) as { result?: object; error?: object };
  if (!result) throw new Error(`${SAVED} does not answer: ${JSON.stringify(error)}`);
  return result;
}

/** The commands of the framework, against a fresh cloud with the project deployed. */
async function measureCommands(copy: Copy): Promise<void> {
  const cloud = await emptyLocalCloud();
  try {
    await deployProject(cloud, { root: copy.root, env: process.env, write: () => {} });
    for (let run = 0; run < RUNS; run += 1) {
      await timed('serverless --version (the floor)', () => serverless(copy, cloud, '--version'));
      await measureNothing(copy, cloud);
      await measureFunction(copy, cloud);
    }
  } finally {
    await cloud.close();
  }
}

async function measureNothing(copy: Copy, cloud: LocalCloud): Promise<void> {
  // What the last round saved is deployed now, so that there is nothing to do.
  await serverless(copy, cloud, 'deploy', '--stage', 'local');
  cloud.tencentcloud.forgetCalls();
  await timed('serverless deploy, nothing to do', () =>
    serverless(copy, cloud, 'deploy', '--stage', 'local'),
  );
  const writes = writesOf(cloud.tencentcloud);
  if (writes.length > 0) throw new Error(`there was something to do: ${writes.join(', ')}`);
}

async function measureFunction(copy: Copy, cloud: LocalCloud): Promise<void> {
  const saved = await copy.save();
  await timed('serverless deploy function, other code', () =>
    serverless(copy, cloud, 'deploy', 'function', '--function', SAVED, '--stage', 'local'),
  );
  const answered = await answerOf(cloud.url);
  if (answered.saved !== saved) throw new Error('the new code does not answer');
}

/** Runs the framework as `npx` finds it, in silence; throws with what it said when it fails. */
async function serverless({ root }: Copy, cloud: LocalCloud, ...args: string[]): Promise<void> {
  const quiet = { SLS_GEO_LOCATION: 'no-cn', SLS_TELEMETRY_DISABLED: '1' };
  const child = spawn(join(root, 'node_modules', '.bin', 'serverless'), args, {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    env: {
      ...{ PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: folder },
      ...{ ...quiet, SLS_NOTIFICATIONS_MODE: 'off', ...cloud.deployEnvironment() },
    },
  });
  const said = wordsOf(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`serverless ${args.join(' ')}: exit ${code}\n${said()}`);
}

function wordsOf(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return () => said;
}

/** Settles when a process has said something; rejects when it ends before. */
function saying(child: ChildProcess, words: string): Promise<void> {
  const said = wordsOf(child);
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (said().includes(words)) resolve();
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`npm start: exit ${code}\n${said()}`)));
  });
}

/** Asks again and again; a connection that is refused is no answer yet. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  while (!(await isTrue().catch(isRefused))) {
    if (performance.now() > giveUpMs) throw new Error(`waited in vain for ${PATIENCE_MS} ms`);
    await wait(POLL_MS);
  }
}

function isRefused(error: unknown): false {
  if (error instanceof TypeError && error.message === 'fetch failed') return false;
  throw error;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGTERM');
  await closed;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
