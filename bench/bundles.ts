/** Size of every function's bundle, and of what the console gives a browser, whole and gzipped. */
import { gzipSync } from 'node:zlib';
import { type Bundle, buildConsole } from '../emulator/console/host/bundle.ts';
import { buildFunctions } from '../infra/build/build.ts';
import { runBench } from './harness/bench.ts';
import type { Row } from './harness/table.ts';

type Built = Awaited<ReturnType<typeof buildFunctions>>;

const kB = (bytes: number) => Math.round(bytes / 100) / 10;

await runBench('bundles', (bench) => {
  const builds = bench.series<Built>(1);
  const consoles = bench.series<Bundle>(1);
  return {
    measure: async () => {
      bench.doing('building the functions');
      await builds.take(() => buildFunctions(process.cwd()));
      await consoles.take(buildConsole);
    },
    rows: () => [...builds.values.flat().map(rowOf), ...consoles.values.flatMap(rowsOfConsole)],
  };
});

function rowOf({ name, code, weights }: Built[number]): Row {
  const inputs = Object.entries(weights);
  const of = (part: RegExp) =>
    kB(
      inputs
        .filter(([path]) => part.test(path))
        .reduce((sum, [, one]) => sum + one.bytesInOutput, 0),
    );
  return {
    function: name,
    kB: kB(code.length),
    'gzip kB': kB(gzipSync(code).length),
    'CloudBase SDK': of(/node_modules\/@cloudbase/),
    ours: of(/^(shared|functions)\//),
    zod: of(/node_modules\/zod/),
    middy: of(/node_modules\/@middy/),
    'stand-ins': of(/^(?:infra\/|cut:)/),
  };
}

function rowsOfConsole({ files }: Bundle): Row[] {
  return [...files].map(([path, { bytes }]) => {
    const name = path.replace(/-\w+(\.\w+)$/, '$1').slice(1);
    return { function: name, kB: kB(bytes.length), 'gzip kB': kB(gzipSync(bytes).length) };
  });
}
