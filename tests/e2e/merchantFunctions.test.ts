import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { buildMerchantFile } from '../../infra/build/build.ts';
import type { DeliveryBody } from '../../shared/contract/event/delivery.ts';
import { readEventsKeys, signMessage } from '../../shared/contract/event/signature.ts';
import { type MerchantConfig, readConfig } from '../../shared/runtime/config.ts';
import { systemClock, systemRandom } from '../../shared/runtime/system.ts';
import { wireMerchant } from '../../shared/runtime/wiring/merchant/merchant.ts';
import { wireQuotes } from '../../shared/runtime/wiring/merchant/quotes.ts';
import { openLocalCloud } from '../support/localCloud.ts';

const PAYER = 'oPayer0001';
let cloud: LocalCloud;
beforeAll(async () => {
  // Without the platform's rules: the functions themselves have to hold.
  cloud = await openLocalCloud({ LOCAL_DEMO_GOODS: '1', LOCAL_FUNCTION_RULES: 'off' });
});
afterAll(() => cloud.close());
beforeEach(async () => void (await fetch(`${cloud.url}/_local/reset`, { method: 'POST' })));

type Answer = Record<string, unknown>;

/** Calls as a client of the mini program does. */
async function callAsClient(of: LocalCloud, name: string, data: unknown) {
  const answer = await fetch(`${of.url}/_local/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ name, data, openid: PAYER }),
  });
  return (await answer.json()) as { result?: Answer; error?: { code: string } };
}

/** Calls as a function of ours does, started by a client. */
async function callAsBackend(name: string, event: unknown): Promise<Answer> {
  const { result, error } = await cloud.runner.invoke(name, event, {
    kind: 'function',
    chain: 'wx_client,scf',
    openid: PAYER,
  });
  if (error) throw new Error(error.message);
  return result as Answer;
}

const foreignKeys = [Buffer.alloc(32, 9)];
const keyOf = (of: LocalCloud) => readEventsKeys(of.environment().WXPAY_EVENTS_KEY ?? '');
function signed(body: object, keys = keyOf(cloud), at = new Date()) {
  return signMessage(keys, { id: 'COFFEE0001.1', body: JSON.stringify(body) }, at);
}

const timestamp = '2026-11-30T12:00:00.000Z';
const data: DeliveryBody['data'] = {
  payloadVersion: 1,
  eventId: 'COFFEE0001.1',
  seq: 1,
  outTradeNo: 'COFFEE0001',
  purchaseId: `${PAYER}.cart-7`,
  openid: PAYER,
  transactionId: '4200000001',
  mchid: '1900000109',
  body: '拿铁咖啡 × 2',
  totalFee: 3980,
  state: 'paid',
};
const paid: DeliveryBody = { type: 'order.paid', timestamp, data };
const purchases = () => cloud.cloudbase.documents('purchases') as Answer[];
const deliver = (delivery: object) => callAsBackend('fulfilOrder', signed(delivery));
const quote = (request: unknown) =>
  callAsBackend(
    'quoteOrder',
    signed({ type: 'quote.request', timestamp, data: { openid: PAYER, request } }),
  );

describe('fulfilOrder', () => {
  const sixMinutes = 6 * 60_000;
  test.each<[string, () => unknown]>([
    ['the bare event', () => paid],
    ['an event signed with another key', () => signed(paid, foreignKeys)],
    ['a signed event with another body', () => ({ ...signed(paid), body: '{}' })],
    [
      'a signed event of six minutes ago',
      () => signed(paid, undefined, new Date(Date.now() - sixMinutes)),
    ],
    ['nothing', () => undefined],
  ])('does nothing for a client that calls it with %s', async (_what, forged) => {
    const { result } = await callAsClient(cloud, 'fulfilOrder', forged());
    expect(result).toMatchObject({ errCode: 'SIGNATURE_REFUSED' });
    expect(purchases()).toEqual([]);
  });

  test('marks a purchase exactly once, however often it is delivered, and at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => deliver(paid)));
    expect(new Set(answers.map(({ errCode }) => errCode))).toEqual(new Set([0]));
    const [first] = purchases();
    expect(purchases()).toHaveLength(1);
    expect(first).toMatchObject({ _id: data.purchaseId, openid: PAYER, totalFee: 3980 });
    const second = { ...data, outTradeNo: 'COFFEE0002', eventId: 'COFFEE0002.1' };
    expect(await deliver({ ...paid, data: second })).toEqual({ errCode: 0 });
    expect(purchases()).toEqual([first]);
  });

  test('marks what was refunded, and fulfils nothing whose refund was delivered first', async () => {
    await deliver(paid);
    const refund: DeliveryBody = { ...paid, type: 'refund.success' };
    await deliver({ ...refund, data: { ...data, refundedFee: 1000 } });
    expect(purchases()).toMatchObject([{ refundedFee: 1000 }]);
    const whole = { outTradeNo: 'COFFEE0009', purchaseId: 'cart-9', refundedFee: 3980 };
    await deliver({ ...refund, data: { ...data, ...whole } });
    await deliver({ ...paid, data: { ...data, ...whole } });
    expect(purchases()).toHaveLength(1);
  });

  test('fulfils nothing of which money went back before it was delivered', async () => {
    expect(await deliver({ ...paid, data: { ...data, refundedExternally: true } })).toEqual({
      errCode: 0,
    });
    expect(purchases()).toEqual([]);
  });

  test.each<[string, Partial<DeliveryBody['data']>, object[]]>([
    [
      'more was paid than asked, and the excess went back',
      { paidFee: 7960, refundedFee: 3980 },
      [{ _id: data.purchaseId, refundedFee: 3980 }],
    ],
    ['less was paid than asked, and all of it went back', { paidFee: 1, refundedFee: 1 }, []],
  ])('of a purchase for which %s, what was paid decides', async (_what, more, fulfilled) => {
    expect(await deliver({ ...paid, data: { ...data, ...more } })).toEqual({ errCode: 0 });
    expect(purchases()).toMatchObject(fulfilled);
    expect(purchases()).toHaveLength(fulfilled.length);
  });

  test.each([
    'order.mismatch',
    'order.duplicate_payment',
    'order.refunded_externally',
    'order.closed',
  ])('takes %s, and fulfils nothing', async (type) => {
    expect(await deliver({ ...paid, type })).toEqual({ errCode: 0 });
    expect(purchases()).toEqual([]);
  });

  const failing = (kind: string) => {
    const fault = { at: 'cloudbase.insertDocument', kind, times: 1 };
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'PUT', headers, body: JSON.stringify([fault]) };
    return fetch(`${cloud.url}/_local/faults`, init);
  };

  test('says that an event did not arrive while the database fails', async () => {
    await failing('error');
    expect(await deliver(paid)).toMatchObject({ errCode: 'FAILED' });
    expect(purchases()).toEqual([]);
    expect(await deliver(paid)).toEqual({ errCode: 0 });
    expect(purchases()).toHaveLength(1);
  });

  test('marks a purchase once where the answer to that was lost', async () => {
    await failing('lost_answer');
    expect(await deliver(paid)).toMatchObject({ errCode: 'FAILED' });
    expect(purchases()).toHaveLength(1);
    expect(await deliver(paid)).toEqual({ errCode: 0 });
    expect(purchases()).toHaveLength(1);
  });
});

describe('quoteOrder', () => {
  test('takes the price from the price book, whatever the phone says', async () => {
    const request = { productId: 'latte', count: 2, totalFee: 1, price: 1, purchaseId: 'cart-7' };
    expect(await quote(request)).toEqual({
      errCode: 0,
      body: '拿铁咖啡 × 2',
      totalFee: 3980,
      purchaseId: `${PAYER}.cart-7`,
    });
    expect(await quote({ productId: 'sticker' })).toMatchObject({ totalFee: 1 });
  });

  test.each([
    ['left out', {}],
    ['null', { count: null, purchaseId: null }],
    ['empty', { count: '', purchaseId: '' }],
  ])('prices one, and no purchase, where number and purchase are %s', async (_what, more) => {
    expect(await quote({ productId: 'latte', ...more })).toEqual({
      errCode: 0,
      body: '拿铁咖啡 × 1',
      totalFee: 1990,
    });
  });

  test.each([
    ['what is not on sale', { productId: 'mooncake' }, 'NOT_ON_SALE'],
    ['what there is not', { productId: 'tea of nobody' }, 'NOT_ON_SALE'],
    ['a query in place of a number', { productId: { $ne: '' } }, 'REQUEST_WRONG'],
    ['half of one', { productId: 'latte', count: 0.5 }, 'REQUEST_WRONG'],
    ['less than none', { productId: 'latte', count: -1 }, 'REQUEST_WRONG'],
    ['too many', { productId: 'latte', count: 1e9 }, 'REQUEST_WRONG'],
    ['none at all', { productId: 'latte', count: 0 }, 'REQUEST_WRONG'],
    [
      'a purchase that every other object would be too',
      { productId: 'latte', purchaseId: {} },
      'REQUEST_WRONG',
    ],
    ['nothing', null, 'REQUEST_WRONG'],
  ])('refuses %s', async (_what, request, errCode) => {
    expect(await quote(request)).toMatchObject({ errCode, errMsg: expect.any(String) });
  });

  test('names no price to a client', async () => {
    const event = {
      type: 'quote.request',
      data: { openid: PAYER, request: { productId: 'latte' } },
    };
    const { result } = await callAsClient(cloud, 'quoteOrder', event);
    expect(result).toEqual({ errCode: 'SIGNATURE_REFUSED', errMsg: 'headers_missing' });
  });
});

describe.each(['closed', 'reset'] as const)('a thawed instance; its connections are %s', (how) => {
  beforeEach(() => cloud.runner.tokens.switches({ deadConnections: how }));

  test('of fulfilOrder takes a delivery at the first attempt', async () => {
    expect(await deliver(paid)).toEqual({ errCode: 0 });
    const second = { ...data, purchaseId: 'cart-8', eventId: 'COFFEE0002.1' };
    expect(await deliver({ ...paid, data: second })).toEqual({ errCode: 0 });
    expect(purchases()).toHaveLength(2);
  });

  test('of quoteOrder names a price', async () => {
    expect(await quote({ productId: 'latte' })).toMatchObject({ totalFee: 1990 });
    expect(await quote({ productId: 'latte' })).toMatchObject({ totalFee: 1990 });
  });
});

/** Runs a piece of JavaScript of the guide as it stands there, beside the merchant's file. */
async function runGuide(
  piece: number,
  { exports = {}, take, modules = {} }: { exports?: object; take?: unknown; modules?: object },
): Promise<void> {
  const guide = await readFile('docs/zh/merchant-functions.md', 'utf8');
  const code = [...guide.matchAll(/```js\n([\s\S]*?)```/g)][piece]?.[1] ?? '';
  const load = createRequire(import.meta.url);
  const known: Record<string, unknown> = {
    './merchant.js': load(await buildMerchantFile(process.cwd())),
    ...modules,
  };
  const requireBeside = (name: string) => known[name] ?? load(name);
  runInThisContext(`(function (require, exports, take) {${code}})`)(requireBeside, exports, take);
}

describe('through the real SDK', () => {
  const channelsWith = (more: Partial<MerchantConfig> = {}) => {
    Object.assign(process.env, cloud.environment());
    const config = readConfig('unifiedOrder', cloud.environment()).merchant;
    const channels = wireMerchant({ ...config, ...more }, systemClock);
    const askPrice = wireQuotes({ ...config, ...more }, systemClock, systemRandom);
    return { ...channels, askPrice };
  };
  const message = { id: data.eventId, body: JSON.stringify(paid) };

  test('the samples quote a price and take a delivery, by the key that both have', async () => {
    const channels = channelsWith();
    const body = {
      type: 'quote.request',
      timestamp,
      data: { openid: PAYER, request: { productId: 'cake' } },
    };
    const quoted = await channels.askPrice(JSON.stringify(body), 10_000);
    const answer = { errCode: 0, body: '生日蛋糕 × 1', totalFee: 26_800 };
    expect(quoted).toEqual({ kind: 'answered', answer });
    expect(await channels.deliver('function', message, 10_000)).toEqual({ kind: 'accepted' });
    expect(purchases()).toHaveLength(1);
  });

  test('a key that the merchant does not have, and a function that is not there, are named', async () => {
    const strange = channelsWith({ eventsKeys: foreignKeys });
    const unverified = { kind: 'refused', reason: 'SIGNATURE_REFUSED: signature_wrong' };
    expect(await strange.deliver('function', message, 10_000)).toEqual(unverified);
    const lost = channelsWith({ fulfilFunction: 'ship' });
    const refused = { kind: 'refused', reason: expect.stringContaining('FUNCTION_NOT_FOUND') };
    expect(await lost.deliver('function', message, 10_000)).toEqual(refused);
    expect(purchases()).toEqual([]);
  });

  test('of a function that is slow nothing is known, though it runs', async () => {
    cloud.world.faults.set([{ at: 'cloudbase.insertDocument', kind: 'slow', delayMs: 60_000 }]);
    const slow = channelsWith().deliver('function', message, 700);
    expect(await slow).toEqual({ kind: 'timed_out' });
  });

  test('the plain JavaScript of the guide, over wx-server-sdk, fulfils once', async () => {
    Object.assign(process.env, cloud.environment());
    const exported: { main?(event: unknown): Promise<Answer> } = {};
    await runGuide(0, { exports: exported });
    for (const event of [signed(paid), signed(paid)]) {
      expect(await exported.main?.(event)).toEqual({ errCode: 0 });
    }
    expect(await exported.main?.(paid)).toMatchObject({ errCode: 'SIGNATURE_REFUSED' });
    for (const back of [
      { refundedFee: 3980 },
      { refundedFee: 1, paidFee: 1 },
      { refundedExternally: true as const },
    ]) {
      const whole = { ...paid, data: { ...data, purchaseId: 'cart-9', ...back } };
      expect(await exported.main?.(signed(whole))).toEqual({ errCode: 0 });
    }
    expect(purchases()).toHaveLength(1);
    expect(purchases()).toMatchObject([{ _id: data.purchaseId, openid: PAYER, totalFee: 3980 }]);
  });

  test('a server on this machine, as the guide writes it, gets the same, and refuses what is not ours', async () => {
    const taken: unknown[] = [];
    let isDown = false;
    const take = async (type: string, about: object) => {
      if (isDown) throw new Error('the database is down');
      taken.push({ type, data: about });
    };
    let server = createServer();
    const http = {
      createServer: (handler: RequestListener) => {
        server = createServer(handler);
        return { listen: () => server.listen(0, '127.0.0.1') };
      },
    };
    await runGuide(1, { take, modules: { 'node:http': http } });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const eventsUrl = `http://127.0.0.1:${port}/events`;
    const deliver = (more = {}) =>
      channelsWith({ eventsUrl, ...more }).deliver('url', message, 10_000);
    expect(await deliver()).toEqual({ kind: 'accepted' });
    const unauthorised = { kind: 'refused', reason: 'HTTP_401' };
    expect(await deliver({ eventsKeys: foreignKeys })).toEqual(unauthorised);
    isDown = true;
    expect(await deliver()).toEqual({ kind: 'refused', reason: 'HTTP_500' });
    expect(taken).toEqual([{ type: paid.type, data }]);
    server.close();
  });
});

test.each(['quoteOrder', 'fulfilOrder'])(
  'the platform’s rules keep clients from %s',
  async (name) => {
    const guarded = await openLocalCloud();
    try {
      const { result, error } = await callAsClient(guarded, name, signed(paid, keyOf(guarded)));
      expect(result).toBeUndefined();
      expect(error?.code).toMatch(/PERMISSION|FORBIDDEN|DENIED/);
      expect(guarded.cloudbase.documents('purchases')).toEqual([]);
    } finally {
      await guarded.close();
    }
  },
);
