/** Size of every function's bundle, whole and gzipped. */
import { gzipSync } from 'node:zlib';
import { buildFunctions } from '../infra/build/build.ts';
import { report } from './table.ts';

const kB = (bytes: number) => Math.round(bytes / 100) / 10;

const rows = (await buildFunctions(process.cwd())).map(({ name, code, weights }) => {
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
  };
});
await report('bundles', rows);
