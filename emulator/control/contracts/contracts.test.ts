import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { refusals } from '../../../shared/contract/refusals.ts';
import { contractCalls } from '../api/contracts.ts';
import { describeContracts } from './contracts.ts';
import { inputsOf } from './inputFields.ts';

const described = describeContracts();
const fieldsOf = (name: string) => {
  const { inputs = [] } = described.find((each) => each.name === name) ?? {};
  return inputs.flat();
};

test('every function is described, as the control API says', () => {
  expect(described).toHaveLength(12);
  const { answer } = contractCalls['GET /_local/contracts'];
  expect(answer.safeParse(described).error).toBeUndefined();
});

test('every field of every contract has a meaning in both languages', () => {
  const all = described.flatMap(({ name, inputs, answer }) =>
    [...inputs.flat(), ...answer].map((field) => ({ of: `${name}.${field.name}`, ...field })),
  );
  expect(all.length).toBeGreaterThan(150);
  expect(all.filter(({ meaning: { zh } }) => !/\p{Script=Han}|…/u.test(zh))).toEqual([]);
  expect(all.filter(({ meaning: { en } }) => en === '' || /\p{Script=Han}/u.test(en))).toEqual([]);
  const words = all.flatMap((field) => field.words);
  expect(words.filter(({ meaning }) => meaning?.zh === '')).toEqual([]);
});

test('a field without a meaning is seen', () => {
  const [[field] = []] = inputsOf(z.strictObject({ newField: z.string() }), {});
  expect(field).toMatchObject({ name: 'newField', meaning: { zh: '', en: '' } });
});

test.each([
  [
    'unifiedOrder',
    'outTradeNo',
    'text',
    ['6-32 位数字、字母、_-|* (6 to 32 of digits, letters, _-|*)'],
  ],
  [
    'unifiedOrder',
    'timeExpire',
    'text',
    ['应为北京时间 yyyyMMddHHmmss (Beijing time, yyyyMMddHHmmss)'],
  ],
  ['unifiedOrder', 'request', 'any', ['最多 4096 字节的 JSON (at most so many bytes of JSON)']],
  [
    'unifiedOrder',
    'attach',
    'text',
    [
      '不能为空 (must not be empty)',
      '最多 512 个字符 (at most 512 characters)',
      '不支持表情或控制字符 (no emoji, no control characters)',
      '最多 127 字节 (at most 127 bytes)',
    ],
  ],
  [
    'refund',
    'refundFee',
    'number',
    [
      '应为整数分 (a whole number of fen)',
      '至少 1 分 (at least 1 fen)',
      '不超过 2147483647 分 (at most 2147483647 fen)',
    ],
  ],
])('%s: %s is %s, and its limits are those of its schema', (name, field, kind, limits) => {
  expect(fieldsOf(name).find((each) => each.name === field)).toMatchObject({ kind, limits });
});

test('forms, words, defaults and inner fields are those of the schema', () => {
  const forms = described.find(({ name }) => name === 'decideOrder')?.inputs ?? [];
  expect(forms.map(([decision]) => decision?.words.map(({ word }) => word))).toEqual([
    ['acceptPayment'],
    ['refundPayment'],
    ['leave'],
    ['giveUpRefund'],
    ['redeliver'],
  ]);
  const of = (name: string, field: string) => fieldsOf(name).find((each) => each.name === field);
  expect(of('downloadBill', 'billType')).toMatchObject({ initial: 'ALL', isAlways: false });
  expect(of('closeOrder', 'outTradeNo')).toMatchObject({ isAlways: true });
  expect(of('refund', 'abnormal.type')).toMatchObject({
    isAlways: true,
    words: [{ word: 'MERCHANT_BANK_CARD' }, { word: 'USER_BANK_CARD' }],
  });
  expect(of('refund', 'abnormal.realName')).toMatchObject({ isAlways: false });
});

/** Finds the codes of refusals in all that a function's source imports. */
function codesReachableFrom(name: string): Set<string> {
  const seen = new Set<string>();
  const todo = [`functions/${name}/index.ts`];
  const found = new Set<string>();
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (seen.has(path) || !existsSync(path)) continue;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    const isCatalogue = path === 'shared/contract/refusals.ts';
    const codes = isCatalogue ? [] : text.matchAll(/'([A-Z][A-Z_]+)'/g);
    for (const [, code = ''] of codes) found.add(code);
    for (const [, to = ''] of text.matchAll(/ from '(\.[^']+)'/g)) todo.push(join(path, '..', to));
  }
  return found;
}

test('a function refuses only by codes that its source can reach', () => {
  for (const { name, refusals: listed } of described) {
    const reachable = codesReachableFrom(name);
    expect([name, listed.filter(({ code }) => !reachable.has(code))]).toEqual([name, []]);
  }
});

test('every refusal of the catalogue is one of some function', () => {
  const listed = new Set(described.flatMap((each) => each.refusals.map(({ code }) => code)));
  expect(Object.keys(refusals).filter((code) => !listed.has(code))).toEqual([]);
});
