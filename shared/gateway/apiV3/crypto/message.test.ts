import { expect, test } from 'vitest';
import canonical from '../../../../tests/vectors/v3-canonical.json' with { type: 'json' };
import signed from '../../../../tests/vectors/v3-sign.json' with { type: 'json' };
import { answerMessage, authorizationHeader, paymentMessage, requestMessage } from './message.ts';

test.each(canonical.vectors)('$id: what is signed for a request', ({ input, expected }) => {
  const { method, absolute_url, timestamp, nonce, body } = input;
  const { pathname, search } = new URL(absolute_url);
  const path = `${pathname}${search}`;
  expect(requestMessage({ method, path, timestamp, nonce, body })).toBe(expected.message);
});

test('the official order request, from its parts to the Authorization header', () => {
  const { input, expected } = signed.vectors[0]!;
  const { method = '', url = '', timestamp = '', nonce = '', body = '' } = input;
  const message = requestMessage({ method, path: url, timestamp, nonce, body });
  expect(message).toBe(input.message);
  const fields = expected.authorization_fields!;
  expect(
    authorizationHeader({
      mchid: fields.mchid,
      serialNo: fields.serial_no,
      nonce: fields.nonce_str,
      timestamp: fields.timestamp,
      signature: fields.signature,
    }),
  ).toBe(
    `${expected.scheme} mchid="1900007291",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",` +
      `timestamp="1554208460",serial_no="408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB",` +
      `signature="${expected.signature}"`,
  );
});

test('an answer is signed over its raw bytes, whatever they are', () => {
  const body = Buffer.from([0xff, 0x00, 0x0a]);
  const message = answerMessage('1', 'n', body);
  expect(message.toString('latin1')).toBe('1\nn\n\xff\x00\n\n');
});

test('an empty answer still ends its line', () => {
  expect(answerMessage('1', 'n', Buffer.alloc(0)).toString()).toBe('1\nn\n\n');
});

test('a payment is signed in four lines', () => {
  expect(paymentMessage('wx1', '1', 'n', 'prepay_id=a')).toBe('wx1\n1\nn\nprepay_id=a\n');
});
