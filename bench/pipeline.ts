/**
 * Measures a callback through the whole function, SCF's event in and the answer out, beside the bare
 * cryptography: what everything that is not cryptography costs.
 */
import { runBundled } from './harness/bundled.ts';

process.exitCode = await runBundled('pipeline', 'bench/pipeline/callback.ts', {
  'shared/runtime/wiring/store.ts': 'bench/pipeline/memoryStore.ts',
});
