/** Every measurement, one after another, each in a process of its own: npm run bench [name …]. */
import { spawnSync } from 'node:child_process';
import { benches } from './harness/benches.ts';

const all = Object.keys(benches);
const given = process.argv.slice(2);
const wanted = given.length > 0 ? given : all;
for (const name of wanted) {
  if (!all.includes(name)) throw new Error(`${name} is none of ${all.join(', ')}`);
}

console.error('bench  building the functions');
if (!succeeds('infra/buildAll.ts', 'ignore')) process.exit(1);
const failing = wanted.filter((name) => {
  console.error(`${name}  starts`);
  return !succeeds(`bench/${name}.ts`, 'inherit');
});
if (failing.length > 0) {
  console.error(`not measured: ${failing.join(', ')}`);
  process.exitCode = 1;
}

function succeeds(file: string, stdout: 'ignore' | 'inherit'): boolean {
  const stdio = ['inherit', stdout, 'inherit'] as const;
  return spawnSync(process.execPath, ['--import', 'tsx', file], { stdio: [...stdio] }).status === 0;
}
