/**
 * Runs the functions with code caches that other builds of Node made, and the other way round: the binary that
 * NODE_OTHER names, else two that npm fetches, of which one has the V8 of Node 20.20 by its number.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fetchNode } from './fetchNode.ts';

const given = process.env.NODE_OTHER;
const others = given ? [given] : ['20.19.5', '22.21.1'].map(fetchNode);
const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '..');
for (const NODE_OTHER of others) {
  const { status } = spawnSync(
    process.execPath,
    [join(vitest, 'vitest.mjs'), 'run', 'infra/build/codeCache/otherNode.long.test.ts'],
    { stdio: 'inherit', env: { ...process.env, NODE_OTHER } },
  );
  if (status !== 0) process.exitCode = 1;
}
