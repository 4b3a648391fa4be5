import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EJSON } from './ejson.ts';

// The very package that the SDK requires, two folders below ours.
const sdk = createRequire(createRequire(import.meta.url).resolve('@cloudbase/node-sdk'));
const database = createRequire(sdk.resolve('@cloudbase/database'));
const { EJSON: packaged } = database('bson') as typeof import('bson');

const key = fc
  .string()
  .filter(
    (name) =>
      !name.startsWith('$') && !name.includes('\0') && name !== '_bsontype' && name !== '__proto__',
  );
const { document } = fc.letrec((tie) => ({
  value: fc.oneof(
    { withCrossShrink: true },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.maxSafeInteger(),
    // At 2^63 the package itself reads another sign than it wrote.
    fc.double().filter((number) => Math.abs(number) !== 2 ** 63),
    fc.constantFrom(
      -0,
      0x7fffffff,
      0x80000000,
      -0x80000000,
      -0x80000001,
      2 ** 62,
      2 ** 64,
      -(2 ** 62),
    ),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('document'),
  ),
  document: fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
}));

test('documents are written as the package writes them, and read as it reads them', () => {
  fc.assert(
    fc.property(document, (value) => {
      const text = EJSON.stringify(value);
      expect(text).toBe(packaged.stringify(value as object, { relaxed: false }));
      expect(EJSON.parse(text)).toEqual(packaged.parse(text));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '{"$date":"2026-11-24T02:00:00Z"}',
  '{"$date":{"$numberLong":"1795485600000"}}',
  '{"$date":{"$numberLong":"-1"}}',
  '{"$date":1795485600000}',
  '{"$numberDouble":"NaN"}',
  '{"$numberDouble":"-Infinity"}',
  '{"$numberLong":"9007199254740991"}',
  '{"$undefined":true}',
  '{"a":[1,2.5,{"b":{"$numberInt":"-7"}}]}',
])('an answer with %s is read as the package reads it', (text) => {
  expect(EJSON.parse(text)).toEqual(packaged.parse(text));
});

test.each([
  '{"$binary":{"base64":"AA==","subType":"00"}}',
  '{"$numberDecimal":"0.10"}',
  '{"a":{"$oid":"no id"}}',
  '{"$ref":"x","$id":1}',
])('a value of another kind stays as it is, and costs no other document: %s', (text) => {
  expect(EJSON.parse(text)).toEqual(JSON.parse(text));
});
