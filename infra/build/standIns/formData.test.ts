import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import FormData from './formData.ts';

// The very package that the SDK requires.
const sdk = createRequire(createRequire(import.meta.url).resolve('@cloudbase/node-sdk'));
const Packaged = sdk('form-data') as new () => FormData & { setBoundary(boundary: string): void };

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\r\n', null, undefined, 0, -1.5),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
const name = fc.oneof(fc.string(), fc.constantFrom('a"b', 'a\r\nb', 'requestData'));

test('a form is written as the package writes it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (fields) => {
      const form = new FormData();
      const packaged = new Packaged();
      packaged.setBoundary(form.getBoundary());
      for (const [field, given] of fields) {
        form.append(field, given);
        packaged.append(field, given);
      }
      expect(form.getHeaders()).toEqual(packaged.getHeaders());
      expect(form.getBuffer().equals(packaged.getBuffer())).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('every form has a boundary of its own, as long as the package’s', () => {
  const boundaries = [new FormData(), new FormData()].map((form) => form.getBoundary());
  expect(new Set(boundaries).size).toBe(2);
  expect(boundaries[0]).toHaveLength(new Packaged().getBoundary().length);
});

test.each([[{}], [[]], [process.stdin], [new Date()], [true], [1n]].map(([one]) => [one]))(
  'a value that the package would stream or refuse is refused: %s',
  (one) => {
    const append = () => new FormData().append('file', one);
    expect(append).toThrow('was left out of this bundle');
  },
);
