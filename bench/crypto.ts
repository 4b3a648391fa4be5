/**
 * Measures our checks beside the bare cryptography, and beside public SDKs where they are installed:
 * signing the request of an order; verifying, opening and reading a callback. Measured as it is
 * deployed, bundled by esbuild: what a loader adds to functions for its own sake does not count.
 */
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const outfile = 'dist/bench/crypto.cjs';
console.error('crypto  bundling the race');
await build({
  entryPoints: ['bench/crypto/race.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
});
process.exitCode = spawnSync(process.execPath, [outfile], { stdio: 'inherit' }).status ?? 1;
