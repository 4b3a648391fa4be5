import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyLocalCloud, openLocalCloud } from '../../tests/support/localCloud.ts';
import type { LocalCloud } from '../main.ts';
import { cloudAt } from '../remote/cloud.ts';
import { createMcpServer } from './server.ts';

let cloud: LocalCloud;
let client: Client;
beforeAll(async () => {
  cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'quote', LOCAL_DEMO_GOODS: '1' });
  client = await connected(Number(new URL(cloud.url).port));
});
afterAll(async () => {
  await client.close();
  await cloud.close();
});

/** Connects an agent to the tools of the cloud at a port. */
async function connected(port: number): Promise<Client> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await createMcpServer(() => cloudAt(port, process.cwd())).connect(ours);
  const agent = new Client({ name: 'agent', version: '1' });
  await agent.connect(theirs);
  return agent;
}

function textOf([first]: readonly object[]): string {
  return first && 'text' in first ? String(first.text) : '';
}

type Fields = Record<string, unknown>;

async function use<T = Fields>(name: string, args: Fields = {}, agent = client): Promise<T> {
  const { content, structuredContent, isError } = await agent.callTool({ name, arguments: args });
  const text = textOf(content);
  expect(isError ?? false, text).toBe(false);
  // Clients that know no structured content read the same in the text.
  expect(JSON.parse(text)).toEqual(structuredContent);
  return structuredContent as T;
}

async function refusedBy(name: string, args: Fields, agent = client): Promise<string> {
  const { content, isError } = await agent.callTool({ name, arguments: args });
  expect(isError).toBe(true);
  return textOf(content);
}

interface Called<T> {
  result: T;
}
interface Placed {
  outTradeNo: string;
  prepayId: string;
  totalFee: number;
}

/** An agent's purchase of a latte, as far as the cashier. */
async function place(purchaseId: string): Promise<Placed> {
  const data = { request: { productId: 'latte', count: 1, purchaseId } };
  const { result } = await use<Called<Placed>>('place_order', { data, openid: `o${purchaseId}` });
  return result;
}

const queried = async (outTradeNo: string) =>
  (await use<Called<Fields>>('query_order', { data: { outTradeNo } })).result;

test('an agent buys what is on sale, pays, and the server says that it is paid', async () => {
  const { items } = await use<{ items: { productId: string; price: number }[] }>('list_goods');
  const { outTradeNo, prepayId, totalFee } = await place('bought');
  expect(totalFee).toBe(items.find(({ productId }) => productId === 'latte')?.price);
  expect(await use('use_cashier', { prepayId, action: 'pay' })).toEqual({
    errMsg: 'requestPayment:ok',
  });
  expect(await queried(outTradeNo)).toMatchObject({ errCode: 0, state: 'paid', totalFee });
  expect(await use('list_orders', { text: outTradeNo })).toMatchObject({
    orders: [{ outTradeNo, standing: 'paid', paidFee: totalFee }],
  });
});

test.each([
  ['cancelled', { action: 'cancel' }, { errMsg: 'requestPayment:fail cancel' }],
  ['failed', { action: 'fail', outcome: 'balance' }, { errMsg: 'requestPayment:fail 余额不足' }],
])('a payment that is %s leaves an order that is not paid', async (name, how, answer) => {
  const { outTradeNo, prepayId } = await place(name);
  expect(await use('use_cashier', { prepayId, ...how })).toMatchObject(answer);
  expect(await queried(outTradeNo)).toMatchObject({ state: 'paying' });
  const data = { outTradeNo };
  expect(await use('close_order', { data })).toMatchObject({ result: { errCode: 0 } });
  expect(await queried(outTradeNo)).toMatchObject({ state: 'closed' });
});

test('a lost callback is found by the timer once time has moved, as the timeline shows', async () => {
  const { outTradeNo, prepayId } = await place('lost');
  const fault = { at: 'wechatpay.notify', kind: 'lost_request' };
  await use('switch_faults', { on: [fault] });
  await use('use_cashier', { prepayId, action: 'pay' });
  await use('move_clock', { advance: 'PT10S', timers: 'none' });
  const standing = async () =>
    (await use<{ row: Fields }>('get_order', { outTradeNo })).row.standing;
  expect(await standing()).toBe('paying');
  await use('move_clock', { advance: 'PT2M', timers: 'none' });
  const { items } = await use<{ items: Fields[] }>('run_timer', { function: 'closeStaleOrders' });
  expect(items).toMatchObject([{ result: expect.anything() }]);
  // What a function printed would be most of the answer; the timeline has it.
  expect(items[0]).not.toHaveProperty('log');
  expect(await standing()).toBe('paid');
  expect(await use('list_faults')).toMatchObject({
    items: [{ ...fault, taken: expect.any(Number) }],
  });
  await use('switch_faults', { off: [fault] });
  expect(await use('list_faults')).toEqual({ items: [] });

  type Entry = { id: number; what: string };
  const events = await use<{ items: Entry[] }>('list_events', { order: outTradeNo });
  const query = events.items.find(({ what }) => what === 'wechatpay.query');
  expect(await use('get_event', { id: String(query?.id) })).toMatchObject({
    entry: { what: 'wechatpay.query' },
    orders: [outTradeNo],
    answered: { body: expect.stringContaining('SUCCESS') },
    // Its signature is not for whoever reads along.
    masked: expect.arrayContaining(['sent']),
  });
});

test('a payment is refunded, and the refund is queried', async () => {
  const { outTradeNo, prepayId, totalFee } = await place('refunded');
  await use('use_cashier', { prepayId, action: 'pay' });
  const asked = { outTradeNo, outRefundNo: 'RMCP1', totalFee, refundFee: totalFee };
  await queried(outTradeNo);
  expect(await use('refund', { data: asked })).toMatchObject({ result: { errCode: 0 } });
  await use('change_wechat_refund', { outRefundNo: 'RMCP1', to: 'SUCCESS' });
  // WeChat's notice of it has arrived by then.
  await use('move_clock', { advance: 'PT10S', timers: 'none' });
  const data = { outRefundNo: 'RMCP1' };
  expect(await use('query_refund', { data })).toMatchObject({
    result: { errCode: 0, refunds: [{ state: 'success', refundFee: totalFee }] },
  });
});

test('a saved world is loaded in place of what came after', async () => {
  await use('save_world', { name: 'agents' });
  const { outTradeNo } = await place('after-saving');
  await use('load_world', { name: 'agents' });
  expect(await refusedBy('get_order', { outTradeNo })).toContain('NOT_FOUND');
  expect(await use('list_worlds')).toMatchObject({ items: [{ name: 'agents' }] });
});

describe('what cannot be is refused, and says what to do', () => {
  test.each([
    ['use_cashier', { action: 'pay' }, /^prepayId/],
    ['use_cashier', { prepayId: 'wx1', action: 'steal' }, /action.*pay/s],
    ['use_cashier', { prepayId: 'wx1', action: 'pay', openId: 'o' }, /^openId.*openid/],
    ['place_order', { data: {}, name: 'refund' }, /^name.*data/],
    ['list_goods', { reveal: '1' }, /^reveal/],
    ['get_event', { id: '1', reveal: '1' }, /^reveal/],
    ['get_order', { outTradeNo: 7 }, /^outTradeNo/],
    ['list_events', { actor: 'stranger' }, /actor/],
    ['switch_faults', { on: [{ at: 'wechatpay.jsap', kind: 'slow', delayMs: 1 }] }, /on\.0\.at/],
    ['list_orders', { limit: 'all' }, /limit/],
    ['run_timer', { function: '../reset' }, /function/],
  ])('%s %j', async (name, args, refusal) => {
    expect(await refusedBy(name, args)).toMatch(refusal);
  });

  test('a tool that does not exist, with those that do', async () => {
    const asked = client.callTool({ name: 'pay_everything', arguments: {} });
    await expect(asked).rejects.toThrow(/pay_everything.*place_order/);
  });

  test('a refusal of the functions is an answer, with its advice', async () => {
    const data = { outTradeNo: 'NOBODYHASIT' };
    expect(await use('query_order', { data })).toMatchObject({
      result: { errCode: 'ORDER_NOT_EXIST', advice: expect.any(String) },
    });
  });

  test('a cloud that does not run is to be started', async () => {
    const stopped = await emptyLocalCloud();
    await stopped.close();
    const agent = await connected(Number(new URL(stopped.url).port));
    expect(await refusedBy('list_goods', {}, agent)).toContain('npm start');
    await agent.close();
  });
});
