/**
 * Measures what a developer waits for: `npm start` until the page answers with all functions
 * deployed, a saved function until its new code answers, `serverless deploy` with nothing to do,
 * `serverless deploy function`; beside them `serverless --version`, which no command of the
 * framework can undercut.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCloud } from '../emulator/main.ts';
import { deployProject } from '../emulator/start/deploy.ts';
import { writesOf } from '../tests/support/deploy/deployCase.ts';
import { emptyLocalCloud } from '../tests/support/localCloud.ts';
import { type Bench, doInTime, runBench } from './harness/bench.ts';
import { noteOf, type Series } from './harness/series.ts';
import { median, percentile, type Row } from './harness/table.ts';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const POLL_MS = 10;
/** Whoever waits longer than this for one thing gives up. */
const PATIENCE_MS = 60_000;
const END_MS = 10_000;
const SAVED = 'queryOrder';

/** Names each wait, in the order of the report. */
const waits = {
  page: 'npm start: the page answers',
  start: 'npm start: the page answers, all functions deployed',
  firstSave: 'a function is saved, the first time: its new code answers',
  secondSave: 'a function is saved, the second time: its new code answers',
  floor: 'serverless --version (the floor)',
  nothing: 'serverless deploy, nothing to do',
  one: 'serverless deploy function, other code',
} as const;

type Wait = keyof typeof waits;

/** Milliseconds by what was waited for. */
type Times = Record<Wait, Series<number>>;

/** A copy of the project, so that saving a function leaves the project's own file alone. */
interface Copy {
  root: string;
  /** Saves {@link SAVED} with other code, whose answers carry `saved: n`; tells n. */
  save(): Promise<number>;
}

await runBench('deploy', (bench) => {
  const keys = Object.keys(waits) as Wait[];
  const times = Object.fromEntries(keys.map((key) => [key, bench.series(RUNS)])) as Times;
  return {
    measure: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'bench-deploy-'));
      try {
        await measure(bench, times, folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    rows: () => keys.map((key) => rowOf(waits[key], times[key])),
  };
});

function rowOf(what: string, times: Series<number>): Row {
  return {
    what,
    runs: times.values.length,
    'median ms': Math.round(median(times.values)),
    'min ms': Math.round(percentile(times.values, 0)),
    'max ms': Math.round(percentile(times.values, 1)),
    failed: times.failed,
    ...noteOf(times),
  };
}

/** Half of the time for what `npm start` serves, the rest for the commands. */
async function measure(bench: Bench, times: Times, folder: string): Promise<void> {
  bench.doing('copying the project');
  const copy = await copyProject(join(folder, 'project'));
  const runs = Array.from({ length: RUNS }, (_, run) => run);
  await doInTime(runs, { isOver: bench.share(0.5) }, async (run) => {
    bench.doing(`npm start, ${run + 1} of ${RUNS} runs`);
    await bench.attempt(() => measureStart(copy, times, join(folder, `data-${run}`)));
  });
  const cloud = await emptyLocalCloud();
  try {
    await bench.prepare('deploying to a local cloud', () =>
      deployProject(cloud, { root: copy.root, env: process.env, write: () => {} }),
    );
    await doInTime(runs, { isOver: bench.share(1) }, async (run) => {
      bench.doing(`serverless commands, ${run + 1} of ${RUNS} runs`);
      await bench.attempt(() => measureCommands(copy, times, cloud));
    });
  } finally {
    await cloud.close();
  }
}

/** Takes a sample of how long something takes, from now on unless it began before. */
async function takeTime(
  times: Series<number>,
  work: () => Promise<unknown>,
  begunMs = performance.now(),
): Promise<boolean> {
  return times.take(async () => {
    await work();
    return performance.now() - begunMs;
  });
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
async function measureStart(copy: Copy, times: Times, data: string): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begunMs = performance.now();
  const started = spawn('npm', ['start', '--', '--port', String(port), '--data', data], {
    cwd: copy.root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, to be ended as Ctrl+C ends it: npm, the cloud, the watcher, the functions.
    detached: true,
  });
  const kill = () => signal(started, 'SIGKILL');
  process.once('exit', kill);
  const output = outputOf(started);
  const untilStarted = (isTrue: () => Promise<boolean>) =>
    until(() => {
      if (isGone(started)) throw new Error(`npm start ended: ${output()}`);
      return isTrue();
    });
  const answers = async () => (await fetch(`${url}/`)).status === 200;
  try {
    const whole = async () => {
      await untilStarted(async () => output().includes('the local cloud is up'));
      if (!(await answers())) throw new Error('the page is gone');
    };
    const [, isUp] = await Promise.all([
      takeTime(times.page, () => untilStarted(answers), begunMs),
      takeTime(times.start, whole, begunMs),
    ]);
    if (!isUp) return;
    for (const save of [times.firstSave, times.secondSave]) await measureSave(copy, url, save);
  } finally {
    await end(started);
    process.off('exit', kill);
  }
}

/** From the moment a file is written until the function answers with what was written. */
async function measureSave(copy: Copy, url: string, times: Series<number>): Promise<void> {
  // A warm instance, as somebody has who tries things out.
  await answerOf(url);
  await takeTime(times, async () => {
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

/** The commands of the framework, against a cloud with the project deployed. */
async function measureCommands(copy: Copy, times: Times, cloud: LocalCloud): Promise<void> {
  await takeTime(times.floor, () => serverless(copy, cloud, '--version'));
  // What the last round saved is deployed now, so that there is nothing to do.
  await serverless(copy, cloud, 'deploy', '--stage', 'local');
  cloud.tencentcloud.forgetCalls();
  await takeTime(times.nothing, async () => {
    await serverless(copy, cloud, 'deploy', '--stage', 'local');
    const writes = writesOf(cloud.tencentcloud);
    if (writes.length > 0) throw new Error(`there was something to do: ${writes.join(', ')}`);
  });
  const saved = await copy.save();
  const words = ['deploy', 'function', '--function', SAVED, '--stage', 'local'];
  await takeTime(times.one, () => serverless(copy, cloud, ...words));
  const answered = await answerOf(cloud.url);
  if (answered.saved !== saved) throw new Error('the new code does not answer');
}

/** Runs the framework as `npx` finds it, in silence; throws with its output when it fails. */
async function serverless({ root }: Copy, cloud: LocalCloud, ...args: string[]): Promise<void> {
  const quiet = { SLS_GEO_LOCATION: 'no-cn', SLS_TELEMETRY_DISABLED: '1' };
  const child = spawn(join(root, 'node_modules', '.bin', 'serverless'), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
    env: {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: dirname(root),
      ...quiet,
      SLS_NOTIFICATIONS_MODE: 'off',
      ...cloud.deployEnvironment(),
    },
  });
  const output = outputOf(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`serverless ${args.join(' ')}: exit ${code}\n${output()}`);
}

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}

/** Asks again and again; a connection that is refused is no answer yet. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  while (!(await isTrue().catch(isNoConnection))) {
    if (performance.now() > giveUpMs) throw new Error(`waited in vain for ${PATIENCE_MS} ms`);
    await wait(POLL_MS);
  }
}

function isNoConnection(error: unknown): false {
  if (error instanceof TypeError && error.message === 'fetch failed') return false;
  throw error;
}

/** Ends a process with its group: as Ctrl+C does, and for good where that does not help. */
async function end(child: ChildProcess): Promise<void> {
  if (isGone(child)) return;
  const closed = once(child, 'close');
  signal(child, 'SIGTERM');
  const isLate = wait(END_MS).then(() => true);
  if (await Promise.race([closed.then(() => false), isLate])) signal(child, 'SIGKILL');
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid && !isGone(child)) process.kill(-child.pid, name);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
