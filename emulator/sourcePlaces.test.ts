import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFunctions } from '../infra/build/build.ts';
import { createShowSource } from './sourcePlaces.ts';

const root = mkdtempSync(join(tmpdir(), 'source-places-'));

test('a stack points into the source, unless another build was deployed', async () => {
  const folder = join(root, 'functions', 'queryOrder');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  const source = "\n\nexport const main = async () => {\n  throw new Error('broken');\n};\n";
  writeFileSync(join(folder, 'index.ts'), source);
  const [built] = await buildFunctions(root, { names: ['queryOrder'] });
  const file = join(mkdtempSync(join(tmpdir(), 'deployed-')), 'index.js');
  copyFileSync(built?.file ?? '', file);
  const { main } = createRequire(import.meta.url)(file) as { main(): Promise<void> };
  const stack = await main().catch((error: Error) => error.stack ?? '');
  const lines = String(stack).split('\n');
  const show = createShowSource(root);
  const deployed = { name: 'queryOrder', file };
  expect(show(deployed, lines).join()).toContain('functions/queryOrder/index.ts:4:9');
  appendFileSync(file, '// another build');
  expect(show(deployed, lines)).toEqual(lines);
});
