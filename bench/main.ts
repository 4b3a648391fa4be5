/** Every measurement, one after another, each in a process of its own: npm run bench [name …]. */
import { spawnSync } from 'node:child_process';

const all = ['bundles', 'coldStart', 'callbacks', 'malformed', 'staleOrders', 'deploy', 'crypto'];
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : all) {
  if (!all.includes(name)) throw new Error(`${name} is none of ${all.join(', ')}`);
  const { status } = spawnSync('npx', ['tsx', `bench/${name}.ts`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
