import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLocalCloud } from '../../tests/support/localCloud.ts';
import type { LocalCloud } from '../main.ts';
import type { Fault } from '../world/faults.ts';
import type { Call } from './api/call.ts';
import { type CallName, controlApi } from './api/controlApi.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
});
const folder = mkdtempSync(join(tmpdir(), 'control-'));
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => ask('POST', 'reset'));

/** Asks the control API as a script on this machine does. */
async function ask(method: string, path: string, body?: unknown, headers = {}) {
  const init =
    body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const all = { accept: 'application/json', ...headers };
  const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers: all, ...init });
  return { status: answer.status, json: (await answer.json()) as Record<string, never> };
}
const nowMs = async () => Date.parse(String((await ask('GET', 'clock')).json.now));
const ofNobody = { outTradeNo: 'NOBODY01', refundFee: 1 };
const order = {
  name: 'unifiedOrder',
  data: { outTradeNo: 'CONTROL001', body: '咖啡', totalFee: 1 },
};

/** A fault that holds a request longer than any test runs. */
function slow(at: string): Fault {
  return { at, kind: 'slow', delayMs: 3_600_000, times: 1 };
}

/** Settles once the fault was taken. */
async function met({ at }: Fault): Promise<void> {
  const open = () => cloud.world.faults.list().some((one) => one.at === at && one.times !== 0);
  while (open()) await new Promise(setImmediate);
}

async function payAndMove(): Promise<void> {
  const { json } = await ask('POST', 'call', order);
  const { result } = json as unknown as { result: { payment: { package: string } } };
  const path = `cashier/${result.payment.package.slice('prepay_id='.length)}`;
  await ask('POST', path, { action: 'pay' });
  await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
}

/** Reads what the API shows of the world. */
async function everything() {
  const [orders, events] = await Promise.all([ask('GET', 'orders'), ask('GET', 'events')]);
  const { status: truth } = await ask('GET', 'wechatpay/orders/CONTROL001');
  return { orders: orders.json.total, events: events.json, truth };
}

test('a web page of another origin cannot drive the local cloud through its visitor’s browser', async () => {
  const foreign = await ask('POST', 'reset', {}, { origin: 'https://evil.example' });
  expect(foreign).toMatchObject({ status: 403, json: { error: { code: 'FORBIDDEN' } } });
  const own = await ask('GET', 'clock', undefined, { origin: cloud.url });
  expect(own.status).toBe(200);
});

test.each(['clock', 'nothing', 'events', 'snapshots/guarded'])(
  'no page elsewhere can take in what GET %s answers, or read it as another type',
  async (path) => {
    await ask('POST', 'snapshots', { name: 'guarded', replace: true });
    const answer = await fetch(`${cloud.url}/_local/${path}`);
    await answer.body?.cancel();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  },
);

test('a fault of ours is answered as JSON, too', async () => {
  const { createHandler } = await import('./handler.ts');
  const broken = { instances: () => expect.unreachable() };
  const handle = createHandler({ ...cloud, runner: broken, mask: String } as never);
  const { host } = new URL(cloud.url);
  const answer = await handle(new Request(`${cloud.url}/_local/instances`, { headers: { host } }));
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ error: { code: 'INTERNAL' } });
});

test('a foreign name that was bound to this machine is refused', async () => {
  const rebound = new Request(`${cloud.url}/_local/clock`, { headers: { host: 'evil.example' } });
  const { createHandler } = await import('./handler.ts');
  const handle = createHandler({ ...cloud, mask: String } as never);
  expect((await handle(rebound)).status).toBe(403);
});

test.each([
  ['GET', 'nothing', undefined, 404, 'NOT_FOUND', undefined],
  ['GET', 'orders/%FF', undefined, 400, 'INVALID', 'outTradeNo'],
  ['GET', 'call', undefined, 405, 'METHOD', undefined],
  ['POST', 'call', '{', 400, 'INVALID', 'body'],
  ['POST', 'call', {}, 400, 'INVALID', 'name'],
  ['POST', 'call', { name: 'queryOrder', nam: 1 }, 400, 'INVALID', 'nam'],
  ['POST', 'cashier/wx1', { action: 'steal' }, 400, 'INVALID', 'action'],
  ['GET', 'wechatpay/orders/NOBODY01', undefined, 404, 'NOT_FOUND', 'outTradeNo'],
  ['GET', 'wechatpay/refunds/NOBODY01', undefined, 404, 'NOT_FOUND', 'outRefundNo'],
  ['POST', 'refunds/NOBODY01', { to: 'SUCCESS' }, 404, 'RESOURCE_NOT_EXISTS', undefined],
  ['POST', 'refunds/NOBODY01', { to: 'PROCESSING' }, 400, 'INVALID', 'to'],
  ['POST', 'console/refunds', ofNobody, 404, 'RESOURCE_NOT_EXISTS', undefined],
  ['POST', 'console/refunds', { outTradeNo: 'NOBODY01' }, 400, 'INVALID', 'refundFee'],
  ['POST', 'platform', { to: 'no_key' }, 400, 'INVALID', 'to'],
  ['PUT', 'platform', { devtoolsTimers: 'yes' }, 400, 'INVALID', 'devtoolsTimers'],
  ['PUT', 'platform', { timers: true }, 400, 'INVALID', 'timers'],
  ['PUT', 'platform', { devtoolsTrigger: 'scf' }, 400, 'INVALID', 'devtoolsTrigger'],
  ['PUT', 'platform', { emptyVariables: 1 }, 400, 'INVALID', 'emptyVariables'],
  ['POST', 'timers/payCallback', undefined, 404, 'NOT_FOUND', 'function'],
  ['PUT', 'platform', { timeExpire: 'ignored' }, 400, 'INVALID', 'timeExpire'],
  ['PUT', 'platform', { answerProbes: 1 }, 400, 'INVALID', 'answerProbes'],
  ['GET', 'orders/NOBODY01', undefined, 404, 'NOT_FOUND', 'outTradeNo'],
  ['GET', 'orders?limit=-1', undefined, 400, 'INVALID', 'limit'],
  ['GET', 'orders?after=NOBODY01', undefined, 400, 'INVALID', 'after'],
  ['GET', 'orders?standing=rich', undefined, 400, 'INVALID', 'standing'],
  ['POST', 'cashier/wx1', { action: 'fail', outcome: 'luck' }, 400, 'INVALID', 'outcome'],
  ['POST', 'cashier/wx1', { action: 'pay', at: 'tomorrow' }, 400, 'INVALID', 'to'],
  ['PUT', 'faults', [{ at: 'x', kind: 'explode' }], 400, 'INVALID', '0.kind'],
  ['POST', 'signature', { headers: {} }, 400, 'INVALID', 'body'],
  ['POST', 'signature', { headers: {}, body: '', clock: 'noon' }, 400, 'INVALID', 'clock'],
  ['POST', 'signature', { headers: {}, body: '', key: '' }, 400, 'INVALID', 'key'],
  ['POST', 'clock', {}, 400, 'INVALID', 'advance'],
  ['POST', 'clock', { advance: '6 minutes' }, 400, 'INVALID', 'advance'],
  ['POST', 'clock', { to: 'tomorrow' }, 400, 'INVALID', 'to'],
  ['POST', 'clock', { advance: 'P99999999999D' }, 400, 'INVALID', 'advance'],
  ['POST', 'clock', { advance: 'P73000D' }, 400, 'INVALID', 'advance'],
  ['POST', 'clock', { to: '2100-01-01T00:00:01Z' }, 400, 'INVALID', 'to'],
  ['POST', 'clock', { to: '2020-01-01T00:00:00Z' }, 400, 'INVALID', 'to'],
  ['POST', 'clock', { advance: 'PT1M', timers: 'some' }, 400, 'INVALID', 'timers'],
])('%s %s %j is refused: %d %s %s', async (method, path, body, status, code, field) => {
  const answer = await ask(method, path, body);
  expect(answer.status).toBe(status);
  const { error } = answer.json as unknown as { error: { code: string; field?: string } };
  expect([error.code, error.field]).toEqual([code, field]);
});

test('a refusal names what is expected, in both languages', async () => {
  const { json } = await ask('POST', 'cashier/wx1', { action: 'steal' });
  const { error } = json as unknown as { error: { message: string } };
  expect(error.message).toMatch(/无效选项.*"cancel".*Invalid option.*"cancel"/s);
});

test('/_local alone is answered as each path under it', async () => {
  const answer = await fetch(`${cloud.url}/_local`);
  expect(await answer.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('time moves by durations and to instants, and never back', async () => {
  const begun = await nowMs();
  await ask('POST', 'clock', { advance: 'PT6M', timers: 'none' });
  expect((await nowMs()) - begun).toBeGreaterThanOrEqual(360_000);
  const to = new Date(begun + 3_600_000).toISOString();
  await ask('POST', 'clock', { to, timers: 'none' });
  expect((await nowMs()) - begun).toBeGreaterThanOrEqual(3_600_000);
});

test.each([
  ['all', 5],
  ['last', 1],
  ['none', 0],
])('timers on the way: %s', async (timers, runs) => {
  const isRun = ({ what, subject }: Record<string, unknown>) =>
    what === 'function.call' && subject === 'closeStaleOrders';
  await ask('POST', 'clock', { advance: 'PT5M', timers });
  const { json } = await ask('GET', 'events');
  expect((json as unknown as Record<string, unknown>[]).filter(isRun)).toHaveLength(runs);
});

test('a function is called as a user, as another source, and signed as the merchant’s server', async () => {
  expect((await ask('POST', 'call', order)).json).toMatchObject({ result: { errCode: 0 } });
  const foreign = await ask('POST', 'call', { ...order, source: 'wx_http' });
  expect(foreign.json).toMatchObject({ result: { errCode: 'CALLER_REFUSED' } });
  const data = { ...order.data, outTradeNo: 'CONTROL002', openid: 'oSomebody' };
  const served = await ask('POST', 'call', { ...order, data, service: true });
  expect(served.json).toMatchObject({ result: { errCode: 0, outTradeNo: 'CONTROL002' } });
  const viaServerApi = { ...order, data, service: true, source: 'wx_http' };
  const again = await ask('POST', 'call', viaServerApi);
  expect(again.json).toMatchObject({ result: { errCode: 0, outTradeNo: 'CONTROL002' } });
  const unknown = await ask('POST', 'call', { name: 'nothing' });
  expect(unknown.json).toMatchObject({ error: { code: 'FUNCTION_NOT_FOUND' } });
});

test('a refund is made in the merchant console, steered, and seen as WeChat has it', async () => {
  const placed = (await ask('POST', 'call', order)).json as unknown as {
    result: { payment: { package: string } };
  };
  const prepayId = placed.result.payment.package.slice('prepay_id='.length);
  await ask('POST', `cashier/${prepayId}`, { action: 'pay' });
  const made = await ask('POST', 'console/refunds', { outTradeNo: 'CONTROL001', refundFee: 1 });
  expect(made).toMatchObject({ status: 200, json: { origin: 'console', status: 'PROCESSING' } });
  const { out_refund_no: no } = made.json as unknown as { out_refund_no: string };
  const steered = await ask('POST', `refunds/${no}`, { to: 'ABNORMAL' });
  expect(steered.json).toMatchObject({ status: 'ABNORMAL' });
  const back = await ask('POST', `refunds/${no}`, { to: 'CLOSED' });
  expect(back).toMatchObject({ status: 400, json: { error: { code: 'INVALID_REQUEST' } } });
  const seen = await ask('GET', `wechatpay/refunds/${no}`);
  expect(seen.json).toMatchObject({ out_trade_no: 'CONTROL001', status: 'ABNORMAL' });
  const more = await ask('POST', 'console/refunds', { outTradeNo: 'CONTROL001', refundFee: 1 });
  expect(more).toMatchObject({ status: 400, json: { error: { code: 'INVALID_REQUEST' } } });
});

test('WeChat’s certificate changes, and a reset brings the first one back', async () => {
  const { platformSerial: first } = (await ask('GET', 'world')).json;
  const { json } = await ask('POST', 'platform', { to: 'new_certificate' });
  expect(json).toMatchObject({ certificates: [first, expect.any(String)] });
  expect((await ask('GET', 'world')).json.platformSerial).not.toBe(first);
  expect(JSON.stringify(json)).not.toContain('PRIVATE KEY');
  await ask('POST', 'reset');
  expect((await ask('GET', 'world')).json.platformSerial).toBe(first);
});

const known = { at: 'wechatpay.query', kind: 'error', code: 'SYSTEM_ERROR' };
test.each<[string, object]>([
  ['at', { at: 'wechatpay.qeury', kind: 'error' }],
  ['at', { at: 'cloudbase.insert', kind: 'error' }],
  ['at', { at: 'scf.Deploy', kind: 'error' }],
  ['kind', { at: 'wechatpay.query', kind: 'duplicate' }],
  ['kind', { at: 'wechatpay.notify', kind: 'error' }],
  ['kind', { at: 'wechatpay.cashier', kind: 'lost_answer' }],
  ['kind', { at: 'cloudbase.getDocument', kind: 'forged' }],
  ['kind', { at: 'tcb.UpdateTable', kind: 'probe' }],
  ['code', { at: 'wechatpay.query', kind: 'error', code: 'NOT_A_WORD' }],
  ['code', { at: 'wechatpay.query', kind: 'error', code: 'HTTP_299' }],
  ['code', { at: 'wechatpay.query', kind: 'error_after', code: 'NO_AUTH' }],
  ['code', { at: 'wechatpay.query', kind: 'mutated', code: 'AMOUNT' }],
  ['code', { at: 'wechatpay.notify', kind: 'mutated', code: 'TOTAL' }],
  ['code', { at: 'wechatpay.query', kind: 'slow', code: 'SYSTEM_ERROR' }],
  ['code', { at: 'cloudbase.getDocument', kind: 'error', code: 'not a word' }],
  ['kind', { at: 'scf.Creating', kind: 'lost_answer' }],
])('a fault whose word %s is known to nobody is refused by it: %o', async (field, fault) => {
  const { status, json } = await ask('PUT', 'faults', [known, fault]);
  const { error } = json as unknown as { error: { field: string; message: string } };
  expect([status, error.field]).toEqual([400, `1.${field}`]);
  expect(error.message).toContain((fault as Record<string, string>)[field]);
  expect((await ask('GET', 'faults')).json).toEqual([]);
});

test.each([
  { at: 'wechatpay.refund', kind: 'error_after', code: 'HTTP_502' },
  { at: 'wechatpay.close', kind: 'error', code: 'USERPAYING' },
  { at: 'wechatpay.queryRefund', kind: 'error', code: 'REFUNDNOTEXIST' },
  { at: 'wechatpay.refundNotify', kind: 'mutated', code: 'UNKNOWN_REFUND' },
  { at: 'wechatpay.query', kind: 'probe' },
  { at: 'wechatpay.refundMoney', kind: 'slow', delayMs: 1 },
  { at: 'cloudbase.wxPayApi', kind: 'error', code: 'SYS_ERR' },
  { at: 'scf.Publishing', kind: 'error' },
  { at: 'scf.UpdateAlias', kind: 'error', code: 'FailedOperation.Alias' },
  { at: 'cos.PutObject', kind: 'lost_answer' },
])('a fault with known words is switched on: %o', async (fault) => {
  expect((await ask('PUT', 'faults', [fault])).json).toEqual([{ ...fault, taken: 0 }]);
});

test('how WeChat Pay behaves is switched beside how CloudBase does, until a reset', async () => {
  const usual = { timeExpire: 'moved', answerProbes: false, emptyVariables: false };
  expect((await ask('PUT', 'platform', {})).json).toMatchObject(usual);
  const other = { timeExpire: 'refused', answerProbes: true, emptyVariables: true };
  expect((await ask('PUT', 'platform', other)).json).toMatchObject(other);
  await ask('POST', 'reset');
  expect((await ask('PUT', 'platform', {})).json).toMatchObject(usual);
});

test('faults are read back as they were set, with how often each happened, and set so again', async () => {
  const fault = { at: 'wechatpay.query', kind: 'slow', delayMs: 5, times: 2, probability: 0.5 };
  const read = [{ ...fault, taken: 0 }];
  expect((await ask('PUT', 'faults', [fault])).json).toEqual(read);
  expect((await ask('GET', 'faults')).json).toEqual(read);
  expect((await ask('PUT', 'faults', [{ ...fault, times: 0, taken: 2 }])).json).toEqual([
    { ...fault, times: 0, taken: 2 },
  ]);
});

test('a reset world is empty: no order here or there, no fault, no event', async () => {
  await ask('POST', 'call', order);
  await ask('PUT', 'faults', [{ at: 'wechatpay.query', kind: 'error' }]);
  await ask('POST', 'reset');
  expect((await ask('GET', 'orders')).json).toEqual({ orders: [], total: 0, counts: {} });
  expect((await ask('GET', 'faults')).json).toEqual([]);
  expect((await ask('GET', 'events')).json).toEqual([]);
  expect((await ask('GET', 'wechatpay/orders/CONTROL001')).status).toBe(404);
});

test.each<[string, Fault, () => Promise<unknown>]>([
  ['at WeChat', slow('wechatpay.jsapi'), () => ask('POST', 'call', order)],
  ['at the database', slow('cloudbase.modifyDocument'), () => ask('POST', 'call', order)],
  ['on its way to a function', slow('wechatpay.notify'), payAndMove],
])(
  'a reset ends what is under way %s: it never writes into the empty world',
  async (_where, fault, begin) => {
    await ask('PUT', 'faults', [fault]);
    const begun = begin().catch((error: unknown) => error);
    await met(fault);
    await ask('POST', 'reset');
    await begun;
    expect(await everything()).toEqual({ orders: 0, events: [], truth: 404 });
  },
);

test('a process that was killed with its request under way writes nothing after a reset', async () => {
  await ask('PUT', 'faults', [slow('wechatpay.jsapi')]);
  const begun = ask('POST', 'call', order);
  await met(slow('wechatpay.jsapi'));
  for (const { pid, busy } of cloud.runner.instances()) if (busy) process.kill(pid, 'SIGKILL');
  await begun;
  await ask('POST', 'reset');
  expect(await everything()).toEqual({ orders: 0, events: [], truth: 404 });
});

test('a clock that is moving when the world is emptied fires no timer in the empty one', async () => {
  const moving = ask('POST', 'clock', { advance: 'PT24H', timers: 'all' });
  while (cloud.world.timeline.recent().length === 0) await new Promise(setImmediate);
  await ask('POST', 'reset');
  await moving;
  expect((await ask('GET', 'events')).json).toEqual([]);
});

test('a reset does not wait for calls that go on coming; those that it ends get its code', async () => {
  let running = true;
  const answers: unknown[] = [];
  const caller = async () => {
    while (running) {
      const { json } = await ask('POST', 'call', { name: 'queryOrder', data: order.data });
      answers.push(json.result ?? json.error);
    }
  };
  const callers = Array.from({ length: 4 }, caller);
  while (answers.length < 8) await new Promise(setImmediate);
  await ask('POST', 'reset');
  running = false;
  await Promise.all(callers);
  expect(answers.every((answer) => answer !== undefined)).toBe(true);
});

/** Deploys a function of this body beside the project's, until the next reset. */
function deployed(name: string, body: string, timeoutMs = 60_000) {
  const file = join(folder, name, 'index.js');
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(file, `exports.main = async (event) => {${body}}`);
  const limits = { timeoutMs, memoryMb: 128, environment: {}, timers: [], routes: [] };
  cloud.runner.load([...cloud.runner.functions(), { name, file, ...limits }]);
}

test('requests that a process had sent over new connections do not arrive after the reset', async () => {
  for (let round = 0; round < 20; round += 1) {
    deployed(
      'flood',
      `const { request } = require('node:http');
      const one = () => new Promise((done) => request('${cloud.url}/v3/pay/transactions/jsapi',
        { method: 'POST', agent: false }, (answer) => answer.resume().on('end', done))
        .on('error', done).end('{}')).then(one);
      await Promise.all(Array.from({ length: 20 }, one));`,
    );
    const begun = ask('POST', 'call', { name: 'flood' });
    while (cloud.world.timeline.recent().length < 10) await new Promise(setImmediate);
    await ask('POST', 'reset');
    await begun;
    expect((await ask('GET', 'events')).json, `round ${round}`).toEqual([]);
  }
});

test('a reset ends those who wait in line, and does not wait for what a function started', async () => {
  const body = `require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' });
    require('node:fs').writeFileSync(event.file, ''); await new Promise(() => setInterval(() => {}, 9));`;
  deployed('hangs', body, 3_600_000);
  const file = join(folder, 'started');
  const client = { kind: 'client', openid: 'oPayer', source: 'wx_client' } as const;
  const calls = Promise.allSettled(
    Array.from({ length: 30 }, () => cloud.runner.invoke('hangs', { file }, client)),
  );
  while (!existsSync(file)) await new Promise(setImmediate);
  await ask('POST', 'reset');
  expect((await calls).filter(({ status }) => status === 'rejected')).toHaveLength(10);
  expect((await ask('GET', 'events')).json).toEqual([]);
});

test('the world shows numbers and public keys, and no secret', async () => {
  const { json } = await ask('GET', 'world');
  expect(json).toMatchObject({ mchid: '1900000109', envId: 'local-env' });
  const { apiV3Key, privateKeyPem } = cloud.wechat.merchant();
  const text = JSON.stringify(json);
  expect([text.includes(apiV3Key), text.includes('PRIVATE KEY')]).toEqual([false, false]);
  expect(text).not.toContain(privateKeyPem.split('\n')[1]);
});

test('the document lists the calls, each with its body', async () => {
  const { json } = await ask('GET', 'openapi.json');
  const { paths } = json as unknown as {
    paths: Record<string, Record<string, { requestBody?: object }>>;
  };
  expect(json).toMatchObject({ openapi: '3.1.0' });
  for (const path of [
    'call',
    'cashier/{prepayId}',
    'clock',
    'timers/{function}',
    'faults',
    'reset',
  ]) {
    expect(paths).toHaveProperty([`/_local/${path}`]);
  }
  expect(paths['/_local/clock']?.post?.requestBody).toBeDefined();
  expect(paths['/_local/openapi.json']?.get).toBeDefined();
});

test('events stream as they happen, from the one after the last that was seen', async () => {
  const stop = new AbortController();
  const answer = await fetch(`${cloud.url}/_local/events?after=0`, { signal: stop.signal });
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  await ask('POST', 'call', order);
  let text = '';
  while (!text.includes('function.call')) text += (await reader?.read())?.value ?? '';
  expect(text).toMatch(/^id: \d+\ndata: \{/m);
  stop.abort();
});

test('every answer has the form that the document gives it', async () => {
  const { json } = await ask('POST', 'call', order);
  const { result } = json as unknown as { result: { prepayId: string } };
  await ask('POST', 'call', { ...order, data: { ...order.data, outTradeNo: 'CONTROL002' } });
  await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
  await ask('POST', 'clock', { advance: 'PT1S' });
  const refund = { outTradeNo: 'CONTROL001', outRefundNo: 'CONTROLR1', refundFee: 1 };
  await ask('POST', 'call', { name: 'refund', data: refund, service: true });
  const bodies: Partial<Record<CallName, unknown>> = {
    'POST /_local/call': { name: 'queryOrder', data: { outTradeNo: 'CONTROL001' } },
    'POST /_local/cashier/{prepayId}': { action: 'fail', outcome: 'banned' },
    'POST /_local/clock': { advance: 'PT1S' },
    'PUT /_local/faults': [{ at: 'wechatpay.query', kind: 'slow', delayMs: 1, times: 1 }],
    'POST /_local/faults': { on: [{ at: 'cloudbase.getDocument', kind: 'error', times: 1 }] },
    'POST /_local/faults/presets/{name}': { to: 'off' },
    'POST /_local/merchant': { to: 'back' },
    'POST /_local/platform': { to: 'both' },
    'PUT /_local/platform': {},
    'POST /_local/refunds/{outRefundNo}': { to: 'SUCCESS' },
    'POST /_local/signature': { headers: {}, body: '' },
    'POST /_local/wechatpay/orders/{outTradeNo}': { to: 'SUCCESS', total: 2 },
    'POST /_local/quote': { request: { productId: 'latte' } },
    'POST /_local/snapshots': { name: 'jitter' },
  };
  const ends: CallName[] = ['POST /_local/console/refunds', 'POST /_local/reset'];
  const isJson = (call: Call) => call.file === undefined && call.bodyFile === undefined;
  const names = (Object.keys(controlApi) as CallName[]).filter(
    (name) => !ends.includes(name) && isJson(controlApi[name]),
  );
  const parts: Record<string, string> = {
    prepayId: result.prepayId,
    outRefundNo: 'CONTROLR1',
    function: 'closeStaleOrders',
    collection: 'orders',
    id: String(cloud.world.timeline.recent().at(-1)?.id),
    name: 'jitter',
  };
  for (const name of [...names, 'POST /_local/reset'] as CallName[]) {
    const [method = '', path = ''] = name.split(' ');
    const isSteered = name === 'POST /_local/wechatpay/orders/{outTradeNo}';
    const filled = path
      .replace('{outTradeNo}', isSteered ? 'CONTROL002' : 'CONTROL001')
      .replace(/\{(\w+)\}/g, (_, part) => parts[part] ?? '')
      .slice('/_local/'.length);
    // A recording without a step is not kept.
    if (name.endsWith('/stop')) await ask('POST', 'clock', { advance: 'PT1S' });
    const answer = await ask(method, filled, bodies[name]);
    expect([name, answer.status, answer.json.error]).toEqual([name, 200, undefined]);
    const { answer: schema } = controlApi[name] as Call;
    expect(schema?.safeParse(answer.json).error?.issues ?? [], name).toEqual([]);
  }
});

test('orders are listed by pages, and one is shown with both truths', async () => {
  for (const each of ['PAGES00001', 'PAGES00002', 'PAGES00003']) {
    const data = { ...order.data, outTradeNo: each };
    await ask('POST', 'call', { ...order, data });
  }
  const numbers = async (query: string) => {
    const { json } = await ask('GET', `orders?${query}`);
    const { orders } = json as unknown as { orders: { outTradeNo: string }[] };
    return orders.map(({ outTradeNo }) => outTradeNo);
  };
  expect(await numbers('limit=2')).toEqual(['PAGES00003', 'PAGES00002']);
  expect(await numbers('limit=2&after=PAGES00002')).toEqual(['PAGES00001']);
  expect(await numbers('text=00003')).toEqual(['PAGES00003']);
  const { json } = await ask('GET', 'orders/PAGES00001');
  expect(json).toMatchObject({
    row: { outTradeNo: 'PAGES00001', standing: 'paying', totalFee: 1 },
    stored: { _id: 'PAGES00001' },
    wechat: { trade_state: 'NOTPAY' },
  });
  const { compared } = json as unknown as { compared: { isDifferent: boolean }[] };
  expect(compared.filter(({ isDifferent }) => isDifferent)).toEqual([]);
});

test('a reader of the stream hears which run it is, and that the world was emptied', async () => {
  const stop = new AbortController();
  const read = async (query: string, until: string) => {
    const answer = await fetch(`${cloud.url}/_local/events?${query}`, { signal: stop.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return {
      next: async () => {
        while (!text.includes(until)) text += (await reader?.read())?.value ?? '';
        return text;
      },
    };
  };
  await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
  const first = await (await read('after=0', 'clock.moved')).next();
  const run = /event: run\ndata: (\S+)/.exec(first)?.[1];
  // A bookmark of another run is worth nothing: all is sent.
  expect(await (await read('after=999999&run=another', 'clock.moved')).next()).toContain(
    String(run),
  );
  const following = await read(`after=999999&run=${run}`, 'event: cleared');
  await ask('POST', 'reset');
  expect(await following.next()).not.toContain('clock.moved');
  stop.abort();
});

test('the console is served with its files, under a policy that lets nothing else run', async () => {
  const page = await fetch(`${cloud.url}/`);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).not.toContain('unsafe');
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*src=)|style=|\son\w+=/);
  const files = [...html.matchAll(/"(\/console\/[^"]+)"/g)].map(([, path]) => path);
  expect(files).toHaveLength(3);
  for (const path of files) expect((await fetch(`${cloud.url}${path}`)).status, path).toBe(200);
  for (const path of [
    '/console/main.tsx',
    '/console/../package.json',
    '/%2e%2e/package.json',
    '/page.js',
  ]) {
    expect((await fetch(`${cloud.url}${path}`)).status, path).toBe(404);
  }
});
