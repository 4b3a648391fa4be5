/**
 * Measures our checks beside the bare cryptography, and beside public SDKs where they are installed:
 * signing the request of an order; verifying, opening and reading a callback.
 */
import { runBundled } from './harness/bundled.ts';

process.exitCode = await runBundled('crypto', 'bench/crypto/race.ts');
