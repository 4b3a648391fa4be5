/** Runs before each test file. */
import fc from 'fast-check';
import { afterAll } from 'vitest';
import { seedOfRun } from './chance.ts';
import './pureDecisions.ts';

fc.configureGlobal({ seed: seedOfRun() });

// Files share a worker: each leaves the environment as it found it.
const before = { ...process.env };
afterAll(() => {
  for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
  Object.assign(process.env, before);
});
