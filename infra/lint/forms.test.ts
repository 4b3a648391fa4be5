import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Code that breaks a form, and the same thing written well. */
const forms = {
  'spread-literal': {
    bad: ['export const a = { x: 1, ...{ y, z } };', 'call({ ...{ y } });'],
    good: ['export const a = { x: 1, y, z };', 'call({ ...b, ...(y ? { y } : {}), ...[y] });'],
  },
  'tuple-declaration': {
    bad: ['const [a, b] = [1, 2];', "let [c, d = ''] = [x(), y()];"],
    good: ['const [a, b] = pair;', 'const [first] = [...all];', '[a, b] = [b, a];'],
  },
  'positional-boolean': {
    bad: [
      'function send(order: Order, isNew: boolean) {}',
      'const send = (order: Order, isNew = false) => order;',
      'class Sender { send(isNew?: boolean) {} }',
      'send(order, true);',
      'new Reset(false);',
    ],
    good: [
      'function send(order: Order, { isNew }: { isNew: boolean }) {}',
      'function until(isDone: () => boolean): boolean {}',
      'send(order, { isNew: true });',
      'expect(isSent()).toBe(true);',
    ],
  },
  'throw-await': {
    bad: ['async function f() { throw await failed(order); }'],
    good: ['async function f() { await store(order); throw failed(order); }'],
  },
};
const cases = Object.entries(forms).flatMap(([rule, { bad, good }]) => [
  ...bad.map((code) => ({ rule, code, isBad: true })),
  ...good.map((code) => ({ rule, code, isBad: false })),
]);

let folder: string;
const messages = new Map<string, string>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'));
  const plugins = Object.keys(forms).map((rule) => resolve(`infra/lint/${rule}.grit`));
  const config = { plugins, linter: { rules: { preset: 'none' } } };
  await writeFile(join(folder, 'biome.json'), JSON.stringify(config));
  await Promise.all(cases.map(({ code }, at) => writeFile(join(folder, `${at}.ts`), code)));
  const biome = resolve('node_modules/.bin/biome');
  const args = ['lint', '--max-diagnostics=none', '--reporter=github', '.'];
  const { stdout } = await promisify(execFile)(biome, args, { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  for (const line of stdout.split('\n')) {
    const { file, message } = /file=(?<file>[^,]+),.*::(?<message>.*)$/.exec(line)?.groups ?? {};
    if (file && message) messages.set(basename(file), message);
  }
});
afterAll(() => rm(folder, { recursive: true }));

test.each(cases.map((each, at) => ({ ...each, at })))(
  '$rule: $code',
  async ({ rule, at, isBad }) => {
    const found = messages.get(`${at}.ts`);
    const texts = await readFile(`infra/lint/${rule}.grit`, 'utf8');
    expect(found !== undefined && texts.includes(found)).toBe(isBad);
  },
);
