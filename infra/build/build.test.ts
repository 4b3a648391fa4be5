import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cloudbase from '@cloudbase/node-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dependency } from '../../shared/contract/contract.ts';
import { contracts } from '../../shared/contract/contracts.ts';
import { buildFunctions } from './build.ts';
import { MEMBERS_OF_ANY_BUNDLE, usesDocumentsAlone, WORDS_OF_CUT_PARTS } from './documentsAlone.ts';

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
    (name) => !contracts[name].dependsOn.some((part) => ['merchant', 'quotes'].includes(part)),
  );
  const built = await buildFunctions(process.cwd(), { names, dist: join(root, 'dist') });
  const found = built.flatMap(({ name, weights }) =>
    Object.keys(weights)
      .filter((file) => /^shared\/(channel|merchant)\//.test(file))
      .map((file) => `${name} ${file}`),
  );
  expect([built.length > 0, found]).toEqual([true, []]);
});

const OPERATIONS: [part: Dependency, used: RegExp][] = [
  ['refunds', /\b(?:freezeRefund|applyAbnormalRefund)\b|\bgateway\.refund\b|\bqueryRefund[ ,]/],
  ['bills', /\bgateway\.downloadBill\b/],
];

test('whose use cases ask a link for refunds or bills has the part that does it, and no other', async () => {
  const built = await buildFunctions(process.cwd(), { dist: join(root, 'dist') });
  for (const { name, weights } of built.filter((one) => one.name in contracts)) {
    const own = Object.keys(weights).filter((file) => file.startsWith('shared/usecases/'));
    const texts = await Promise.all(own.map((file) => readFile(file, 'utf8')));
    const { dependsOn } = contracts[name as keyof typeof contracts];
    for (const [part, used] of OPERATIONS) {
      const isUsed = texts.some((text) => used.test(text));
      expect([name, part, dependsOn.includes(part as never)]).toEqual([name, part, isUsed]);
    }
  }
});

test('no bundle is larger than 240 kB, and none of a sample than 80 kB', async () => {
  const built = await buildFunctions(process.cwd(), { dist: join(root, 'dist') });
  for (const { name, code } of built) {
    expect([name, code.length]).toEqual([
      name,
      Math.min(code.length, name in contracts ? 240_000 : 80_000),
    ]);
  }
});

test('a function that asks for prices has no way to an address', async () => {
  const built = await buildFunctions(process.cwd(), {
    names: ['unifiedOrder'],
    dist: join(root, 'dist'),
  });
  const files = Object.keys(built[0]?.weights ?? {});
  expect(files).toContain('shared/channel/quotes.ts');
  expect(files.filter((file) => /channel\/(?:channels|urlChannel|address)/.test(file))).toEqual([]);
});

test('a sample has of the SDK what it uses, and still loads', async () => {
  const names = ['quoteOrder', 'fulfilOrder'];
  const built = await buildFunctions(process.cwd(), { names, dist: join(root, 'dist') });
  for (const { file, code, weights } of built) {
    expect(Object.keys(weights).filter((path) => path.includes('node_modules/axios/'))).toEqual([]);
    expect(code.length).toBeLessThan(300_000);
    expect(typeof load(file).main).toBe('function');
  }
});

const PLAIN = `
  import cloudbase from '@cloudbase/node-sdk';
  import { createHash } from 'node:crypto';
  import { once, onDelivery } from '../../shared/merchant/merchant.ts';
  import { word } from './word.mjs';
  const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  export const main = onDelivery(async ({ data }) => {
    const { data: found } = await app.database().collection('goods').where({ _id: word }).get();
    await app.callFunction({ name: 'ship', data: found[0] });
  });`;

test.each([
  ['as it is', PLAIN, true],
  ['uploads', `${PLAIN}\napp.uploadFile({});`, false],
  ['takes a member out', `${PLAIN}\nconst { getTempFileURL } = app;`, false],
  ['names a member when it runs', `${PLAIN}\napp[word]();`, false],
  ['keeps connections by the SDK', PLAIN.replace('init({', 'init({ keepalive: true,'), false],
  ['imports a package', `${PLAIN}\nimport axios from 'axios';`, false],
  ['imports another part of ours', `${PLAIN}\nimport { x } from '../../shared/x.ts';`, false],
  ['imports for its effects', `${PLAIN}\nimport 'axios';`, false],
  ['requires', `${PLAIN}\nconst axios = require('axios');`, false],
  ['requires under another name', `${PLAIN}\nconst load = require;`, false],
  ['requires what it finds when it runs', `${PLAIN}\nrequire(word);`, false],
  ['imports when it runs', `${PLAIN}\nawait import(word);`, false],
])('of a function that %s its text decides', async (_what, code, expected) => {
  await write('ship', { 'word.mjs': "export const word = 'a word';", 'index.ts': code });
  expect(usesDocumentsAlone(root, 'ship')).toBe(expected);
  await write('other', { 'index.ts': PLAIN, 'word.mjs': code });
  expect(usesDocumentsAlone(root, 'other')).toBe(expected);
});

test('every member of the SDK’s app is known: what may be cut away from it, and what is in any bundle', () => {
  const members: string[] = [];
  const app = cloudbase.init({ env: 'x', secretId: 'x', secretKey: 'x' });
  for (let one = app as object; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    members.push(...Object.getOwnPropertyNames(one));
  }
  const known = [...MEMBERS_OF_ANY_BUNDLE, ...WORDS_OF_CUT_PARTS];
  expect(members.filter((member) => !known.includes(member))).toEqual([]);
});
