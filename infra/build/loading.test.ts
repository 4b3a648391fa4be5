import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFunctions } from './build.ts';
import { loadFault } from './loading.ts';

/** Builds functions of these sources as a deploy does, and loads them. */
async function load(
  sources: Record<string, string>,
  limitMs?: number,
): Promise<string | undefined> {
  const root = await mkdtemp(join(tmpdir(), 'loading-'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const [name, source] of Object.entries(sources)) {
    await mkdir(join(root, 'functions', name), { recursive: true });
    await writeFile(join(root, 'functions', name, 'index.ts'), source);
  }
  const built = await buildFunctions(root, { names: Object.keys(sources) });
  const loadings = built.map(({ name, file }) => {
    return { name, file, environment: { GREETING: 'hello', [`IS_${name}`]: '1' } };
  });
  return loadFault(root, loadings, limitMs);
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

test('no function sees what belongs to another', async () => {
  const alone = "if (process.env.IS_first || globalThis.seen) throw new Error('leaked');\n";
  const leaves = 'Object.assign(globalThis, { seen: true });\n';
  expect(await load({ first: leaves + good, second: alone + good })).toBeUndefined();
});

test.each([
  ['a promise that is rejected', "Promise.reject(new Error('too late'));"],
  ['a timer that throws', "setTimeout(() => { throw new Error('too late'); }, 1);"],
])('%s as it loads is named, with its place', async (_what, source) => {
  const fault = await load({ other: good, greet: `${good}${source}\n` });
  expect(fault).toMatch(/^greet: Error: too late，functions\/greet\/index\.ts:2$/);
});

test.each([0, 3])('what ends its process with %i as it loads is named alone', async (code) => {
  const fault = await load({ other: good, greet: `${good}process.exit(${code});\n` });
  expect(fault).toMatch(new RegExp(`^greet: .*exit ${code}$`));
});

test('what does not end loading is named alone', async () => {
  const fault = await load(
    { greet: `process.on('SIGTERM', () => {});\n${good}for (;;);\n`, other: good },
    2_000,
  );
  expect(fault).toMatch(/^greet: .*does not end\)$/);
});
