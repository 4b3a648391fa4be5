import { buildFunctions } from './build.ts';

const built = await buildFunctions(process.cwd());
for (const { name, code } of built) {
  process.stdout.write(`${name.padEnd(18)} ${(code.length / 1000).toFixed(1).padStart(7)} kB\n`);
}
