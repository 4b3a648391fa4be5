import { defineConfig } from 'vitest/config';

/** Runs the tests that stand beside what is mutated, and nothing that they do not need. */
export default defineConfig({
  test: {
    include: [`${process.env.MUTANTS_IN}/**/*.test.ts`],
    setupFiles: 'tests/support/setup.ts',
    env: { SEED: '20261124' },
    isolate: false,
  },
});
