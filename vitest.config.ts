import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longestFirst.ts';

/** Campaigns: `npm run test:all`. All else is `npm test`. docs/maintaining.md says what is shown where. */
const long = '**/*.long.test.ts';
const never = ['**/node_modules/**', 'dist/**', '.local/**'];

/** One for all chance in a run; a failing test tells it. Campaigns draw a new one each time. */
const seed = (usual: number) => ({ SEED: process.env.SEED ?? String(usual) });

/** Longer than a busy machine needs: it ends only what hangs. */
const HANGS_MS = 600_000;

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['**/*.test.ts'],
          exclude: [...never, long],
          env: seed(20_261_124),
        },
      },
      {
        extends: true,
        test: { name: 'long', include: [long], exclude: never, env: seed(randomInt(1, 2 ** 31)) },
      },
    ],
    globalSetup: 'tests/support/build.ts',
    setupFiles: 'tests/support/setup.ts',
    reporters: ['default', './tests/support/repeatAlone.ts'],
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    // Child processes need the real process; a worker loads what its files share only once.
    pool: 'forks',
    isolate: false,
  },
});
