import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contracts } from '../../shared/contract/contracts.ts';
import { buildFunctions } from './build.ts';

const load = createRequire(import.meta.url);
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'build-'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
});
afterEach(() => rm(root, { recursive: true }));

/** Writes the files of a function of the merchant's own. */
async function write(name: string, files: Record<string, string>): Promise<void> {
  const folder = join(root, 'functions', name);
  await mkdir(folder, { recursive: true });
  for (const [file, code] of Object.entries(files)) await writeFile(join(folder, file), code);
}

const esm = "import { word } from './word.mjs';\nexport const main = async () => word;";
test.each([
  ['index.ts', "export const main = async (): Promise<string> => 'a word';"],
  ['index.mjs', esm],
  ['index.js', esm],
  ['index.cjs', "exports.main = async () => require('./old.cjs');"],
])('a function of the merchant’s own may be %s', async (file, code) => {
  await write('ship', {
    [file]: code,
    'word.mjs': "export const word = 'a word';",
    'old.cjs': "module.exports = 'a word';",
  });
  const [built] = await buildFunctions(root, { names: ['ship'] });
  expect(built?.sources).toContain(`functions/ship/${file}`);
  const { main } = load(built?.file ?? '') as { main(): Promise<string> };
  expect(await main()).toBe('a word');
});

test.each<[string, Record<string, string>, RegExp]>([
  ['no file', { 'main.ts': 'export const main = 1;' }, /functions\/ship\/index\.ts.*\.mjs/],
  [
    'two of them',
    { 'index.ts': 'export const main = 1;', 'index.js': 'export const main = 2;' },
    /index\.ts.*index\.js.*one/,
  ],
  [
    'CommonJS in a file that is read as an ES module',
    { 'index.js': 'exports.main = async () => 1;' },
    /functions\/ship\/index\.js.*index\.cjs/,
  ],
])('a function with %s is refused by its path', async (_what, files, text) => {
  await write('ship', files);
  await expect(buildFunctions(root, { names: ['ship'] })).rejects.toThrow(text);
});

test('CommonJS may be .js where the package is CommonJS', async () => {
  await writeFile(join(root, 'package.json'), '{ "type": "commonjs" }');
  await write('ship', { 'index.js': 'exports.main = async () => 1;' });
  const [built] = await buildFunctions(root, { names: ['ship'] });
  expect(typeof load(built?.file ?? '').main).toBe('function');
});

test('the ways to the merchant are in no bundle whose contract does not name them', async () => {
  const names = (Object.keys(contracts) as (keyof typeof contracts)[]).filter(
    (name) => !(contracts[name].dependsOn as readonly string[]).includes('merchant'),
  );
  const built = await buildFunctions(process.cwd(), { names, dist: join(root, 'dist') });
  const found = built.flatMap(({ name, weights }) =>
    Object.keys(weights)
      .filter((file) => /^shared\/(channel|merchant)\//.test(file))
      .map((file) => `${name} ${file}`),
  );
  expect([built.length > 0, found]).toEqual([true, []]);
});
