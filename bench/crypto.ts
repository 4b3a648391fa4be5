/**
 * What our checks cost beside the bare cryptography, and beside public SDKs where they are installed:
 * signing the request of an order; verifying, opening and reading a callback. Measured as it is
 * deployed, bundled by esbuild: what a loader adds to functions for its own sake does not count.
 */
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { report } from './table.ts';

const outfile = 'dist/bench/crypto.cjs';
await build({
  entryPoints: ['bench/crypto/race.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
});
const printed = execFileSync(process.execPath, [outfile], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
await report('crypto', JSON.parse(printed));
