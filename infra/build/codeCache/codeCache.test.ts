import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  callOnce,
  makeCache,
  type Runtime,
  unpackCached,
  unpackTo,
} from '../../../tests/support/codeCache.ts';
import { buildFunctions } from '../build.ts';
import { zipBundle } from '../zip.ts';
import { type CodeCache, cachedZip, makerZip, readMade } from './packages.ts';

/** Written over several lines, with more functions than are called, as a real bundle has. */
const source = `"use strict";
const words = ['微信', '支付'];
function unused(n) { return n < 2 ? n : unused(n - 1) + unused(n - 2); }
function throwIt(what) { throw new Error(what); }
module.exports = {
  async main({ fails, number = 1 }) {
    if (fails) throwIt('it fails');
    return { text: words.join(''), sum: [1, 2, 3].reduce((a, b) => a + b, number), file: __filename.split('/').at(-1), same: module.exports === exports };
  },
};
`;
const bundle = Buffer.from(source);
const answer = { text: '微信支付', sum: 7, file: 'index.js', same: false };

let root: string;
let cache: CodeCache;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'code-cache-'));
  cache = await makeCache(join(root, 'maker'), bundle);
});
afterAll(() => rm(root, { recursive: true }));

let folder: string;
let serial = 0;
beforeEach(() => {
  serial += 1;
  folder = unpackTo(join(root, String(serial)), cachedZip(bundle, cache));
});

const warningOf = (line: string | undefined) =>
  (JSON.parse(line ?? '{}') as { warning?: string }).warning ?? '';

test('a function is loaded with its cache, and answers as without one', async () => {
  expect(await callOnce(folder)).toEqual({ answer, printed: [], exit: 0 });
  const plain = unpackTo(`${folder}.plain`, zipBundle(bundle));
  expect(await callOnce(plain)).toEqual({ answer, printed: [], exit: 0 });
});

/** Changes one file of the package. */
const change = async (file: string, make: (bytes: Buffer) => Buffer | string) =>
  writeFile(join(folder, file), make(await readFile(join(folder, file))));
/** Makes the package claim that its cache was made with other facts. */
const claim = (facts: object) =>
  change('cache.json', (bytes) => JSON.stringify({ ...JSON.parse(String(bytes)), ...facts }));

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'another build of the same version',
    () => claim({ executableBytes: 1 }),
    /executableBytes 与生成时不同/,
  ],
  [
    'another version',
    () => claim({ versions: { ...process.versions, node: '20.0.0' } }),
    /versions 与/,
  ],
  ['another architecture', () => claim({ platform: 'linux-riscv64' }), /platform 与/],
  ['other arguments', () => claim({ arguments: ['--no-opt', ''] }), /arguments 与/],
  ['a fact less', () => claim({ versions: undefined }), /versions 与/],
  [
    'a cache cut short',
    () => change('bundle.cache', (bytes) => bytes.subarray(0, 100)),
    /cache 与/,
  ],
  ['an empty cache', () => change('bundle.cache', () => ''), /cache 与/],
  ['a cache of something else', () => change('bundle.cache', () => 'x'.repeat(5000)), /cache 与/],
  ['no cache', () => rm(join(folder, 'bundle.cache')), /ENOENT/],
  ['no facts', () => rm(join(folder, 'cache.json')), /ENOENT/],
  ['facts cut short', () => change('cache.json', (bytes) => bytes.subarray(0, 40)), /SyntaxError/],
  ['facts that are none', () => change('cache.json', () => 'null'), /TypeError/],
])('with %s it is loaded plainly, and says so in one line', async (_what, spoil, reason) => {
  await spoil();
  const { printed, ...ended } = await callOnce(folder);
  expect(ended).toEqual({ answer, exit: 0 });
  expect(printed.map(warningOf)).toEqual([expect.stringMatching(reason)]);
});

test('a cache in which any byte changed is not used: V8 itself would take it', async () => {
  const { length } = cache.bytes;
  for (let at = 0; at < length; at += Math.ceil(length / 20)) {
    const flipped = Buffer.from(cache.bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 0x41;
    await writeFile(join(folder, 'bundle.cache'), flipped);
    const { printed, ...ended } = await callOnce(folder);
    expect(ended, `byte ${at}`).toEqual({ answer, exit: 0 });
    expect(printed.map(warningOf)).toEqual([expect.stringMatching(/^未使用代码缓存：cache /)]);
  }
});

test('a source edited in place, as long as before, runs as it stands now', async () => {
  await change('bundle.js', (bytes) => String(bytes).replace('[1, 2, 3]', '[1, 2, 4]'));
  const { printed, ...ended } = await callOnce(folder);
  expect(ended).toEqual({ answer: { ...answer, sum: 8 }, exit: 0 });
  expect(printed.map(warningOf)).toEqual([expect.stringMatching(/^未使用代码缓存：bundle /)]);
});

test.each<[string, Runtime]>([
  ['--max-old-space-size', { flags: ['--max-old-space-size=100'] }],
  ['--no-opt', { flags: ['--no-opt'] }],
  ['--jitless', { flags: ['--jitless'] }],
  ['--stack-size', { flags: ['--stack-size=500'] }],
  ['NODE_OPTIONS', { env: { NODE_OPTIONS: '--max-old-space-size=100' } }],
])('a process with other flags (%s) has none; one with its own has it', async (_w, runtime) => {
  const { printed, ...ended } = await callOnce(folder, {}, runtime);
  expect(ended).toEqual({ answer, exit: 0 });
  expect(printed.map(warningOf)).toEqual([expect.stringMatching(/arguments 与/)]);
  const own = await unpackCached(`${folder}.own`, bundle, runtime);
  expect(await callOnce(own, {}, runtime)).toEqual({ answer, printed: [], exit: 0 });
});

test('what only V8 sees is refused by V8, with a line too', async () => {
  // As a host does that sets flags by itself: no argument tells.
  const args = { flags: ['--no-opt'] };
  const { made } = await makeCache(`${folder}.other`, bundle, args);
  await claim({ arguments: made.arguments });
  const { printed, ...ended } = await callOnce(folder, {}, args);
  expect(ended).toEqual({ answer, exit: 0 });
  expect(printed.map(warningOf)).toEqual([expect.stringMatching(/V8 拒绝/)]);
});

test('what it throws names the places of its bundle, as without a cache, and no loader’s as such', async () => {
  const places = (stack = '') => stack.match(/(?:index|loader)\.js:\d+:\d+/g)?.slice(0, 2);
  const plain = unpackTo(`${folder}.plain`, zipBundle(bundle));
  const expected = places((await callOnce(plain, { fails: true })).thrown);
  expect(expected).toEqual(['index.js:4:32', 'index.js:7:16']);
  expect(places((await callOnce(folder, { fails: true })).thrown)).toEqual(expected);
});

test('a bundle that throws as it loads throws once, its own error', async () => {
  const failing = Buffer.from("console.log('loading');\nthrow new Error('no key');\n");
  const { printed, thrown, exit } = await callOnce(await unpackCached(folder, failing));
  expect([printed, exit]).toEqual([['loading'], 0]);
  const places = thrown?.match(/\w+\.js:\d+/g);
  expect([thrown?.split('\n')[0], places?.slice(0, 2)]).toEqual([
    'Error: no key',
    ['index.js:2', expect.stringMatching(/^loader\.js:\d+$/)],
  ]);
});

test('the maker runs nothing of the bundle, and answers the holder of its secret alone', async () => {
  const loud = Buffer.from("console.log('it ran');\nexports.main = async () => 'it ran';");
  unpackTo(folder, makerZip(loud, 'a secret'));
  for (const event of [{}, { secret: 'another' }, { secret: null }, { secret: ['a secret', 1] }]) {
    const { answer: none, thrown, printed } = await callOnce(folder, event);
    expect([none, thrown, printed]).toEqual([
      undefined,
      expect.stringContaining('not for you'),
      [],
    ]);
  }
  const { answer: made, printed } = await callOnce(folder, { secret: 'a secret' });
  expect([readMade(made, loud)?.bytes.length, printed]).toEqual([expect.any(Number), []]);
});

test('a maker’s answer that is none, or about another bundle, is no cache', async () => {
  unpackTo(folder, makerZip(bundle, 's'));
  const { answer: made } = await callOnce(folder, { secret: 's' });
  const { cache: text, made: facts } = made as { cache: string; made: object };
  expect(readMade(made, bundle)?.bytes.length).toBeGreaterThan(0);
  const wrong = [
    null,
    'a text',
    {},
    { made: facts },
    { made: facts, cache: 1 },
    { made: facts, cache: 'AAAA' },
    { made: facts, cache: text.slice(0, 400) },
    { made: { ...facts, cache: '00' }, cache: text },
    { cache: text },
  ];
  expect(wrong.map((each) => readMade(each, bundle))).toEqual(wrong.map(() => undefined));
  expect(readMade(made, Buffer.from(`${source}\n`))).toBeUndefined();
});

test('what a function imports as it runs is there with a cache too: no bundle has an import() left', async () => {
  const files = join(root, 'project');
  await mkdir(join(files, 'functions', 'ship'), { recursive: true });
  await writeFile(join(files, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(files, 'functions', 'ship', 'index.ts'),
    `export const main = async ({ name }: { name?: string }) => {
      const { gunzip } = await import('node:zlib');
      const found = name && (await import(name));
      return [typeof gunzip, typeof found?.join, typeof found?.default];
    };`,
  );
  const [built] = await buildFunctions(files, { names: ['ship'] });
  const cached = await unpackCached(folder, built?.code ?? new Uint8Array());
  expect(await callOnce(cached, { name: 'node:path' })).toEqual({
    answer: ['function', 'function', 'object'],
    printed: [],
    exit: 0,
  });
});
