import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Runs what is quick first: most mutants are seen by any test, and the first that sees one ends the run. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.sort((a, b) => weightOf(a) - weightOf(b));
  }
}

/** Weighs a test file by its size; those that draw hundreds of cases come last. */
function weightOf({ moduleId }: TestSpecification): number {
  const text = readFileSync(moduleId, 'utf8');
  return text.length + (text.includes('fc.assert') ? 1e6 : 0);
}

/** Runs the tests of one room, and nothing that they do not need. */
export default defineConfig({
  test: {
    include: [process.env.MUTANTS_TESTS ?? ''],
    setupFiles: 'tests/support/setup.ts',
    env: { SEED: '20261124' },
    isolate: false,
    // A slow machine must not look like a test that fails: what hangs is for Stryker to end, and to say so.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    sequence: { sequencer: QuickFirst },
  },
});
