import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEventsKeys, signMessage } from '../../shared/contract/event/signature.ts';
import { openDelivery } from '../../shared/merchant/merchant.ts';

/** A library that others verify and sign Standard Webhooks with. */
interface Receiver {
  /** Throws what it does not accept. */
  verify(key: string, headers: Record<string, string>, body: string): unknown;
  sign(key: string, id: string, at: Date, body: string): string;
}

const load = createRequire(import.meta.url);
const { receivers } = load('./webhookReceivers.cjs') as { receivers: Record<string, Receiver> };
const newKey = () => `whsec_${randomBytes(32).toString('base64')}`;
const newest = newKey();
const older = newKey();
const foreign = newKey();
const event = (attach: string) => ({
  type: 'order.paid',
  timestamp: '2026-11-30T12:00:00.000Z',
  data: { payloadVersion: 1, outTradeNo: 'COFFEE0001', attach },
});
const id = 'COFFEE0001.1';
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

describe.each(Object.entries(receivers))('%s', (_name, receiver) => {
  const signed = (attach = '咖啡 ☕', at = new Date(), keys = `${newest},${older}`) => {
    const body = JSON.stringify(event(attach));
    const { body: _, ...headers } = signMessage(readEventsKeys(keys), { id, body }, at);
    return { headers, body };
  };

  test.each([
    ['the newest key', newest],
    ['the older one, while it is replaced', older],
  ])('accepts our deliveries by %s, whatever they hold', (_which, key) => {
    const anything = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(anything, (attach) => {
        const { headers, body } = signed(attach);
        expect(() => receiver.verify(key, headers, body)).not.toThrow();
      }),
    );
  });

  test.each<[string, () => unknown]>([
    ['a changed body', () => receiver.verify(newest, signed().headers, `${signed().body} `)],
    [
      'another id',
      () => receiver.verify(newest, { ...signed().headers, 'webhook-id': 'X.1' }, signed().body),
    ],
    [
      'another time',
      () => {
        const later = String(Math.floor(Date.now() / 1000) + 30);
        return receiver.verify(
          newest,
          { ...signed().headers, 'webhook-timestamp': later },
          signed().body,
        );
      },
    ],
    [
      'an old one',
      () => {
        const { headers, body } = signed('', minutes(-6));
        return receiver.verify(newest, headers, body);
      },
    ],
    [
      'one of the future',
      () => {
        const { headers, body } = signed('', minutes(6));
        return receiver.verify(newest, headers, body);
      },
    ],
    [
      'a foreign one',
      () => {
        const { headers, body } = signed('', new Date(), foreign);
        return receiver.verify(newest, headers, body);
      },
    ],
  ])('refuses %s', (_which, verify) => {
    expect(verify).toThrow();
  });

  test('signs what the merchant’s file accepts, which refuses all else', () => {
    const at = new Date();
    const body = JSON.stringify(event('咖啡 ☕'));
    const message = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': receiver.sign(older, id, at, body),
      body,
    };
    const keys = `${newest},${older}`;
    expect(openDelivery(message, { keys })).toEqual(event('咖啡 ☕'));
    expect(() => openDelivery({ ...message, body: `${body} ` }, { keys })).toThrow(
      'signature_wrong',
    );
    expect(() => openDelivery(message, { keys: foreign })).toThrow('signature_wrong');
    expect(() => openDelivery(message, { keys, now: minutes(6) })).toThrow('timestamp_too_old');
    expect(() => openDelivery(message, { keys, now: minutes(-6) })).toThrow('timestamp_too_new');
  });
});
