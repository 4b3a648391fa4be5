import { expect, test, vi } from 'vitest';
import { faultOfMessage, type SignedMessage } from '../contract/event/signature.ts';
import { createChannels, type MerchantOptions } from './channels.ts';
import { createQuotes } from './quotes.ts';

const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const now = new Date('2026-11-30T12:00:00Z');
const options: MerchantOptions = {
  keys,
  fulfilFunction: 'ship',
  isLocal: false,
};
const message = { id: 'COFFEE0001.1', body: '{"type":"order.paid"}' };

function channelsWith(change: Partial<MerchantOptions> = {}) {
  const callFunction = vi.fn(async (_name: string, _data: object, _timeoutMs: number) => ({
    errCode: 0,
  }));
  const deps = {
    callFunction,
    now: () => now,
    randomBytes: (count: number) => Buffer.alloc(count, 7),
  };
  const given = { ...options, ...change };
  return {
    callFunction,
    channels: createChannels(given, deps),
    askPrice: createQuotes({ keys: given.keys, quoteFunction: 'askPrice' }, deps),
  };
}

test('events and quotes go to the functions by name, signed with every key', async () => {
  const { callFunction, channels, askPrice } = channelsWith();
  expect(await channels.deliver('function', message, 1000)).toEqual({ kind: 'accepted' });
  expect(await askPrice('{"type":"quote.request"}', 500)).toMatchObject({ kind: 'answered' });
  const calls = callFunction.mock.calls.map(([name, data, timeoutMs]) => {
    const event = data as SignedMessage;
    for (const key of keys) expect(faultOfMessage([key], event, now)).toBeUndefined();
    return [name, event['webhook-id'], event.body, timeoutMs];
  });
  expect(calls).toEqual([
    ['ship', message.id, message.body, 1000],
    ['askPrice', `quote.${'07'.repeat(16)}`, '{"type":"quote.request"}', 500],
  ]);
});

test('there is a channel to an address only where one is set', async () => {
  const { channels } = channelsWith();
  expect(channels.channels).toEqual(['function']);
  const missing = { kind: 'refused', reason: 'EVENTS_URL_MISSING' };
  expect(await channels.deliver('url', message, 1000)).toEqual(missing);
  const both = channelsWith({ eventsUrl: 'https://shop.example.com/' }).channels;
  expect(both.channels).toEqual(['function', 'url']);
});

test.each([
  [false, 'https://127.0.0.1/', 'ADDRESS_NOT_PUBLIC'],
  [false, 'http://127.0.0.1/', 'SCHEME_NOT_ALLOWED'],
  [true, 'https://127.0.0.1/', 'SCHEME_NOT_ALLOWED'],
  [true, 'http://10.0.0.1/', 'ADDRESS_NOT_PUBLIC'],
])('in a local cloud (%s) %s is refused: %s', async (isLocal, eventsUrl, reason) => {
  const { channels } = channelsWith({ isLocal, eventsUrl });
  expect(await channels.deliver('url', message, 1000)).toEqual({ kind: 'refused', reason });
});

test('nothing is sent without a key', async () => {
  const { callFunction, channels, askPrice } = channelsWith({ keys: [] });
  const reason = 'EVENTS_KEY_MISSING';
  expect(channels.channels).toEqual([]);
  expect(await channels.deliver('function', message, 1000)).toEqual({ kind: 'refused', reason });
  expect(await askPrice('{}', 1000)).toEqual({ kind: 'unsigned' });
  expect(callFunction).not.toHaveBeenCalled();
});
