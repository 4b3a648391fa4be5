/** Every measurement, one after another, each in a process of its own: npm run bench [name …]. */
import { spawnSync } from 'node:child_process';
import { benches } from './harness/benches.ts';
import { runBundled } from './harness/bundled.ts';

/** Benches of code that runs bundled, as functions are deployed, each with what stands in for other files. */
const BUNDLED: Readonly<Record<string, { file: string; standIns?: Record<string, string> }>> = {
  crypto: { file: 'bench/crypto/race.ts' },
  bills: { file: 'bench/bills/race.ts' },
  pipeline: {
    file: 'bench/pipeline/callback.ts',
    standIns: { 'shared/runtime/wiring/store.ts': 'bench/pipeline/memoryStore.ts' },
  },
};

const all = Object.keys(benches);
const given = process.argv.slice(2);
const wanted = given.length > 0 ? given : all;
for (const name of wanted) {
  if (!all.includes(name)) throw new Error(`${name} is none of ${all.join(', ')}`);
}

console.error('bench  building the functions');
if (!succeeds('infra/buildAll.ts', 'ignore')) process.exit(1);
const failing: string[] = [];
for (const name of wanted) {
  console.error(`${name}  starts`);
  if (!(await isMeasured(name))) failing.push(name);
}
if (failing.length > 0) {
  console.error(`not measured: ${failing.join(', ')}`);
  process.exitCode = 1;
}

async function isMeasured(name: string): Promise<boolean> {
  const bundled = BUNDLED[name];
  if (!bundled) return succeeds(`bench/${name}.ts`, 'inherit');
  return (await runBundled(name, bundled.file, bundled.standIns)) === 0;
}

function succeeds(file: string, stdout: 'ignore' | 'inherit'): boolean {
  const stdio = ['inherit', stdout, 'inherit'] as const;
  return spawnSync(process.execPath, ['--import', 'tsx', file], { stdio: [...stdio] }).status === 0;
}
