import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { memoryDeps } from '../../../tests/support/useCases.ts';
import { isRefusal } from '../../contract/answer.ts';
import type { Contract } from '../../contract/contract.ts';
import { unifiedOrder } from '../../contract/order/unifiedOrder.ts';
import { refusals, refuse } from '../../contract/refusals.ts';
import { signServiceCall } from '../../contract/serviceCall.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { placeOrder } from '../../usecases/placing/placeOrder.ts';
import { pipeline, type UseCase } from './pipeline.ts';

const KEY = 'service-key-0123456789-0123456789-01';
const SELF_KEY = 'self-key-0123456789-0123456789-0123';
const NEXT_KEY = 'next-key-0123456789-0123456789-0123';
const callee = { name: 'queryOrder', envId: 'prod-1a2b3c', appid: 'wx0123456789abcdef' };
const at = new Date('2026-11-24T02:00:00Z');

/** A function of one field around `run`, invoked by a mini-program user unless given otherwise. */
function aFunction(
  run: UseCase<{ no: string }>,
  form: Contract<unknown>['form'] = 'call',
  place: { envId?: string } = { envId: callee.envId },
) {
  const lines: string[] = [];
  const input = z.strictObject({ no: z.string('应为字符串') });
  const main = pipeline(
    { name: form === 'http' ? 'payCallback' : 'queryOrder', form, dependsOn: [], input },
    run,
    {
      config: {
        adminOpenids: [],
        serviceKeys: [KEY, NEXT_KEY],
        ownCalls: { kind: 'self', keys: [SELF_KEY] },
        appid: callee.appid,
        ...place,
      },
      depsOf: () => ({}) as never,
      clock: { now: () => at, monotonicMs: () => performance.now(), wait: async () => {} },
      print: (line) => lines.push(line),
    },
  );
  const user = { TCB_SOURCE: 'wx_client', WX_OPENID: 'oUser' };
  const invoke = (event: unknown, variables: object = user, remaining = 5000) =>
    main(event, {
      request_id: 'r1',
      environment: JSON.stringify(variables),
      getRemainingTimeInMillis: () => remaining,
    }) as Promise<Record<string, unknown>>;
  const log = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
  return { invoke, main, log, lines };
}

test('a result gets the head that CloudPay’s answers have', async () => {
  const { invoke, log } = aFunction(async ({ no }) => ({ no }));
  expect(await invoke({ no: 'A' })).toEqual({
    errCode: 0,
    errMsg: 'queryOrder:ok',
    returnCode: 'SUCCESS',
    resultCode: 'SUCCESS',
    requestId: 'r1',
    no: 'A',
  });
  expect(log()).toMatchObject({ function: 'queryOrder', caller: 'user', level: 'info' });
});

test.each([
  ['a refusal', async () => refuse('ORDER_NOT_EXIST'), 'ORDER_NOT_EXIST', 'never'],
  [
    'WeChat’s refusal',
    async () => Promise.reject(new GatewayError('NO_AUTH', 'never', 'x')),
    'NO_AUTH',
    'never',
  ],
  [
    'a store that does not answer',
    async () => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'same_request', 'x')),
    'STORE_UNAVAILABLE',
    'same_request',
  ],
  ['a bug', async () => Promise.reject(new TypeError('x')), 'INTERNAL_ERROR', 'query_first'],
])('%s is answered, never thrown', async (_what, run, errCode, advice) => {
  const { invoke, log } = aFunction(run);
  expect(await invoke({ no: 'A' })).toMatchObject({ errCode, advice, resultCode: 'FAIL' });
  expect(log()).toMatchObject({ errCode });
});

test.each([
  ['a good end', async () => ({}), { level: 'info', outcome: 'paid' }],
  ['a refusal', async () => refuse('ORDERPAID'), { level: 'warn', errCode: 'ORDERPAID' }],
  [
    'WeChat’s refusal',
    async () => Promise.reject(new GatewayError('NO_AUTH', 'never', 'x')),
    { level: 'warn', errCode: 'NO_AUTH', retry: 'never' },
  ],
])(
  '%s after the caller was answered DEADLINE has a line of its own',
  async (_what, end, expected) => {
    let goOn = () => {};
    const answered = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { invoke, log, lines } = aFunction(async (_input, _deps, invocation) => {
      invocation.log.add({ outTradeNo: 'A' });
      await answered;
      invocation.log.add({ outcome: 'paid' });
      return end();
    });
    expect(await invoke({ no: 'A' }, undefined, 260)).toMatchObject({ errCode: 'DEADLINE' });
    expect(log()).toMatchObject({ errCode: 'DEADLINE', outTradeNo: 'A' });
    goOn();
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toHaveLength(2);
    expect(log()).toMatchObject({ late: true, requestId: 'r1', outTradeNo: 'A', ...expected });
    if (!('errCode' in expected)) expect(log()).not.toHaveProperty('errCode');
  },
);

test('what is counted is in the line of its time, flat, and in no second one', async () => {
  let goOn = () => {};
  const answered = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { invoke, lines } = aFunction(async (_input, _deps, { log }) => {
    log.count('orders');
    log.count('paid');
    log.count('paid');
    await answered;
    log.count('paid');
    return {};
  });
  await invoke({ no: 'A' }, undefined, 260);
  goOn();
  await new Promise((resolve) => setImmediate(resolve));
  const counted = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(counted).toMatchObject([
    { orders: 1, paid: 2 },
    { late: true, paid: 1 },
  ]);
  expect(counted[1]).not.toHaveProperty('orders');
});

test('an event with more fields than any has is refused as a whole', async () => {
  const { invoke } = aFunction(async () => ({}));
  const wide = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, i]));
  expect(await invoke(wide(201))).toMatchObject({ errCode: 'PARAM_ERROR', field: 'event' });
  expect(await invoke(wide(200))).toMatchObject({ errCode: 'PARAM_ERROR', field: 'no' });
});

test('signed data are read up to a size, and refused by name beyond, signed or not', async () => {
  const { invoke } = aFunction(async () => ({}));
  const signed = (data: string) => ({
    signed: { envId: 'e', appid: 'a', time: at.getTime(), data, signature: 'x' },
  });
  const tooLarge = { errCode: 'PARAM_ERROR', field: 'signed.data' };
  expect(await invoke(signed('x'.repeat(65_537)))).toMatchObject(tooLarge);
  expect(await invoke(signed('名'.repeat(22_000)))).toMatchObject(tooLarge);
  expect(await invoke(signed('x'.repeat(65_536)))).toMatchObject({ errCode: 'SERVICE_SIGNATURE' });
});

test('an end in time has one line', async () => {
  const { invoke, lines } = aFunction(async () => ({}));
  await invoke({ no: 'A' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('late');
});

test('a use case that hangs is answered before the platform kills it', async () => {
  const { invoke } = aFunction(() => new Promise(() => {}));
  expect(await invoke({ no: 'A' }, undefined, 260)).toMatchObject({ errCode: 'DEADLINE' });
});

test.each([
  [{ no: 1 }, 'no'],
  [{ no: 'A', more: 1 }, 'more'],
  [null, 'event'],
  ['text', 'event'],
  [[], 'event'],
  [{ no: 'A', userInfo: { openId: 'oOther' } }, 'userInfo'],
  [JSON.parse('{"no":"A","__proto__":{"no":"B"}}'), '__proto__'],
])('%j is refused for its field %s', async (event, field) => {
  const { invoke } = aFunction(async () => ({}));
  expect(await invoke(event)).toMatchObject({ errCode: 'PARAM_ERROR', field });
});

test('the platform’s own userInfo is no field of the caller', async () => {
  const { invoke } = aFunction(async () => ({}));
  expect(await invoke({ no: 'A', userInfo: { openId: 'oUser' } })).toMatchObject({ errCode: 0 });
});

test.each([undefined, null, 7, 'x', {}, { environment: '{' }])(
  'context %j is a stranger’s',
  async (context) => {
    const { main } = aFunction(async () => ({}));
    expect(await main({ no: 'A' }, context)).toMatchObject({ errCode: 'CALLER_REFUSED' });
  },
);

const signedCall = (more: Partial<typeof callee> = {}, key = KEY, laterMs = 0) =>
  signServiceCall({ ...callee, ...more }, { no: 'A' }, key, at.getTime() + laterMs);
test('a call signed with the function’s own key is the function itself, which may call no other', async () => {
  const { invoke, log } = aFunction(async ({ no }) => ({ no }));
  const own = signedCall({}, SELF_KEY);
  expect(await invoke(own, {})).toMatchObject({ errCode: 'CALLER_REFUSED' });
  expect(log()).toMatchObject({ caller: 'self' });
});

const { signed } = signedCall();
const { envId: _envId, appid: _appid, ...oldForm } = signed;
const refusedAs = (text: RegExp) => ({
  errCode: 'SERVICE_SIGNATURE',
  errMsg: expect.stringMatching(text),
});

test.each<[string, object, object]>([
  ['signed by the service key', { signed }, { errCode: 0 }],
  ['signed by the next one', signedCall({}, NEXT_KEY), { errCode: 0 }],
  ['signed for another function', signedCall({ name: 'refund' }), refusedAs(/./)],
  [
    'signed for the test environment',
    signedCall({ envId: 'test-1a2b3c' }),
    refusedAs(/envId test-1a2b3c.*prod-1a2b3c/),
  ],
  [
    'signed for another mini program',
    signedCall({ appid: 'wx1' }),
    refusedAs(/appid wx1.*wx0123456789abcdef/),
  ],
  ['signed by another key', signedCall({}, `${KEY}x`), refusedAs(/WXPAY_SERVICE_KEY/)],
  ['signed 6 minutes ago', signedCall({}, KEY, -360_000), refusedAs(/5 分钟/)],
  ['signed 6 minutes ahead', signedCall({}, KEY, 360_000), refusedAs(/5 分钟/)],
  ['changed after signing', { signed: { ...signed, data: '{"no":"B"}' } }, refusedAs(/./)],
  [
    'of the test environment, renamed',
    { signed: { ...signedCall({ envId: 'test-1a2b3c' }).signed, envId: callee.envId } },
    refusedAs(/^(?!.*test-1a2b3c)/),
  ],
  [
    'of another mini program, renamed',
    { signed: { ...signedCall({ appid: 'wx1' }).signed, appid: callee.appid } },
    refusedAs(/./),
  ],
  ['in the form of before', { signed: oldForm }, refusedAs(/envId.*appid/)],
])('a call %s: %j', async (_how, event, answer) => {
  const { invoke, log } = aFunction(async ({ no }) => ({ no }));
  expect(await invoke(event, { TCB_SOURCE: 'scf' })).toMatchObject(answer);
  expect(log().caller).toBe('errMsg' in answer ? 'other' : 'service');
});

test('a function that the platform does not tell its environment goes by the mini program', async () => {
  const { invoke } = aFunction(async ({ no }) => ({ no }), 'call', {});
  expect(await invoke({ signed }, { TCB_SOURCE: 'scf' })).toMatchObject({ errCode: 0 });
  const other = signedCall({ appid: 'wx1' });
  expect(await invoke(other, { TCB_SOURCE: 'scf' })).toMatchObject({
    errCode: 'SERVICE_SIGNATURE',
  });
});

test('an HTTP caller is answered with a status, whatever it sends', async () => {
  const { invoke } = aFunction(
    async () => ({ status: 200, code: 'SUCCESS', message: 'OK' }),
    'http',
  );
  for (const event of [null, {}, 7, { headers: 7 }, { body: 'x' }]) {
    const answer = await invoke(event, {});
    expect(answer).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(String(answer.body))).toMatchObject({ code: 'FAIL' });
  }
});

test('what is posted as XML is refused as XML', async () => {
  const { invoke } = aFunction(async () => ({}), 'http');
  const base64 = { body: Buffer.from('<xml/>').toString('base64'), isBase64Encoded: true };
  for (const event of [{ body: '<xml/>' }, base64]) {
    const answer = await invoke(event, {});
    expect(answer).toMatchObject({
      statusCode: 400,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: expect.stringMatching(/^<xml><return_code><!\[CDATA\[FAIL\]\]>/),
    });
  }
});

test('every refusal of the catalogue speaks Chinese first, English beside it', () => {
  for (const [advice, chinese, english] of Object.values(refusals)) {
    expect(['never', 'same_request', 'query_first']).toContain(advice);
    expect(chinese).toMatch(/[\u4e00-\u9fff]/);
    expect(english).toMatch(/^[a-z]/);
  }
  expect(isRefusal(refuse('PARAM_ERROR'))).toBe(true);
});

test('a store that fails before anything was begun is an error in the log, with its cause', async () => {
  const { deps } = memoryDeps();
  const message = 'database: refused: DATABASE_COLLECTION_NOT_EXIST; deploy creates the collection';
  const insert = async () => {
    throw new StoreError('STORE_REFUSED', 'never', message);
  };
  const lines: string[] = [];
  const main = pipeline(unifiedOrder, placeOrder, {
    config: { adminOpenids: [], serviceKeys: [], appid: callee.appid },
    depsOf: () => ({ ...deps, store: { ...deps.store, insert } }),
    clock: deps.clock,
    print: (line) => lines.push(line),
  });
  const environment = JSON.stringify({ TCB_SOURCE: 'wx_client', WX_OPENID: 'oUser' });
  const answer = await main({ body: '咖啡', totalFee: 1990 }, { environment });
  expect(answer).toMatchObject({ errCode: 'INTERNAL_ERROR' });
  expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({
    level: 'error',
    error: expect.stringContaining(message),
  });
});
