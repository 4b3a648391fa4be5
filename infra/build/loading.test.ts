import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFunctions } from './build.ts';
import { loadFault } from './loading.ts';

/** Builds functions of these sources as a deploy does, and loads them. */
async function load(sources: Record<string, string>): Promise<string | undefined> {
  const root = await mkdtemp(join(tmpdir(), 'loading-'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const [name, source] of Object.entries(sources)) {
    await mkdir(join(root, 'functions', name), { recursive: true });
    await writeFile(join(root, 'functions', name, 'index.ts'), source);
  }
  const built = await buildFunctions(root, { names: Object.keys(sources) });
  const environment = { GREETING: 'hello' };
  return loadFault(
    root,
    built.map(({ name, file }) => ({ name, file, environment })),
  );
}

const good = 'export const main = async () => 1;\n';

test('what loads is found no fault with, whatever it prints and leaves open', async () => {
  const needs = "if (process.env.GREETING !== 'hello') throw new Error('no greeting');\n";
  const open = 'setInterval(() => {}, 1000);\nprocess.stdout.write(\'{"name"\');\n';
  expect(await load({ greet: needs + open + good, other: good })).toBeUndefined();
});

test('what throws as it loads is named, with why and where in its source', async () => {
  const broken = `${good}\nconst settings: any = undefined;\nexport const mode = settings.mode;\n`;
  const fault = await load({ other: good, greet: broken });
  expect(fault).toMatch(/^greet: TypeError: .*mode.*functions\/greet\/index\.ts:4$/);
});

test('what exports no main is named', async () => {
  expect(await load({ greet: 'export const other = 1;\n' })).toMatch(/^greet: .*main/);
});
