import fc from 'fast-check';
import { expect, test } from 'vitest';
import aead from '../../../../tests/vectors/v3-aead.json' with { type: 'json' };
import { open, seal } from './aead.ts';

const boxes = aead.vectors.map(({ id, input, expected }) => {
  const listed = input.response_body
    ? JSON.parse(input.response_body).data[0].encrypt_certificate
    : input;
  const { ciphertext, nonce, associated_data: associatedData } = listed;
  return { id, key: Buffer.from(input.key), box: { ciphertext, nonce, associatedData }, expected };
});

test.each(boxes)('$id: opens or is refused as known', ({ key, box, expected }) => {
  const opened = open(box, key);
  if (expected.fails) expect(opened).toBeUndefined();
  else expect(opened?.toString().trim()).toBe(expected.plaintext!.trim());
});

const key = Buffer.alloc(32, 7);
const nonce = 'fG1l57vn9BCX';

test('whatever is sealed opens again, and with nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, data) => {
      const plaintext = Buffer.from(text);
      const sealed = seal(plaintext, key, nonce, data);
      expect(open(sealed, key)).toEqual(plaintext);
      expect(open(sealed, Buffer.alloc(32, 8))).toBeUndefined();
      expect(open({ ...sealed, associatedData: `${data}.` }, key)).toBeUndefined();
      expect(open({ ...sealed, nonce: 'fG1l57vn9BCY' }, key)).toBeUndefined();
    }),
  );
});

test('no bit of a box can be changed: an amount stays what it was', () => {
  const sealed = seal('{"amount":{"total":1}}', key, nonce, 'transaction');
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(open({ ...sealed, ciphertext: changed.toString('base64') }, key)).toBeUndefined();
  }
});

test.each([
  ['a tag cut short', (text: string) => Buffer.from(text, 'base64').subarray(0, -4)],
  ['the tag alone cut short', (text: string) => Buffer.from(text, 'base64').subarray(0, 15)],
  ['nothing', () => Buffer.alloc(0)],
])('a box with %s is none', (_, cut) => {
  const sealed = seal('x', key, nonce, '');
  const ciphertext = cut(sealed.ciphertext).toString('base64');
  expect(open({ ...sealed, ciphertext }, key)).toBeUndefined();
});

// GCM takes tags of these lengths too; each byte less makes a forgery 256 times as likely.
test.each([15, 12, 8, 4])('a true tag of %d bytes alone opens nothing', (length) => {
  const sealed = seal('', key, nonce, '');
  const ciphertext = Buffer.from(sealed.ciphertext, 'base64')
    .subarray(0, length)
    .toString('base64');
  expect(open(sealed, key)).toEqual(Buffer.alloc(0));
  expect(open({ ...sealed, ciphertext }, key)).toBeUndefined();
});

test('a box in another spelling of base64 is none', () => {
  const sealed = seal('x', key, nonce, '');
  for (const ciphertext of [
    `${sealed.ciphertext}\n`,
    ` ${sealed.ciphertext}`,
    `${sealed.ciphertext}=`,
  ]) {
    expect(open({ ...sealed, ciphertext }, key)).toBeUndefined();
  }
});

test.each([0, 15, 16, 24, 31, 33])(
  'a key of %d bytes opens nothing and throws nothing',
  (length) => {
    expect(open(seal('x', key, nonce, ''), Buffer.alloc(length))).toBeUndefined();
  },
);

test.each([8, 11, 13, 32])('a nonce of %d characters is none of WeChat’s', (length) => {
  expect(open(seal('x', key, 'n'.repeat(length), ''), key)).toBeUndefined();
});
