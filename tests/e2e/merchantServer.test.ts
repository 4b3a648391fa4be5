/** The example of a merchant's server, as it stands in examples/server, against the local cloud and over the wire. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { pageOf } from '../../infra/lint/pages/page.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { isAtHand, RECIPES, suiteOf } from '../support/recipes.ts';
import { runProgram, script } from '../support/script.ts';
import serviceCalls from '../vectors/service-calls.json' with { type: 'json' };

/** Plain JavaScript, for servers of whatever kind: it has no types. */
const load = (name: string) => import(`../../examples/server/${name}.mjs`);
const { paymentsOf, settingsFrom } = await load('payments');
const { eventsListener } = await load('events');
const { openLedger } = await load('ledger');
const { shopOf } = await load('shop');

/** Ends what hangs, and nothing that is slow. */
const HANGS = { timeout: 300_000 };
const KEYS = [randomBytes(32), randomBytes(32)].map((key) => `whsec_${key.toString('base64')}`);
const [KEY = '', OLDER = ''] = KEYS;

let cloud: LocalCloud;
let folder: string;
let shop: ChildProcess;
let printed = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-'));
  shop = spawn(process.execPath, ['examples/server/receive.mjs', '0', folder], {
    env: { ...process.env, WXPAY_EVENTS_KEY: KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  shop.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await once(shop.stdout as Readable, 'data');
  const WXPAY_EVENTS_URL = `${printed.trim()}events`;
  cloud = await openLocalCloud({ WXPAY_EVENTS_KEY: KEY, WXPAY_EVENTS_URL });
});
afterAll(async () => {
  await cloud.close();
  const ended = once(shop, 'close');
  shop.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await rm(folder, { recursive: true });
});

const now = () => cloud.world.clock.nowMs();
const control = async (path: string, body: object) => {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${cloud.url}/_local/${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
};
const pay = (placed: { prepayId: string }) =>
  control(`cashier/${placed.prepayId}`, { action: 'pay' });
const orderOf = (outTradeNo: string) => {
  const input = { outTradeNo, body: '咖啡', totalFee: 1990, openid: 'oPayer0001' };
  return input;
};

describe('calls', () => {
  type Fate =
    | 'answered'
    | 'answer_lost'
    | 'never_arrived'
    | 'bad_gateway'
    | 'died'
    | Readonly<Record<string, string>>;
  const DIED = '{"code":"FUNCTION_INVOCATION_FAILED","message":"it died","requestId":"r"}';
  let fates: Fate[] = [];
  let calls: string[] = [];
  let waits: number[] = [];
  let outTradeNo = '';
  let orders = 0;
  let gateway: Server;
  beforeAll(async () => {
    gateway = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const fate = fates.shift() ?? 'answered';
      calls.push(`${request.url?.slice('/v1/functions/'.length)} ${JSON.stringify(fate)}`);
      if (typeof fate === 'object') return void response.end(JSON.stringify(fate));
      if (fate === 'died') return void response.writeHead(500).end(DIED);
      if (fate === 'bad_gateway') return void response.writeHead(502).end('<html>');
      if (fate === 'never_arrived') return void request.socket.destroy();
      await pass(request.url ?? '', request.headers.authorization ?? '', {
        body: Buffer.concat(parts),
        response,
        isLost: fate === 'answer_lost',
      });
    }).listen(0, '127.0.0.1');
    await once(gateway, 'listening');
  });
  afterAll(() => void gateway.close());
  beforeEach(() => {
    orders += 1;
    outTradeNo = `SERVER000${orders}`;
    fates = [];
    calls = [];
    waits = [];
  });

  async function pass(
    path: string,
    authorization: string,
    { body, response, isLost }: { body: Buffer; response: ServerResponse; isLost: boolean },
  ): Promise<void> {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(cloud.url + path, { method: 'POST', headers, body });
    const text = await answer.text();
    if (isLost) response.socket?.destroy();
    else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  }

  const payments = (change: object = {}) => {
    const { port } = gateway.address() as AddressInfo;
    const settings = { ...settingsFrom(cloud.environment()), url: `http://127.0.0.1:${port}` };
    const wait = async (ms: number) => void waits.push(ms);
    return paymentsOf({ ...settings, ...change }, { now, wait });
  };
  const stored = () =>
    (cloud.cloudbase.documents('orders') as { _id: string }[]).filter(
      ({ _id }) => _id === outTradeNo,
    );
  const names = () => calls.map((call) => call.split(' ')[0]);

  test.each<[Fate[], number]>([
    [['answered'], 1],
    [['answer_lost'], 2],
    [['answer_lost', 'answer_lost'], 3],
    [['never_arrived', 'bad_gateway'], 3],
    [['died'], 2],
    [[{ errCode: 'ORDER_PLACING', advice: 'same_request' }], 2],
  ])('an order whose calls are %j is placed once, by %i of them', async (happening, count) => {
    fates = [...happening];
    const placed = await payments().placeOrder(orderOf(outTradeNo));
    expect(placed).toMatchObject({
      errCode: 0,
      payment: { package: expect.stringMatching(/^prepay_id=/) },
    });
    expect(names()).toEqual(Array(count).fill('unifiedOrder'));
    expect(waits).toEqual([1000, 4000].slice(0, count - 1));
    expect(stored()).toHaveLength(1);
  });

  test.each<[Fate[], string[]]>([
    [['answered'], ['refund']],
    [['answer_lost'], ['refund', 'queryRefund']],
    [['died'], ['refund', 'queryRefund', 'refund']],
    [
      ['never_arrived', 'answer_lost'],
      ['refund', 'queryRefund', 'queryRefund', 'refund'],
    ],
  ])('a refund whose calls are %j is one refund', async (happening, expected) => {
    const placed = await payments().placeOrder(orderOf(outTradeNo));
    await pay(placed);
    await payments().queryOrder({ outTradeNo });
    fates = [...happening];
    calls = [];
    const back = { outTradeNo, outRefundNo: `${outTradeNo}-1`, refundFee: 990 };
    const refund = await payments().refund({ ...back, refundDesc: '少了一份' });
    expect(refund).toMatchObject({ ...back, refundStatus: 'PROCESSING', totalFee: 1990 });
    expect(names()).toEqual(expected);
    const known = await payments().queryRefund({ outTradeNo });
    expect(known).toMatchObject({ refundCount: 1, refundedFee: 990 });
  });

  test.each<[string, object, string]>([
    ['another service key', { key: 'x'.repeat(32) }, 'SERVICE_SIGNATURE'],
    ['another environment', { envId: 'other-1a2b3c' }, 'SERVICE_SIGNATURE'],
    ['another API Key', { apiKey: 'x' }, 'INVALID_CREDENTIALS'],
  ])('%s is refused at once, and no order is placed', async (_what, change, code) => {
    const refused = payments(change).placeOrder(orderOf(outTradeNo));
    await expect(refused).rejects.toMatchObject({ code, advice: 'never' });
    expect([calls.length, waits]).toEqual([1, []]);
    expect(stored()).toEqual([]);
  });

  test('what is refused is not repeated, and what is to be repeated at a later hour neither', async () => {
    const { queryOrder, placeOrder } = payments();
    const none = queryOrder({ outTradeNo: 'SERVER0404' });
    await expect(none).rejects.toMatchObject({ code: 'ORDER_NOT_EXIST', advice: 'never' });
    fates = [
      { errCode: 'TOO_MANY_ORDERS', advice: 'same_request', retryAt: '2026-12-01T10:00:00Z' },
    ];
    const later = placeOrder(orderOf(outTradeNo));
    await expect(later).rejects.toMatchObject({ code: 'TOO_MANY_ORDERS', advice: 'same_request' });
    expect([calls.length, waits]).toEqual([2, []]);
  });

  test.each(['TCB_ENV', 'WXPAY_APPID', 'WXPAY_SERVICE_KEY', 'CLOUDBASE_APIKEY'])(
    'a server without %s says so as it starts',
    (name) => {
      const all = { TCB_ENV: 'e', WXPAY_APPID: 'a', WXPAY_SERVICE_KEY: 'k', CLOUDBASE_APIKEY: 'p' };
      expect(settingsFrom(all)).toMatchObject({ url: 'https://e.api.tcloudbasegateway.com' });
      expect(() => settingsFrom({ ...all, [name]: '' })).toThrow(name);
    },
  );

  test('a call without any answer fails in the end as one of which nobody knows', async () => {
    fates = ['never_arrived', 'never_arrived', 'never_arrived'];
    const lost = payments().placeOrder(orderOf(outTradeNo));
    await expect(lost).rejects.toMatchObject({ code: 'NO_ANSWER', advice: 'query_first' });
    expect(calls).toHaveLength(3);
  });
});

describe('events', () => {
  const data = {
    payloadVersion: 1,
    eventId: 'COFFEE0001.1',
    outTradeNo: 'COFFEE0001',
    purchaseId: 'cart|7',
    openid: 'oPayer0001',
    body: '拿铁咖啡 × 2',
    totalFee: 3980,
  };
  const paid = { type: 'order.paid', timestamp: '2026-12-01T02:00:00.000Z', data };
  let ledger: { read(kind: string, key: string): Promise<unknown> };
  let place: string;
  let fulfilled: string[] = [];
  let failure: Error | undefined;
  let listening: Server;
  beforeEach(async () => {
    place = await mkdtemp(join(folder, 'ledger-'));
    fulfilled = [];
    failure = undefined;
    ledger = openLedger(place);
    const fulfil = async (number: string) => {
      fulfilled.push(number);
      if (failure) throw failure;
    };
    const take = shopOf(ledger, { fulfil });
    const listener = eventsListener({ keys: `${KEY}, ${OLDER}`, take, log: () => {} });
    listening = createServer(listener).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    return async () => {
      listening.closeAllConnections();
      listening.close();
    };
  });

  /** Signs by the library of the specification, not by ours. */
  const signed = (
    event: object | string,
    { key = KEY, at = new Date(), id = data.eventId } = {},
  ) => {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign(id, at, body),
    };
    return { headers: headers as Record<string, string>, body };
  };
  const send = async (
    message: { headers: Record<string, string>; body: string },
    method = 'POST',
  ) => {
    const { port } = listening.address() as AddressInfo;
    const { headers, body } = message;
    const init = { method, headers, ...(method === 'POST' ? { body } : {}) };
    return (await fetch(`http://127.0.0.1:${port}/events`, init)).status;
  };
  const purchases = () => readdir(join(place, 'purchases')).catch(() => []);

  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  const stranger = `whsec_${randomBytes(32).toString('base64')}`;
  test.each<[string, () => ReturnType<typeof signed>, number]>([
    ['signed by the key', () => signed(paid), 204],
    ['signed by the one before', () => signed(paid, { key: OLDER }), 204],
    ['signed four minutes ago', () => signed(paid, { at: minutes(-4) }), 204],
    ['signed six minutes ago', () => signed(paid, { at: minutes(-6) }), 401],
    ['signed six minutes ahead', () => signed(paid, { at: minutes(6) }), 401],
    ['signed by a stranger', () => signed(paid, { key: stranger }), 401],
    ['with another body', () => ({ ...signed(paid), body: `${JSON.stringify(paid)} ` }), 401],
    ['not signed', () => ({ headers: {}, body: JSON.stringify(paid) }), 401],
    ['that is no JSON', () => signed('{'), 500],
    ['that never ends', () => signed('x'.repeat(300_000)), 413],
  ])('one %s is answered as it should', async (_what, message, status) => {
    expect(await send(message())).toBe(status);
    expect(fulfilled).toEqual(status === 204 ? ['cart|7'] : []);
    expect(await purchases()).toHaveLength(status === 204 ? 1 : 0);
  });

  test.each(['', ',', `${KEY},`, `${KEY}, ,${OLDER}`, 'whsec_', 'whsec_c2hvcnQ='])(
    'keys like %j, which anybody could sign with, are none',
    (keys) => {
      expect(() => eventsListener({ keys, take: async () => {}, log: () => {} })).toThrow(
        'WXPAY_EVENTS_KEY',
      );
    },
  );

  test('signed under another id or time it is refused, and what is no POST too', async () => {
    const { headers, body } = signed(paid);
    for (const change of [{ 'webhook-id': 'COFFEE0001.2' }, { 'webhook-timestamp': 'soon' }]) {
      expect(await send({ headers: { ...headers, ...change }, body })).toBe(401);
    }
    expect(await send({ headers, body }, 'GET')).toBe(405);
    expect(fulfilled).toEqual([]);
  });

  test('one that comes again, in whatever attempt, is taken and does nothing', async () => {
    const first = signed(paid);
    expect([await send(first), await send(first)]).toEqual([204, 204]);
    expect(await send(signed(paid, { at: minutes(1) }))).toBe(204);
    expect(fulfilled).toEqual(['cart|7']);
  });

  test('one that was recorded is worked on no more, by its id and whatever else it says', async () => {
    expect(await send(signed(paid))).toBe(204);
    expect(await send(signed({ ...paid, data: { ...data, purchaseId: 'cart|8' } }))).toBe(204);
    expect(fulfilled).toEqual(['cart|7']);
  });

  test('a ledger that cannot be read is no empty one', async () => {
    const name = Buffer.from(data.eventId).toString('hex');
    await mkdir(join(place, 'events', `${name}.json`), { recursive: true });
    expect(await send(signed(paid))).toBe(500);
    expect(fulfilled).toEqual([]);
  });

  test('twelve at once are one purchase', async () => {
    const statuses = await Promise.all(Array.from({ length: 12 }, () => send(signed(paid))));
    expect(new Set(statuses)).toEqual(new Set([204]));
    expect(await purchases()).toHaveLength(1);
    expect(new Set(fulfilled)).toEqual(new Set(['cart|7']));
  });

  // An answer of 410 would switch the whole address off, and an HTTP client's errors have a status.
  test.each([
    ['of any kind', {}],
    ['with a status of its own', { status: 410 }],
  ])(
    'one whose work failed by an error %s is asked for again, and worked on then',
    async (_, more) => {
      failure = Object.assign(new Error('the courier is down'), more);
      expect(await send(signed(paid))).toBe(500);
      expect(await purchases()).toEqual([]);
      failure = undefined;
      expect(await send(signed(paid))).toBe(204);
      expect(await purchases()).toHaveLength(1);
    },
  );

  test('a refund that the event does not describe is taken', async () => {
    expect(await send(signed({ ...paid, type: 'refund.success' }))).toBe(204);
    expect(await ledger.read('events', data.eventId)).toMatchObject({ type: 'refund.success' });
  });

  test.each<[string, object]>([
    ['was refunded', { refundedFee: 3980 }],
    ['was paid too little and went back', { paidFee: 1, refundedFee: 1 }],
    ['went back outside of us', { refundedExternally: true }],
  ])('a late one of money that %s fulfils nothing', async (_what, more) => {
    expect(await send(signed({ ...paid, data: { ...data, ...more } }))).toBe(204);
    expect([fulfilled, await purchases()]).toEqual([[], []]);
  });

  test('only what says that money came fulfils anything; another order of the purchase does not', async () => {
    const of = (type: string, seq: number) => {
      const id = `COFFEE0001.${seq}`;
      return signed({ ...paid, type, data: { ...data, eventId: id } }, { id });
    };
    const types = ['order.mismatch', 'order.closed', 'order.paid_after_close', 'order.paid'];
    for (const [index, type] of types.entries()) expect(await send(of(type, index + 1))).toBe(204);
    expect(fulfilled).toEqual(['cart|7']);
  });
});

test('the script of a sale runs as it stands there', async () => {
  const { code, out, err } = await script(cloud, 'examples/server/sale.mjs');
  expect([code, err]).toEqual([0, '']);
  const lines = ['placed: prepay_id=\\w+', 'queried: paid 1990', 'refunded: PROCESSING 990'];
  expect(out).toMatch(new RegExp(`^${lines.join('\n')}\nbill: NO_STATEMENT_EXIST\n$`));
});

// Named as the report of skipped tests knows it; a title of `describe.each` quotes its words.
for (const recipe of RECIPES) {
  describe(suiteOf(recipe), () => {
    const testHere = test.skipIf(!isAtHand(recipe));
    const { language, command } = recipe;

    testHere('makes every request as the vectors have it', async () => {
      const vectors = serviceCalls.vectors.filter(({ kind }) => kind === 'sign');
      const lines = vectors.map(({ input: { key, name, envId, appid, time, data } }) =>
        [key, name, envId, appid, time, data]
          .map((field) => Buffer.from(String(field)).toString('base64'))
          .join(' '),
      );
      const input = `${lines.join('\n')}\n`;
      const { code, out, err } = await runProgram([...command, '--vectors'], { input });
      expect([code, err]).toEqual([0, '']);
      const requests = out.trimEnd().split('\n');
      // However a language spells the envelope: it is read as the same.
      expect(requests.map((request) => JSON.stringify(JSON.parse(request)))).toEqual(
        vectors.map(({ expected }) => expected.request_body),
      );
    });

    testHere('places an order, and says what the gateway refuses', async () => {
      const outTradeNo = `SERVER${language}`;
      const input = JSON.stringify(orderOf(outTradeNo), null, 2);
      const env = { ...cloud.environment(), NO_PROXY: '127.0.0.1' };
      const [placed, refused] = await Promise.all([
        runProgram([...command, 'unifiedOrder'], { env, input }),
        runProgram([...command, 'queryOrder'], { env: { ...env, LOCAL_API_KEY: 'x' }, input }),
      ]);
      expect(JSON.parse(placed.out)).toMatchObject({ errCode: 0, outTradeNo });
      expect(cloud.wechat.truth(outTradeNo)).toMatchObject({ description: '咖啡' });
      expect(JSON.parse(refused.out)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    });
  });
}

test('the lines of the guide run beside the file that they import', async () => {
  const path = 'docs/zh/server.md';
  const { blocks } = pageOf({ path, text: await readFile(path, 'utf8') });
  const [lines, ...others] = blocks.filter(({ info }) => info === 'js');
  expect(others).toEqual([]);
  await cp('examples/server/payments.mjs', join(folder, 'payments.mjs'));
  await writeFile(join(folder, 'guide.mjs'), lines?.text ?? '');
  const { code, out, err } = await script(cloud, join(folder, 'guide.mjs'));
  expect([code, out, err]).toEqual([0, expect.stringMatching(/^prepay_id=\w+\npaying\n$/), '']);
});

test('a sale from the order to the bill: events arrive once, the money of half of it goes back', async () => {
  const ledger = openLedger(folder);
  const payments = paymentsOf(settingsFrom(cloud.environment()), { now });
  const outTradeNo = 'SERVERSALE01';
  /** Whatever started a delivery, the timer makes good what was lost. */
  const kept = async (kind: string, key: string) => {
    await cloud.runner.fireTimer('deliverEvents');
    return ledger.read(kind, key);
  };
  await pay(await payments.placeOrder(orderOf(outTradeNo)));
  expect(await payments.queryOrder({ outTradeNo })).toMatchObject({ state: 'paid' });
  await expect
    .poll(() => kept('purchases', outTradeNo), HANGS)
    .toEqual({
      outTradeNo,
      openid: 'oPayer0001',
      paidFee: 1990,
    });

  const refund = { outTradeNo, outRefundNo: 'SERVERBACK01', refundFee: 990 };
  await payments.refund(refund);
  await control('clock', { advance: 'PT10S', timers: 'none' });
  await expect
    .poll(() => kept('refunds', 'SERVERBACK01'), HANGS)
    .toMatchObject({
      outTradeNo,
      refund: { refundFee: 990, status: 'success' },
    });
  expect(printed).toContain('SERVERSALE01: 咖啡, 1990 fen');

  const day = new Date(now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await control('clock', { advance: 'P1DT12H', timers: 'none' });
  const bill = await payments.downloadBill({ billDate: day.replaceAll('-', '') });
  expect(bill).toContain('`SERVERSALE01');
  expect(bill).toContain('`SERVERBACK01');
  const query = { billDate: day.replaceAll('-', ''), tarType: 'GZIP' };
  expect(await payments.downloadBill(query)).toBe(bill);
});
