import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules', 'dist'],
    testTimeout: 60_000,
    maxWorkers: 2,
    // The order of files must not matter, and child processes need the real process.
    pool: 'forks',
  },
});
