import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

/**
 * Runs the file of a bench as functions are deployed, bundled by esbuild: what a loader adds to functions for
 * its own sake does not count. Answers its exit code.
 */
export async function runBundled(name: string, file: string): Promise<number> {
  const outfile = `dist/bench/${name}.cjs`;
  console.error(`${name}  bundling`);
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
  const args = [...process.execArgv.filter((each) => each.startsWith('--cpu-prof')), outfile];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
