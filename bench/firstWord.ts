/**
 * CPU time until `serverless plan` has said what is missing, beside `npx serverless --version`, which
 * is the framework and npx alone, alternating in one run; npx is in both.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { doInTime, runBench } from './harness/bench.ts';
import { noteOf } from './harness/series.ts';
import { median } from './harness/table.ts';

const RUNS = 11;
const commands = { 'serverless --version': ['--version'], 'serverless plan': ['plan'] };
type Command = keyof typeof commands;

await runBench('firstWord', (bench) => {
  const keys = Object.keys(commands) as Command[];
  const cpu = Object.fromEntries(keys.map((key) => [key, bench.series<number>(RUNS)])) as Record<
    Command,
    ReturnType<typeof bench.series<number>>
  >;
  const medianOf = (key: Command) => median([...cpu[key].values]);
  return {
    measure: async () => {
      const runs = Array.from({ length: RUNS }, (_, run) => run);
      await doInTime(runs, { isOver: bench.share(1) }, async (run) => {
        bench.doing(`run ${run + 1} of ${RUNS}`);
        for (const key of keys) await cpu[key].take(() => cpuOf(commands[key]));
      });
    },
    rows: () =>
      keys.map((key) => ({
        command: key,
        runs: cpu[key].values.length,
        'CPU ms': Math.round(medianOf(key)),
        'beside --version':
          Math.round((medianOf(key) / medianOf('serverless --version')) * 100) / 100,
        failed: cpu[key].failed,
        ...noteOf(cpu[key]),
      })),
  };
});

/** Runs a command without any setting; answers the CPU time of all its processes, in ms. */
async function cpuOf(args: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'first-word-'));
  const file = join(folder, 'cpu');
  try {
    const { PATH = '', HOME = folder } = process.env;
    const hook = `--require ${resolve('bench/harness/cpu.cjs')}`;
    const env = { PATH, HOME, NODE_OPTIONS: hook, BENCH_CPU_FILE: file };
    const { stdout, stderr } = spawnSync('npx', ['serverless', ...args], { env, encoding: 'utf8' });
    const wanted = args.includes('plan') ? 'MISSING' : 'Framework Core';
    if (!`${stdout}${stderr}`.includes(wanted)) throw new Error(`no ${wanted}: ${stderr}`);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    return lines.reduce((sum, line) => sum + Number(line), 0) / 1000;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
