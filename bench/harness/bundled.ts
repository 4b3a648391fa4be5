import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * Runs the file of a bench as functions are deployed, bundled by esbuild: what a loader adds to functions for
 * its own sake does not count. `standIns` are bundled in the place of other files. Answers its exit code.
 */
export async function runBundled(
  name: string,
  file: string,
  standIns: Readonly<Record<string, string>> = {},
): Promise<number> {
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
    plugins: [standIn(standIns)],
  });
  return spawnSync(process.execPath, [outfile], { stdio: 'inherit' }).status ?? 1;
}

function standIn(standIns: Readonly<Record<string, string>>): Plugin {
  const places = new Map(
    Object.entries(standIns).map(([file, instead]) => [resolve(file), resolve(instead)]),
  );
  return {
    name: 'stand-ins',
    setup: ({ onResolve }) => {
      onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => {
        const instead = places.get(resolve(resolveDir, path));
        return instead === undefined ? undefined : { path: instead };
      });
    },
  };
}
