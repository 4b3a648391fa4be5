import { defineConfig } from 'vitest/config';

/** Runs the tests of one room, and nothing that they do not need. */
export default defineConfig({
  test: {
    include: [process.env.MUTANTS_TESTS ?? ''],
    setupFiles: 'tests/support/setup.ts',
    env: { SEED: '20261124' },
    isolate: false,
  },
});
