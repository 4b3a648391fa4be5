/**
 * Runs a campaign: `npm run fuzz`, `npm run chaos` and so on. How much each does is a variable, which
 * the shell may set; set here it works in every shell.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A campaign sets one variable for some tests. */
interface Campaign {
  variable: string;
  usual: string;
  tests: readonly string[];
}

const CAMPAIGNS: Readonly<Record<string, Campaign>> = {
  fuzz: { variable: 'FUZZ_RUNS', usual: '100000', tests: ['--project', 'quick', 'tests/fuzz'] },
  callers: { variable: 'CALLERS', usual: '100000', tests: ['--project', 'quick', 'tests/callers'] },
  forgeries: {
    variable: 'FORGERIES',
    usual: '1000000',
    tests: ['tests/fuzz/forgeries.test.ts'],
  },
  histories: {
    variable: 'HISTORY_RUNS',
    usual: '6000',
    tests: ['tests/simulation/histories.long.test.ts'],
  },
  unreliable: {
    variable: 'UNRELIABLE_ORDERS',
    usual: '1000',
    tests: ['tests/e2e/unreliableMerchant.long.test.ts'],
  },
  chaos: { variable: 'CHAOS_KILLS', usual: '50', tests: ['tests/chaos'] },
  deaths: {
    variable: 'DEATHS_RUNS',
    usual: 'all',
    tests: ['tests/deploy/interrupted.long.test.ts'],
  },
  wire: {
    variable: 'WIRE_SCENARIOS',
    usual: 'all',
    tests: ['tests/e2e/wireReadings.long.test.ts'],
  },
};

const [name = '', ...more] = process.argv.slice(2);
const campaign = CAMPAIGNS[name];
if (!campaign) throw new Error(`no such campaign: ${name}, there are ${Object.keys(CAMPAIGNS)}`);
const { variable, usual, tests } = campaign;
const vitest = createRequire(import.meta.url).resolve('vitest/package.json');
const child = spawn(
  process.execPath,
  [join(vitest, '..', 'vitest.mjs'), 'run', ...tests, ...more],
  { stdio: 'inherit', env: { ...process.env, [variable]: process.env[variable] ?? usual } },
);
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
