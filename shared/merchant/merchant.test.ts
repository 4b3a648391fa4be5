import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildMerchantFile } from '../../infra/build/build.ts';
import type { DeliveryBody } from '../contract/event/delivery.ts';
import { readEventsKeys, signMessage } from '../contract/event/signature.ts';
import * as source from './merchant.ts';

const keys = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const foreign = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
const now = new Date('2026-11-30T12:00:00Z');
const verification = { keys, now };
const data = {
  payloadVersion: 1,
  eventId: 'COFFEE0001.1',
  seq: 1,
  outTradeNo: 'COFFEE0001',
  openid: 'oPayer',
  mchid: '1900000109',
  totalFee: 1990,
  state: 'paid',
};
const delivery = { type: 'order.paid', timestamp: now.toISOString(), data };
const quote = {
  type: 'quote.request',
  timestamp: now.toISOString(),
  data: { openid: 'oPayer', request: { goods: 'coffee' } },
};
const sign = (body: unknown, by = keys, at = now) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return signMessage(readEventsKeys(by), { id: 'COFFEE0001.1', body: text }, at);
};

let folder: string;
let built: typeof source;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merchant-file-'));
  const file = await buildMerchantFile(process.cwd(), folder);
  built = runAlone(await readFile(file, 'utf8'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a file as a plain CommonJS function would find it: beside it nothing, below it Node. */
function runAlone(code: string): typeof source {
  const load = createRequire(import.meta.url);
  const module = { exports: {} };
  const requireBuiltin = (name: string) => {
    const bare = name.replace(/^node:/, '');
    const isKnown = ['crypto', 'http', 'https'].includes(bare) && builtinModules.includes(bare);
    if (!isKnown) throw new Error(`requires ${name}`);
    return load(name);
  };
  const globals = {
    module,
    exports: module.exports,
    require: requireBuiltin,
    Buffer,
    process,
    console,
  };
  runInNewContext(code, globals);
  return module.exports as typeof source;
}

describe.each([
  ['the source', () => source],
  ['the built file, alone in a context of its own', () => built],
])('%s', (_what, file) => {
  test('opens a delivery and a quote that were signed for it', () => {
    expect(file().openDelivery(sign(delivery), verification)).toEqual(delivery);
    expect(file().openQuote(sign(quote), verification)).toEqual(quote);
  });

  test('opens what comes as the headers and the body of a request', () => {
    const { body, ...headers } = sign(delivery);
    const request = { headers: { host: 'shop.example.com', ...headers }, body };
    const opened = file().openDelivery({ ...request.headers, body: request.body }, verification);
    expect(opened).toEqual(delivery);
  });

  const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
  test.each([
    ['nothing', undefined, 'SIGNATURE_REFUSED'],
    ['a bare event of a client', delivery, 'SIGNATURE_REFUSED'],
    ['one by a key that is not ours', sign(delivery, foreign), 'SIGNATURE_REFUSED'],
    ['one of six minutes ago', sign(delivery, keys, minutes(-6)), 'SIGNATURE_REFUSED'],
    ['one of in six minutes', sign(delivery, keys, minutes(6)), 'SIGNATURE_REFUSED'],
    ['a changed body', { ...sign(delivery), body: '{"type":"order.paid"}' }, 'SIGNATURE_REFUSED'],
    ['a quote', sign(quote), 'TYPE_UNKNOWN'],
    ['no JSON', sign('order.paid'), 'BODY_MALFORMED'],
    ['a list', sign([delivery]), 'BODY_MALFORMED'],
    ['null', sign('null'), 'BODY_MALFORMED'],
    ['without data', sign({ type: 'order.paid' }), 'BODY_MALFORMED'],
    ['of a version to come', sign({ ...delivery, data: { payloadVersion: 2 } }), 'PAYLOAD_VERSION'],
  ])('takes no delivery of %s', async (_which, event, errCode) => {
    const take = vi.fn(async () => {});
    const answer = await file().onDelivery(take, verification)(event);
    expect(answer).toMatchObject({ errCode });
    expect(take).not.toHaveBeenCalled();
  });

  test.each([
    ['a bare event of a client', quote, 'SIGNATURE_REFUSED'],
    ['a delivery', sign(delivery), 'TYPE_UNKNOWN'],
  ])('quotes no price for %s', async (_which, event, errCode) => {
    const price = vi.fn(async () => ({ body: '咖啡', totalFee: 1 }));
    const answer = await file().onQuote(price, verification)(event);
    expect(answer).toMatchObject({ errCode });
    expect(price).not.toHaveBeenCalled();
  });

  test('answers that a delivery has arrived only once it was taken', async () => {
    const taken: DeliveryBody[] = [];
    const take = async (one: DeliveryBody) => void taken.push(one);
    expect(await file().onDelivery(take, verification)(sign(delivery))).toEqual({ errCode: 0 });
    expect(taken).toEqual([delivery]);
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const fail = async () => {
      throw new Error('the printer is out of paper');
    };
    expect(await file().onDelivery(fail, verification)(sign(delivery))).toEqual({
      errCode: 'FAILED',
      errMsg: 'the printer is out of paper',
    });
    expect(logged).toHaveBeenCalledOnce();
  });

  test('answers a price, the merchant’s own no, or fails', async () => {
    const ask = (price: Parameters<typeof source.onQuote>[0]) =>
      file().onQuote(price, verification)(sign(quote));
    const { QuoteRefused } = file();
    const answer = await ask(async (request, openid) => ({
      body: `${JSON.stringify(request)} of ${openid}`,
      totalFee: 1990,
    }));
    const body = '{"goods":"coffee"} of oPayer';
    expect(answer).toEqual({ errCode: 0, body, totalFee: 1990 });
    const soldOut = ask(async () => {
      throw new QuoteRefused('SOLD_OUT', '已售罄');
    });
    expect(await soldOut).toEqual({ errCode: 'SOLD_OUT', errMsg: '已售罄' });
    const broken = ask(async () => {
      throw new Error('no such table');
    });
    await expect(broken).rejects.toThrow('no such table');
  });

  test('says which setting lacks, where no key is set', async () => {
    vi.stubEnv('WXPAY_EVENTS_KEY', '');
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const answer = await file().onDelivery(async () => {})(sign(delivery));
    expect(answer).toMatchObject({ errMsg: expect.stringContaining('WXPAY_EVENTS_KEY') });
  });

  test('takes keys of the environment, the old one and the new', () => {
    vi.stubEnv('WXPAY_EVENTS_KEY', `${foreign},${keys}`);
    expect(file().openDelivery(sign(delivery), { now })).toEqual(delivery);
  });

  test.each([
    ['the first time', undefined, true],
    ['twice, through @cloudbase/node-sdk', { code: 'DATABASE_DUPLICATE_WRITE' }, false],
    ['twice, through wx-server-sdk', { errCode: -501001, message: 'DuplicateWrite …' }, false],
  ])('lets an effect happen once: %s', async (_when, error, isFirst) => {
    const insert = async () => {
      if (error) throw Object.assign(new Error(), error);
    };
    expect(await file().once(insert)).toBe(isFirst);
  });

  test('takes no failure of the database for an effect that was', async () => {
    const insert = async () => {
      throw Object.assign(new Error('[ResourceUnavailable] …'), {
        code: 'DATABASE_REQUEST_FAILED',
      });
    };
    await expect(file().once(insert)).rejects.toMatchObject({ code: 'DATABASE_REQUEST_FAILED' });
  });
});

beforeEach(() => {
  vi.restoreAllMocks();
});
