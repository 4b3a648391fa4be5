import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openLocalCloud } from '../../../tests/support/localCloud.ts';
import type { LocalCloud } from '../../main.ts';
import type { Play, Scenario } from '../api/worlds/scenarios.ts';
import { EXAMPLES } from './examples.ts';
import { reference } from './variables.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
});
afterAll(() => cloud.close());
beforeEach(() => ask('POST', 'reset'));

type Json = Record<string, unknown>;

async function ask<T = Json>(method: string, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const init = body === undefined ? {} : { body: text };
  const headers = { accept: 'application/json' };
  const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
  return { status: answer.status, json: (await answer.json()) as T };
}
const call = async (name: string, data: object, who: object = { service: true }) =>
  (await ask<{ result: Json }>('POST', 'call', { name, data, ...who })).json.result;
const play = async (scenario: unknown) =>
  (await ask<Play>('POST', 'scenarios/play', scenario)).json;
const orders = async () => {
  const { json } = await ask<{ orders: Json[] }>('GET', 'orders');
  return json.orders;
};
/** Orders, pays, lets the callback come by itself, refunds a part: all as scripts do it. */
async function buyPayRefund() {
  const order = {
    outTradeNo: 'RECORDED01',
    body: `咖啡 ${reference('x')}`,
    totalFee: 300,
    openid: 'oLocalUser',
  };
  const { prepayId } = await call('unifiedOrder', order);
  await ask('POST', `cashier/${prepayId}`, { action: 'pay' });
  await ask('POST', 'clock', { advance: 'PT5S', timers: 'none' });
  const refund = { outTradeNo: 'RECORDED01', outRefundNo: 'BACK000001', refundFee: 100 };
  await call('refund', refund);
  await ask('POST', 'clock', { advance: 'PT15S', timers: 'none' });
  await call('queryOrder', { outTradeNo: 'RECORDED01' });
}
async function recorded(name: string, acts: () => Promise<unknown>): Promise<Scenario> {
  await ask('POST', `scenarios/${name}/record?replace=true`);
  await acts();
  return (await ask<Scenario>('POST', `scenarios/${name}/stop`)).json;
}

test('what is recorded is played with other numbers, and ends in the same states', async () => {
  const scenario = await recorded('purchase', buyPayRefund);
  expect(scenario.numbers).toEqual(['outTradeNo', 'outRefundNo']);
  expect(JSON.stringify(scenario)).not.toMatch(/RECORDED01|BACK000001/);
  // Time that goes by between two acts may be a step of its own.
  const acts = scenario.steps.filter((step) => step.call !== 'POST /_local/clock');
  expect(acts.map((step) => step.call)).toEqual([
    'POST /_local/call',
    `POST /_local/cashier/${reference('prepayId')}`,
    'POST /_local/call',
    'POST /_local/call',
  ]);
  expect(acts.at(-1)?.answered).toEqual({ http: 200, 'result.errCode': 0, 'result.state': 'paid' });
  const [before] = await orders();
  await ask('POST', 'reset');
  for (const count of [1, 2]) {
    const { stopped, played } = await play(scenario);
    expect(stopped).toBeUndefined();
    expect(played).toHaveLength(scenario.steps.length);
    expect(await orders()).toHaveLength(count);
  }
  const after = await orders();
  for (const row of after) {
    const alike = ['standing', 'body', 'totalFee', 'paidFee', 'refundedFee', 'confirmedBy'];
    for (const field of alike) expect([field, row[field]]).toEqual([field, before?.[field]]);
    expect(row.outTradeNo).not.toBe(before?.outTradeNo);
  }
  expect(new Set(after.map(({ outTradeNo }) => outTradeNo)).size).toBe(2);
});

test('instants are named by what they are: the last second of an order, tomorrow at ten, the next timer', async () => {
  const bodies = ({ steps }: Scenario) => steps.map(({ body }) => body);
  const scenario = await recorded('instants', async () => {
    const order = { outTradeNo: 'LASTSECOND', body: '茶', totalFee: 1, openid: 'oLocalUser' };
    const { prepayId } = await call('unifiedOrder', order);
    const { json } = await ask<{ time_expire: string }>('GET', 'wechatpay/orders/LASTSECOND');
    const at = new Date(Date.parse(json.time_expire) - 1000).toISOString();
    await ask('POST', `cashier/${prepayId}`, { action: 'pay', at });
    const now = cloud.world.clock.nowMs();
    const beijing = new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
    const ten = new Date(Date.parse(`${beijing}T02:00:00Z`) + 86_400_000).toISOString();
    await ask('POST', 'clock', { to: ten, timers: 'none' });
    const next = await ask<{ nextTimer: { at: string } }>('GET', 'clock');
    await ask('POST', 'clock', { to: next.json.nextTimer.at, timers: 'all' });
  });
  expect(bodies(scenario)).toEqual(
    expect.arrayContaining([
      { action: 'pay', at: reference('expires(outTradeNo)-PT1S') },
      { to: reference('tomorrowAtTen'), timers: 'none' },
      { to: reference('nextTimer'), timers: 'all' },
    ]),
  );
  await ask('POST', 'clock', { advance: 'PT50H', timers: 'none' });
  expect((await play(scenario)).stopped).toBeUndefined();
});

test('no secret that passes is recorded', async () => {
  const serviceKey = cloud.environment().WXPAY_SERVICE_KEY ?? '';
  expect(serviceKey.length).toBeGreaterThan(8);
  const scenario = await recorded('secret', () => call('missing', { key: serviceKey }));
  expect(scenario.steps).toHaveLength(1);
  expect(JSON.stringify(scenario)).not.toContain(serviceKey);
});

test.each(EXAMPLES)('$scenario.name comes along, and plays', async ({ scenario }) => {
  const { json } = await ask<Play>('POST', `scenarios/${scenario.name}/play`);
  expect(json.stopped).toBeUndefined();
  expect(json.played).toHaveLength(scenario.steps.length);
});

test('a step that answers otherwise is the last: it is named, with what was expected and what came', async () => {
  const scenario = await recorded('purchase', buyPayRefund);
  const off = scenario.steps.findIndex(({ call }) => call.includes('cashier'));
  const steps = scenario.steps.filter((_, at) => at !== off);
  const { played, stopped } = await play({ ...scenario, steps });
  const refund = steps.findIndex(({ body }) => Object(body).name === 'refund');
  expect(played).toHaveLength(refund);
  expect(stopped).toMatchObject({
    step: refund + 1,
    call: 'POST /_local/call',
    expected: { http: 200, 'result.errCode': 0 },
    came: { http: 200, 'result.errCode': 'ORDER_NOT_PAID' },
    reason: expect.stringContaining('ORDER_NOT_PAID'),
  });
});

test('a refusal is a step too, and is expected again', async () => {
  const scenario = await recorded('refused', () =>
    ask('POST', 'cashier/wx0000000000', { action: 'pay' }),
  );
  expect(scenario.steps).toHaveLength(1);
  expect((await play(scenario)).stopped).toBeUndefined();
});

test('reads, resets, saved worlds and what holds keys are not recorded', async () => {
  await ask('POST', 'scenarios/quiet/record');
  await ask('GET', 'orders');
  await ask('POST', 'reset');
  await ask('POST', 'snapshots', { name: 'kept', replace: true });
  await ask('POST', 'signature', { headers: {}, body: '' });
  const { json } = await ask('GET', 'scenarios');
  expect(json.recording).toEqual({ name: 'quiet', steps: 0, isFull: false });
  const stopped = await ask('POST', 'scenarios/quiet/stop');
  expect(stopped).toMatchObject({ status: 409, json: { error: { code: 'NO_STEPS' } } });
  expect((await ask('POST', 'scenarios/quiet/stop')).json).toMatchObject({
    error: { code: 'NOT_RECORDING' },
  });
});

test('one at a time is recorded or played, and no example is replaced', async () => {
  await ask('POST', 'scenarios/first/record');
  for (const path of ['scenarios/second/record', 'scenarios/callback-lost/play']) {
    expect((await ask('POST', path)).json).toMatchObject({ error: { code: 'RECORDING' } });
  }
  await ask('DELETE', 'scenarios/first');
  const taken = await ask('POST', 'scenarios/callback-lost/record?replace=true');
  expect(taken.json).toMatchObject({ error: { code: 'EXISTS' } });
});

test('a recording takes no more than fits', async () => {
  await ask('POST', 'scenarios/long/record');
  const data = { outTradeNo: 'LONG000001', note: 'x'.repeat(60_000) };
  for (let count = 0; count < 4; count += 1) await call('missing', data);
  const { json } = await ask<{ recording: Json }>('GET', 'scenarios');
  expect(json.recording).toEqual({ name: 'long', steps: 2, isFull: true });
  await ask('DELETE', 'scenarios/long');
});

test('a scenario is exported, imported, listed and deleted', async () => {
  const scenario = await recorded('here', () => ask('POST', 'clock', { advance: 'PT1M' }));
  const file = (await ask('GET', 'scenarios/here')).json;
  expect(file).toEqual(scenario);
  expect(await ask('PUT', 'scenarios/there', file)).toEqual({
    status: 200,
    json: { name: 'there', steps: 1 },
  });
  expect((await ask('PUT', 'scenarios/there', file)).status).toBe(409);
  const names = async () => {
    const { json } = await ask<{ scenarios: { name: string }[] }>('GET', 'scenarios');
    return json.scenarios.map(({ name }) => name);
  };
  const examples = EXAMPLES.map(({ scenario: { name } }) => name);
  expect(await names()).toEqual(expect.arrayContaining([...examples, 'here', 'there']));
  await ask('DELETE', 'scenarios/there');
  expect(await names()).not.toContain('there');
});

describe('a hostile file is refused whole', () => {
  const step = (call: string, more: object = {}) => ({ call, answered: { http: 200 }, ...more });
  const clock = step('POST /_local/clock', { body: { advance: 'PT1H' } });
  const file = (steps: unknown[], more: object = {}) => ({
    format: 'scf-wechatpay scenario',
    version: 1,
    name: 'x',
    numbers: [],
    steps: [clock, ...steps],
    ...more,
  });
  const deep = `{"a":${'['.repeat(60)}${']'.repeat(60)}}`;
  test.each([
    ['a path elsewhere', file([step('POST /admin')])],
    ['another host', file([step('POST //evil.example/_local/clock')])],
    ['a reset', file([step('POST /_local/reset')])],
    ['a saved world', file([step('POST /_local/snapshots/a/load')])],
    ['itself', file([step('POST /_local/scenarios/callback-lost/play')])],
    ['another method', file([step('DELETE /_local/clock')])],
    ['a way up', file([step('POST /_local/cashier/..')])],
    ['an encoded way up', file([step('POST /_local/cashier/%2e%2e%2freset')])],
    ['a query', file([step('POST /_local/cashier/a?b')])],
    [
      'a name in place of a path',
      file([step(`POST /_local/${reference('a')}`)], { numbers: ['a'] }),
    ],
    ['an unknown name', file([step('POST /_local/clock', { body: { to: reference('never') } })])],
    [
      'a name of later',
      file([step(`POST /_local/cashier/${reference('b')}`, { save: { b: 'x' } })]),
    ],
    ['a moment of nothing', file([step('POST /_local/clock', { body: reference('expires(b)') })])],
    ['a name that is none', file([], { numbers: ['__proto__'] })],
    ['no step', file([], { steps: [] })],
    ['too many steps', file(Array.from({ length: 200 }, () => clock))],
    ['more than the format has', file([], { run: 'x' })],
    ['another version', file([], { version: 2 })],
    ['no answer', file([{ call: 'POST /_local/clock' }])],
    ['a huge one', file([step('POST /_local/clock', { body: 'x'.repeat(300_000) })])],
    ['a prototype', JSON.stringify(file([])).replace('"name"', '"__proto__":{},"name"')],
    ['an escaped one', JSON.stringify(file([])).replace('"name"', '"\\u005f_proto__":{},"name"')],
    [
      'a deep one',
      JSON.stringify(file([step('POST /_local/clock', { body: 0 })])).replace(':0', `:${deep}`),
    ],
    ['no JSON', '{'],
    ['a list', '[]'],
  ])('%s', async (_what, hostile) => {
    const { json: before } = await ask<{ offsetMs: number }>('GET', 'clock');
    for (const [method, path] of [
      ['POST', 'scenarios/play'],
      ['PUT', 'scenarios/hostile'],
    ] as const) {
      const answer = await ask(method, path, hostile);
      expect(answer).toMatchObject({ status: 400, json: { error: { code: 'BROKEN_SCENARIO' } } });
    }
    const { json: after } = await ask<{ offsetMs: number }>('GET', 'clock');
    expect(after.offsetMs).toBe(before.offsetMs);
    expect((await ask('GET', 'scenarios/hostile')).status).toBe(404);
  });

  test('a value that came in an answer leads nowhere else either', async () => {
    const body = { name: 'missing', data: {} };
    const odd = file([
      { call: 'POST /_local/call', body, answered: { http: 200 }, save: { way: 'error.message' } },
      step(`POST /_local/cashier/${reference('way')}`, { body: { action: 'pay' } }),
    ]);
    const { stopped } = await play(odd);
    expect(stopped).toMatchObject({ step: 3, reason: expect.stringContaining('in no path') });
  });
});
