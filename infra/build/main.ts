import { buildFunctions } from './build.ts';

const built = await buildFunctions(process.cwd());
for (const { name, bytes } of built) {
  process.stdout.write(`${name.padEnd(18)} ${(bytes / 1000).toFixed(1).padStart(7)} kB\n`);
}
