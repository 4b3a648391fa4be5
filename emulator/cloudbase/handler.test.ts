import tcb from '@cloudbase/node-sdk';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FunctionAnswer, FunctionInvocation } from './actions/action.ts';
import {
  ENV_ID,
  type Harness,
  KEY_PAIR,
  PERMANENT,
  type SentRequest,
  startHarness,
} from './harness.ts';

let harness: Harness;
let invoke: (call: FunctionInvocation) => Promise<FunctionAnswer>;
const app = tcb.init({ env: ENV_ID });
const db = app.database();
const orders = db.collection('orders');

beforeAll(async () => {
  harness = await startHarness(':memory:', { invoke: (call) => invoke(call) });
  harness.cloudbase.createCollection('orders');
  // The platform lists which variables of a call there are; the SDK reads no others.
  const listed = { WX_CONTEXT_KEYS: 'WX_API_TOKEN', TCB_CONTEXT_KEYS: 'TCB_SOURCE' };
  Object.assign(process.env, harness.environment, listed);
});
afterAll(() => harness.close());
afterEach(() => {
  harness.world.faults.set([]);
  harness.cloudbase.reset();
  vi.useRealTimers();
  delete process.env.WX_API_TOKEN;
  delete process.env.TCB_SOURCE;
});

type Answer = { code: string; message: string; requestId: string };

/** Reads the code that a call is refused with. */
const refusal = (call: Promise<unknown>): Promise<Answer> =>
  call.then(
    (answer) => Promise.reject(new Error(`not refused: ${JSON.stringify(answer)}`)),
    (error: Answer) => error,
  );

/** Sends fields of any shape with a good signature, as the SDK's own database calls do. */
function send(action: string, fields: object): Promise<unknown> {
  type Requester = new (config: unknown) => { send(a: string, f: object): Promise<unknown> };
  const { reqClass } = db.constructor as unknown as { reqClass: Requester };
  return new reqClass((app as unknown as { config: object }).config).send(action, fields);
}

describe('who may ask', () => {
  const other = (config: object) =>
    tcb
      .init({ env: ENV_ID, ...config })
      .database()
      .collection('orders')
      .count();
  const pair = { secretId: KEY_PAIR.secretId, secretKey: KEY_PAIR.secretKey };
  // Without this the SDK takes the token from the environment.
  const permanent = { ...PERMANENT, sessionToken: '' };

  test.each([
    ['the key pair with its token', { ...pair, sessionToken: KEY_PAIR.token }, 'answered'],
    ['a permanent key, which has no token', permanent, 'answered'],
    ['a permanent id with another key', { ...permanent, secretKey: pair.secretKey }, 'refused'],
    ['a wrong key', { ...pair, secretKey: 'wrong', sessionToken: KEY_PAIR.token }, 'refused'],
    ['an unknown id', { ...pair, secretId: 'AKIDother', sessionToken: KEY_PAIR.token }, 'refused'],
    ['a wrong token', { ...pair, sessionToken: 'stale' }, 'refused'],
    ['no token where one belongs to the pair', pair, 'refused'],
    ['an access key', { accessKey: 'eyJhbGciOi' }, 'refused'],
  ])('%s', async (_name, config, expected) => {
    if (expected === 'answered') expect((await other(config)).total).toBe(0);
    else expect(await refusal(other(config))).toMatchObject({ code: 'SIGN_PARAM_INVALID' });
  });

  test('an empty field may be listed as signed, as SDKs up to 2.8 do, and is not hashed', async () => {
    await orders.add({ _id: 'T1' });
    const { url, headers, body } = harness.last();
    const authorization = String(headers.authorization).replace(
      /SignedParams=[^,]*/,
      (signed) => `${signed};tcb_sessiontoken`,
    );
    const request = new Request(url, {
      method: 'POST',
      headers: { ...headers, authorization },
      body: JSON.stringify({ ...JSON.parse(body), tcb_sessionToken: '' }),
    });
    const answer = await harness.cloudbase.handle(request);
    expect(await answer.json()).toMatchObject({ code: 'DATABASE_DUPLICATE_WRITE' });
  });

  test('another environment is refused by name', async () => {
    const foreign = tcb.init({ env: 'other-env' }).database().collection('orders').count();
    expect(await refusal(foreign)).toMatchObject({ code: 'INVALID_ENV' });
  });

  test.each([
    ['now', 0, 'answered'],
    ['4 minutes late', -4, 'answered'],
    ['6 minutes late', -6, 'refused'],
    ['6 minutes early', 6, 'refused'],
  ])('a signature made %s', async (_name, minutes, expected) => {
    // The SDK reads the faked clock; so does the world, which is moved back.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
    harness.skipMs(-minutes * 60_000);
    const call = orders.count();
    if (expected === 'answered') expect((await call).total).toBe(0);
    else expect(await refusal(call)).toMatchObject({ code: 'SIGN_PARAM_INVALID' });
    harness.skipMs(minutes * 60_000);
  });

  test('a signature by virtual time counts as one by real time', async () => {
    const hourMs = 3_600_000;
    harness.world.clock.jumpTo(harness.world.clock.nowMs() + hourMs);
    expect((await orders.count()).total).toBe(0);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hourMs });
    harness.skipMs(-hourMs);
    expect((await orders.count()).total).toBe(0);
    harness.skipMs(hourMs);
  });
});

describe('a request that was signed', () => {
  const header = (sent: SentRequest, name: string, value: string): SentRequest => ({
    ...sent,
    headers: { ...sent.headers, [name]: value },
  });
  const body = (sent: SentRequest, from: string | RegExp, to: string): SentRequest => ({
    ...sent,
    body: sent.body.replace(from, to),
  });
  async function ask({ url, headers, body }: SentRequest): Promise<Answer> {
    const request = new Request(url, { method: 'POST', headers, body });
    return (await harness.cloudbase.handle(request)).json() as Promise<Answer>;
  }

  test.each<[string, (sent: SentRequest) => SentRequest]>([
    ['a byte of the document', (sent) => body(sent, 'T1', 'T2')],
    ['its action', (sent) => body(sent, 'insertDocument', 'removeDocument')],
    ['a field more', (sent) => body(sent, '{', '{"transactionId":"x",')],
    ['a field less', (sent) => body(sent, /"envName":"[^"]*",/, '')],
    ['its query string', (sent) => ({ ...sent, url: `${sent.url}&env=other` })],
    ['its source', (sent) => header(sent, 'x-tcb-source', 'wx_client')],
    ['its time', (sent) => header(sent, 'x-timestamp', String(Math.floor(Date.now() / 1000) + 9))],
    ['a year-old date', (sent) => header(sent, 'x-timestamp', '1600000000')],
    ['no authorization', (sent) => header(sent, 'authorization', '')],
    ['half an authorization', (sent) => header(sent, 'authorization', 'TC3-HMAC-SHA256 x')],
  ])('is refused with %s', async (_name, tamper) => {
    await orders.add({ _id: 'T1' });
    const sent = harness.last();
    harness.cloudbase.reset();
    expect(await ask(tamper(sent))).toMatchObject({ code: 'SIGN_PARAM_INVALID' });
    expect(harness.cloudbase.documents('orders')).toEqual([]);
    expect(await ask(sent)).toMatchObject({ data: { insertedIds: ['T1'] } });
  });
});

describe('a malformed request is refused and harms nothing', () => {
  test.each([
    ['no body', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['multipart without a boundary', '', 'multipart/form-data'],
    ['multipart without a part', 'x', 'multipart/form-data; boundary=b'],
    ['multipart without a name', '--b\r\n\r\nx\r\n--b--', 'multipart/form-data; boundary=b'],
  ])('%s', async (_name, body, type = 'application/json') => {
    const response = await harness.cloudbase.handle(
      new Request('http://local/admin', {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      }),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ code: 'INVALID_PARAM' });
  });

  test('an unknown action', async () => {
    expect(await refusal(send('database.dropEverything', {}))).toMatchObject({
      code: 'INVALID_PARAM',
      message: expect.stringContaining('database.dropEverything'),
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test.each<[string, string, object]>([
    ['no collection', 'getDocument', {}],
    ['a query that is no text', 'getDocument', { collectionName: 'orders', query: { a: 1 } }],
    ['a query that is no EJSON', 'getDocument', { collectionName: 'orders', query: '{' }],
    ['a query that is a list', 'getDocument', { collectionName: 'orders', query: '[]' }],
    ['a limit that is text', 'getDocument', { collectionName: 'orders', limit: '9' }],
    ['a negative offset', 'getDocument', { collectionName: 'orders', offset: -1 }],
    [
      'an order that is no direction',
      'getDocument',
      { collectionName: 'orders', order: '{"a":"up"}' },
    ],
    ['an insert of nothing', 'insertDocument', { collectionName: 'orders', data: [] }],
    ['a document that is a number', 'insertDocument', { collectionName: 'orders', data: ['1'] }],
    [
      'a change without data',
      'modifyDocument',
      { collectionName: 'orders', query: '{}', merge: true },
    ],
    ['a stage without a key', 'aggregateDocuments', { collectionName: 'orders', stages: [{}] }],
    ['a commit of nothing', 'commitTransaction', {}],
  ])('%s', async (_name, action, fields) => {
    expect(await refusal(send(`database.${action}`, fields))).toMatchObject({
      code: 'INVALID_PARAM',
    });
  });

  test('any fields whatsoever get an answer, and never an inner error', async () => {
    const json = fc.json({ maxDepth: 3 });
    const action = fc.constantFrom(
      'getDocument',
      'calculateDocument',
      'insertDocument',
      'modifyDocument',
      'modifyAndReturnDoc',
      'removeDocument',
      'aggregateDocuments',
    );
    const operators = fc.constantFrom(
      '$set',
      '$inc',
      '$push',
      '$unset',
      '$and',
      '$in',
      '$gt',
      'a',
      '_id',
    );
    const ejson = fc.oneof(
      json,
      fc.dictionary(operators, fc.jsonValue({ maxDepth: 2 })).map((d) => JSON.stringify(d)),
    );
    const fields = fc.record(
      {
        collectionName: fc.constant('orders'),
        query: ejson,
        data: fc.oneof(ejson, fc.array(ejson, { maxLength: 2 })),
        order: ejson,
        projection: ejson,
        stages: fc.array(
          fc.record({ stageKey: fc.constantFrom('$match', '$group', '$x'), stageValue: ejson }),
        ),
        multi: fc.boolean(),
        merge: fc.boolean(),
        upsert: fc.boolean(),
        limit: fc.nat(),
      },
      { requiredKeys: ['collectionName'] },
    );
    await fc.assert(
      fc.asyncProperty(action, fields, async (name, sent) => {
        const error = await send(`database.${name}`, sent).then(
          () => undefined,
          (e: Answer) => e,
        );
        if (error) expect(error.code).toMatch(/^(INVALID_PARAM|DATABASE_[A-Z_]+)$/);
      }),
      { numRuns: 300 },
    );
    expect((await orders.count()).total).toBeGreaterThanOrEqual(0);
  });
});

describe('a function calls another', () => {
  test('with data, and gets its answer', async () => {
    process.env.TCB_SOURCE = 'wx_client';
    const calls: FunctionInvocation[] = [];
    invoke = async (call) => {
      calls.push(call);
      return { result: { errCode: 0, list: [1] } };
    };
    const { result } = await app.callFunction({ name: 'fulfilOrder', data: { outTradeNo: 'T1' } });
    expect(result).toEqual({ errCode: 0, list: [1] });
    expect(calls).toEqual([
      {
        name: 'fulfilOrder',
        data: { outTradeNo: 'T1' },
        source: 'wx_client,scf',
        gone: expect.any(AbortSignal),
      },
    ]);
  });

  test.each([
    ['nothing as null', undefined, null],
    ['text', 'ok', 'ok'],
    ['false', false, false],
    ['Chinese', { m: '支付成功' }, { m: '支付成功' }],
  ])('which may answer %s', async (_name, answered, received) => {
    invoke = async () => ({ result: answered });
    expect((await app.callFunction({ name: 'f', data: undefined })).result).toEqual(received);
  });

  test('called by an unknown caller, the source is just scf, and no data is an empty object', async () => {
    invoke = async ({ data, source }) => ({ result: { data, source } });
    expect((await app.callFunction({ name: 'f', data: undefined })).result).toEqual({
      data: {},
      source: 'scf',
    });
  });

  test('that does not exist, as the platform words it', async () => {
    const error = { code: 'FUNCTIONS_EXECUTE_FAIL', message: 'FunctionName not found' };
    invoke = async () => ({ error });
    expect(await refusal(app.callFunction({ name: 'f', data: undefined }))).toMatchObject(error);
  });

  test('whose answer is over 1 MB', async () => {
    invoke = async () => ({ result: 'x'.repeat(1024 * 1024) });
    expect(await refusal(app.callFunction({ name: 'f', data: undefined }))).toMatchObject({
      code: 'EXCEED_MAX_RESPONSE_SIZE',
    });
  });
});

describe('a call to WeChat through the platform', () => {
  const pay = () =>
    app.callWxPayApi({ apiName: 'queryOrder', requestData: Buffer.from('{"out_trade_no":"T1"}') });

  test('needs the token that only mini-program calls have', async () => {
    expect(await refusal(pay())).toMatchObject({
      code: 'INVALID_PARAM',
      message: expect.stringContaining('missing wxCloudApiToken'),
    });
  });

  test('is signed well as multipart, and not there yet', async () => {
    process.env.WX_API_TOKEN = 'token';
    expect(await refusal(pay())).toMatchObject({ code: 'LOCAL_CLOUD_UNSUPPORTED' });
  });
});

describe('faults', () => {
  const at = 'cloudbase.insertDocument';
  const add = () => orders.add({ _id: 'T1' });

  test.each([
    ['lost_request', 'ECONNRESET', 0],
    ['lost_answer', 'ECONNRESET', 1],
    ['throttled', 'EXCEED_REQUEST_LIMIT', 0],
    ['error', 'DATABASE_REQUEST_FAILED', 0],
  ] as const)('%s: the caller sees %s, %i documents are written', async (kind, code, written) => {
    harness.world.faults.set([{ at, kind, times: 1 }]);
    expect(await refusal(add())).toMatchObject({ code });
    expect(harness.cloudbase.documents('orders')).toHaveLength(written);
    expect(
      await add().then(
        () => 'written',
        (e: Answer) => e.code,
      ),
    ).toBe(written ? 'DATABASE_DUPLICATE_WRITE' : 'written');
  });

  test('error: with a code of one’s own', async () => {
    harness.world.faults.set([{ at, kind: 'error', code: 'SYS_ERR' }]);
    expect(await refusal(add())).toMatchObject({ code: 'SYS_ERR' });
  });

  test('slow: the answer comes after the delay, so the SDK may have given up', async () => {
    harness.world.faults.set([{ at, kind: 'slow', delayMs: 60 }]);
    const hurried = orders.options({ timeout: 20 } as never).add({ _id: 'T1' });
    expect(await refusal(hurried)).toMatchObject({ code: 'ESOCKETTIMEDOUT' });
    await vi.waitUntil(() => harness.cloudbase.documents('orders').length === 1);
  });

  test('of another operation leave this one alone', async () => {
    harness.world.faults.set([{ at: 'cloudbase.getDocument', kind: 'error' }]);
    expect(await add()).toMatchObject({ id: 'T1' });
  });
});

test('latency is real and comes before the action', async () => {
  const waits: number[] = [];
  const slow = await startHarness(':memory:', { latencyMs: 7 });
  slow.cloudbase.createCollection('orders');
  slow.world.life.pauseMs = async (ms) => void waits.push(ms);
  process.env.TCB_CONTEXT_CNFG = slow.environment.TCB_CONTEXT_CNFG;
  await orders.count();
  expect(waits).toEqual([7]);
  process.env.TCB_CONTEXT_CNFG = harness.environment.TCB_CONTEXT_CNFG;
  await slow.close();
});

test('the timeline tells of writes and calls, and never what a document holds', async () => {
  invoke = async () => ({ result: 1 });
  const before = harness.world.timeline.recent().at(-1)?.id ?? 0;
  await orders.add({ _id: 'T1', secret: 'hush' });
  await refusal(orders.add({ _id: 'T1' }));
  await orders.where({ _id: 'T1', version: 1 }).update({ secret: 'hush' });
  await orders.where({ secret: 'hush' }).update({ secret: 'hush2' });
  await orders.where({ secret: 'hush2' }).get();
  await orders.doc('T1').remove();
  await app.callFunction({ name: 'f', data: { secret: 'hush' } });
  const entries = harness.world.timeline.recent(before);
  expect(entries.map(({ what, subject, detail }) => [what, subject, detail])).toEqual([
    ['cloudbase.insertDocument', 'orders/T1', { inserted: 1 }],
    ['cloudbase.insertDocument', 'orders', { refused: 'DATABASE_DUPLICATE_WRITE' }],
    ['cloudbase.modifyDocument', 'orders/T1', { updated: 0 }],
    ['cloudbase.modifyDocument', 'orders/T1', { updated: 1 }],
    ['cloudbase.removeDocument', 'orders/T1', { deleted: 1 }],
    ['cloudbase.invokeFunction', 'f', { source: 'scf' }],
  ]);
  expect(JSON.stringify(entries)).not.toContain('hush');
});

test('reset forgets documents and transactions, keeps collections', async () => {
  await orders.add({ _id: 'T1' });
  const t = await db.startTransaction();
  harness.world.data.clear();
  harness.cloudbase.reset();
  expect((await orders.count()).total).toBe(0);
  expect(await refusal(t.commit())).toMatchObject({ code: 'DATABASE_TRANSACTION_FAIL' });
  expect(harness.cloudbase.collections()).toEqual([{ name: 'orders', count: 0, indexes: [] }]);
});

test('the page sees the newest documents first', async () => {
  await orders.add([{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }] as never);
  expect(harness.cloudbase.documents('orders', 2)).toEqual([{ _id: 'c' }, { _id: 'b' }]);
});
