import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Signing, sign } from './signature.ts';

// The very package that the SDK requires.
const sdk = createRequire(createRequire(import.meta.url).resolve('@cloudbase/node-sdk'));
const packaged = sdk('@cloudbase/signature-nodejs') as {
  sign(options: Signing & { withSignedParams: true }): ReturnType<typeof sign>;
};

const word = fc.string({
  unit: fc.constantFrom(...'abyzABYZ0189_-', ' ', '.', '%', '*', '支'),
  minLength: 1,
  maxLength: 8,
});
const plain = fc.string({ unit: fc.constantFrom(...'abc019_-'), minLength: 1, maxLength: 6 });
const name = fc
  .oneof({ weight: 4, arbitrary: plain }, word)
  .filter((text) => text.trim() !== '' && !['content-type', 'host'].includes(text.toLowerCase()));
const text = fc.string({ unit: 'binary', maxLength: 12 });
const value = fc.oneof(
  text,
  fc.constantFrom('', undefined, null, 0, -1, 1.5, true, false),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  fc.dictionary(plain, fc.integer(), { maxKeys: 3, noNullPrototype: true }),
  fc.array(text, { maxLength: 3 }),
);
const params = fc.dictionary(name, value, { maxKeys: 8, noNullPrototype: true });
const moreHeaders = fc.dictionary(name, fc.oneof(text, fc.integer()), {
  maxKeys: 6,
  noNullPrototype: true,
});
const kind = fc.constantFrom(
  'application/json',
  'application/json; Charset=utf-8',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
);
const place = fc.constantFrom('/web', '/web?env=shop-1a2b3c&seqId=1', '/admin?a=%E6%94%AF', '');

const request = fc.record({
  secretId: plain,
  secretKey: text,
  method: fc.constantFrom('post', 'POST', 'get'),
  url: place.map((path) => `https://tcb-api.tencentcloudapi.com${path}`),
  params,
  headers: fc.tuple(moreHeaders, kind).map(([more, type]) => ({
    ...more,
    'content-type': type,
    Host: 'tcb-api.tencentcloudapi.com',
  })),
  timestamp: fc.integer({ min: 1, max: 4_000_000_000 }),
});

test('requests are signed as the package signs them', () => {
  fc.assert(
    fc.property(request, (given) => {
      const { authorization, timestamp } = packaged.sign({ ...given, withSignedParams: true });
      expect(sign(given)).toEqual({ authorization, timestamp });
    }),
    { numRuns: 3000 },
  );
});
