/** Writes docs/openapi.json from the contracts, or with `--check` tells whether it is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi/document.ts';

const PATH = 'docs/openapi.json';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const text = `${JSON.stringify(openApiDocument(version), null, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(PATH, text);
else if (!existsSync(PATH) || readFileSync(PATH, 'utf8') !== text) {
  process.stderr.write(`${PATH} is stale: npm run docs:api\n`);
  process.exitCode = 1;
}
