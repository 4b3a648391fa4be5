import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOfMessage, readEventsKeys, type SignedMessage, signMessage } from './signature.ts';

const now = new Date('2026-11-30T12:00:00.900Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const keyOf = (bytes: number, fill: number) =>
  `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`;
const newest = keyOf(32, 1);
const older = keyOf(32, 2);
const keys = readEventsKeys(`${newest},${older}`);
const message = { id: 'COFFEE0001.3', body: '{"type":"order.paid","data":{"attach":"一杯咖啡"}}' };
const signed = signMessage(keys, message, now);
const fault = (change: object = {}, at = now, by = keys) =>
  faultOfMessage(by, { ...signed, ...change }, at);

// The example of the specification's own libraries.
test('the signature is the one that Standard Webhooks computes', () => {
  const [key] = readEventsKeys('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const { 'webhook-signature': signature } = signMessage(
    key ? [key] : [],
    { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' },
    new Date(1_614_265_330_000),
  );
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

describe('keys', () => {
  test('are replaced one by one: whoever has the old or the new one verifies', () => {
    expect(signed['webhook-signature'].split(' ')).toHaveLength(2);
    expect(fault({}, now, readEventsKeys(older))).toBeUndefined();
    expect(fault({}, now, readEventsKeys(newest))).toBeUndefined();
    expect(fault({}, now, readEventsKeys(`${keyOf(24, 9)}, ${older}`))).toBeUndefined();
    expect(fault({}, now, readEventsKeys(keyOf(32, 3)))).toBe('signature_wrong');
  });

  test.each([
    ['none', '', 'whsec_'],
    ['without its prefix', newest.slice(6), 'whsec_'],
    ['of 23 bytes', keyOf(23, 1), '23'],
    ['of 65 bytes', keyOf(65, 1), '65'],
    ['that is no base64', `whsec_${'%'.repeat(44)}`, 'base64'],
    ['with a letter too many', `${newest.slice(0, -1)}A=`, 'base64'],
    ['in the alphabet of addresses', newest.replace(/A/, '-'), 'base64'],
    ['cut short', newest.slice(0, -2), 'base64'],
    ['with a line end in it', `${newest.slice(0, 20)}\n${newest.slice(20)}`, 'base64'],
    ['as a second one that is wrong', `${newest},whsec_AAAA`, 'key 2'],
    ['as three', `${newest},${older},${keyOf(24, 3)}`, 'two'],
    ['with nothing after the comma', `${newest},`, 'key 2'],
  ])('%s: refused, and the text holds no part of a key', (_what, text, says) => {
    let refusal = '';
    try {
      readEventsKeys(text);
    } catch (error) {
      refusal = String(error);
    }
    expect(refusal).toContain('WXPAY_EVENTS_KEY');
    expect(refusal).toContain(says);
    expect(refusal).not.toContain('AQEBAQEB');
  });

  test.each([24, 32, 64])('of %i bytes are taken', (bytes) => {
    expect(readEventsKeys(keyOf(bytes, 7))).toEqual([Buffer.alloc(bytes, 7)]);
  });
});

describe('a message', () => {
  const without = (key: keyof SignedMessage) => ({ [key]: undefined });
  test.each([
    ['as it was sent', {}, 0, undefined],
    ['at the end of its five minutes', {}, 299_100, undefined],
    ['after them', {}, 300_101, 'timestamp_too_old'],
    ['five minutes early', {}, -300_900, undefined],
    ['earlier than that', {}, -300_901, 'timestamp_too_new'],
    ['with a newer time', { 'webhook-timestamp': '1796040001' }, 0, 'signature_wrong'],
    ['with another id', { 'webhook-id': 'COFFEE0001.4' }, 0, 'signature_wrong'],
    ['with a blank more', { body: `${message.body} ` }, 0, 'signature_wrong'],
    ['with its parts shifted', { 'webhook-id': 'COFFEE0001' }, 0, 'signature_wrong'],
    ['without id', without('webhook-id'), 0, 'headers_missing'],
    ['without time', without('webhook-timestamp'), 0, 'headers_missing'],
    ['without signature', without('webhook-signature'), 0, 'headers_missing'],
    ['without body', without('body'), 0, 'headers_missing'],
    ['whose body is no text', { body: { type: 'order.paid' } }, 0, 'headers_missing'],
    ['whose time is no number', { 'webhook-timestamp': 'soon' }, 0, 'timestamp_malformed'],
    ['whose time has a sign', { 'webhook-timestamp': '-1' }, 0, 'timestamp_malformed'],
    ['whose time is broken', { 'webhook-timestamp': '1796040000.5' }, 0, 'timestamp_malformed'],
    ['with a signature of another kind', { 'webhook-signature': 'v1a,AAAA' }, 0, 'signature_wrong'],
    ['with an empty signature', { 'webhook-signature': 'v1,' }, 0, 'signature_wrong'],
  ] as const)('%s: %s', (_what, change, ms, verdict) => {
    expect(fault(change, later(ms))).toBe(verdict);
  });

  test('with signatures of other kinds and keys beside ours is taken', () => {
    const own = signed['webhook-signature'].split(' ').at(-1);
    expect(fault({ 'webhook-signature': `v1a,AAAA v1,AAAA junk ${own}` })).toBeUndefined();
  });

  test('is refused once any one of its characters is another', () => {
    const fields = ['webhook-id', 'webhook-timestamp', 'body'] as const;
    const character = fc.string({ minLength: 1, maxLength: 1 });
    const change = fc.record({ field: fc.constantFrom(...fields), at: fc.nat(), to: character });
    fc.assert(
      fc.property(change, ({ field, at, to }) => {
        const text = signed[field];
        const place = at % text.length;
        const changed = text.slice(0, place) + to + text.slice(place + 1);
        fc.pre(changed !== text);
        expect(fault({ [field]: changed })).toBeDefined();
      }),
    );
  });

  test('no shift of the boundaries between id, time and body makes another message', () => {
    const text = [signed['webhook-id'], signed['webhook-timestamp'], signed.body].join('.');
    const dots = [...text.matchAll(/\./g)].map(({ index }) => index);
    const taken = dots.flatMap((first) =>
      dots
        .filter((second) => second > first)
        .map((second) => ({
          'webhook-id': text.slice(0, first),
          'webhook-timestamp': text.slice(first + 1, second),
          body: text.slice(second + 1),
        }))
        .filter((shifted) => fault(shifted) === undefined),
    );
    expect(taken).toEqual([expect.objectContaining({ body: signed.body })]);
  });

  test('of a stranger with any key of his own is refused', () => {
    const strangers = signMessage([randomBytes(32)], message, now);
    expect(faultOfMessage(keys, strangers, now)).toBe('signature_wrong');
  });
});
