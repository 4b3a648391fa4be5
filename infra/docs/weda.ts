/** Writes the methods in docs/zh/weda.md and docs/en/weda.md, or with `--check` tells whether one is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeContracts } from '../../emulator/control/contracts/contracts.ts';
import { withMethods } from './weda/tables.ts';

const contracts = describeContracts();
for (const language of ['zh', 'en'] as const) {
  const path = `docs/${language}/weda.md`;
  const page = readFileSync(path, 'utf8');
  const written = withMethods(page, language, contracts);
  if (!process.argv.includes('--check')) writeFileSync(path, written);
  else if (page !== written) {
    process.stderr.write(`${path} is stale: npm run docs:api\n`);
    process.exitCode = 1;
  }
}
