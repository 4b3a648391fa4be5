import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepKilled, scoreOf } from './report.ts';
import { patternsOf, ROOMS, roomsOf } from './rooms.ts';

/** Stryker loads the plugin as it is, under a Node that reads no types. */
const plugin: string = './texts.mjs';
const { strykerPlugins } = (await import(plugin)) as {
  strykerPlugins: { value: { shouldIgnore: (at: object) => string | undefined } }[];
};

test('all is measured unless something is named', () => expect(roomsOf([])).toEqual(ROOMS));

test.each([
  ['shared/domain/', 'shared/domain', 'shared/domain/**/*.test.ts', 90],
  ['shared/domain/order/order.ts', undefined, 'shared/domain/**/*.test.ts', 90],
  ['shared/store/codec.ts', undefined, 'shared/store/!(cloudbase).test.ts', 90],
  ['shared/store/cloudbase.ts', undefined, 'shared/store/cloudbase.test.ts', undefined],
  [
    'shared/gateway/apiV3/crypto/sign.ts',
    undefined,
    'shared/gateway/apiV3/crypto/**/*.test.ts',
    90,
  ],
  ['shared/gateway/apiV3/client.ts', undefined, 'shared/gateway/apiV3/**/*.test.ts', undefined],
  ['shared/gateway/cloudPay', undefined, 'shared/gateway/cloudPay/**/*.test.ts', undefined],
])('what is named belongs to the room around it: %s', (given, path = given, tests, scoreMin) => {
  const [room] = roomsOf([given]);
  expect(room).toEqual({ path, tests, ...(scoreMin ? { scoreMin } : {}) });
});

test.each(['shared', 'shared/domains', 'functions'])('%s is measured by none', (given) => {
  expect(() => roomsOf([given])).toThrow(`${given} is in none of shared/domain`);
});

test('no test is mutated, nor twice what has a line of its own', () => {
  const tests = '!**/*.{test,contract}.ts';
  const patterns = roomsOf([
    'shared/gateway/apiV3',
    'shared/gateway/apiV3/keys',
    'shared/store',
  ]).map(patternsOf);
  expect(patterns).toEqual([
    ['shared/gateway/apiV3/**/*.ts', tests, '!shared/gateway/apiV3/crypto/**/*.ts'],
    ['shared/gateway/apiV3/keys/**/*.ts', tests],
    ['shared/store/**/*.ts', tests, '!shared/store/cloudbase.ts'],
  ]);
});

test('a mutant counts unless it was left out; one that no test reached has survived', () => {
  const place = { start: { line: 2, column: 8 }, end: { line: 2, column: 13 } };
  const mutant = (status: string, mutatorName = 'ConditionalExpression') => ({
    status,
    mutatorName,
    replacement: 'true',
    location: place,
  });
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'];
  const mutants = statuses.map((status) => mutant(status));
  const source = 'pay();\nreturn a < b;\n';
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  try {
    const file = join(folder, 'report.json');
    writeFileSync(file, JSON.stringify({ files: { 'a.ts': { source, mutants } } }));
    expect(scoreOf(file)).toEqual({
      mutants: 4,
      killed: 2,
      timedOut: 1,
      percent: 50,
      survivors: [
        'a.ts:2:8  ConditionalExpression  a < b  →  true',
        'a.ts:2:8  no test  a < b  →  true',
      ],
    });
    const known = join(folder, 'known.json');
    keepKilled(file, known);
    expect(scoreOf(known)).toMatchObject({ mutants: 1, killed: 1, survivors: [] });
    keepKilled(join(folder, 'none.json'), known);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const literal = (value: string) => ({ type: 'StringLiteral', value });
const error = { type: 'NewExpression', callee: { name: 'StoreError' } };

test.each([
  ['a code is mutated', literal('ORDERPAID'), { type: 'ReturnStatement' }, false],
  ['a code in an error is mutated', literal('STORE_REFUSED'), error, false],
  ['the message of an error is not', literal('too many conflicts'), error, true],
  ['what has Chinese in it is not', literal('订单'), { type: 'ReturnStatement' }, true],
  ['no other code is left out', { type: 'BinaryExpression' }, error, false],
])('%s', (_what, node, parent, isLeftOut) => {
  const texts = strykerPlugins.map(({ value }) => value.shouldIgnore({ node, parent }));
  expect(texts.map((reason) => reason !== undefined)).toEqual([isLeftOut]);
});
