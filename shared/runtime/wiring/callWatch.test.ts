import { expect, test } from 'vitest';
import {
  keys,
  paidOrder,
  type Scripted,
  scripted,
  signedAnswer,
  termsAt,
} from '../../../tests/support/wechatSide.ts';
import { WECHAT_CALLS_MAX } from '../../domain/limits.ts';
import { beginOrder } from '../../domain/order/order.ts';
import { createApiV3For } from '../../gateway/apiV3/client.ts';
import { createCloudPay } from '../../gateway/cloudPay/client.ts';
import type { HttpAnswer } from '../../ports/transport.ts';
import { retryUnchanged } from '../../usecases/step/retryUnchanged.ts';
import { beginInvocation } from '../invocation/invocation.ts';
import { createCallWatch } from './callWatch.ts';

const now = new Date('2026-11-24T09:07:12Z');
const API = 'https://api.mch.weixin.qq.com';

/** Makes an instance's direct link over these answers, and watched gateways of invocations. */
function open(...script: Scripted[]) {
  const transport = scripted(...script);
  const gatewayFor = createApiV3For({
    keys,
    transport,
    now: () => now,
    randomBytes: (count) => new Uint8Array(count),
    apiUrl: API,
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
  });
  const invoke = (form: 'call' | 'http' | 'timer' = 'call') => {
    const lines: object[] = [];
    let ms = 0;
    const monotonicMs = () => (ms += 40);
    const invocation = beginInvocation({ request_id: 'r1' }, form, {
      monotonicMs,
      printLine: (line) => lines.push(line),
    });
    const watch = createCallWatch(invocation, { monotonicMs });
    return { gateway: gatewayFor(watch), watch, lines, invocation };
  };
  return { invoke, sent: transport.sent };
}

const terms = termsAt(now);
const order = { ...beginOrder(terms, '{}'), traceId: 'placing' };
const about = { requestId: 'r1', outTradeNo: order.outTradeNo, traceId: 'placing', ms: 40 };

const withId = (answer: HttpAnswer, id: string): HttpAnswer => ({
  ...answer,
  headers: { ...answer.headers, 'request-id': id },
});
const paid = withId(signedAnswer(200, JSON.stringify(paidOrder), now), '08F5-OK');
const refused = (status: number, code?: string): HttpAnswer => ({
  status,
  headers: { 'request-id': '08F5-NO' },
  body: Buffer.from(code === undefined ? '' : JSON.stringify({ code, message: '说明' })),
});
const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });

// What WeChat answers to a query, on one address, and the line about it.
test.each<[string, Scripted, object]>([
  ['a success', paid, { level: 'info', status: 200, wechatRequestId: '08F5-OK' }],
  [
    'a refusal',
    refused(400, 'PARAM_ERROR'),
    { level: 'warn', status: 400, wechatRequestId: '08F5-NO', errCode: 'PARAM_ERROR' },
  ],
  [
    'a refusal without a body',
    refused(404),
    { level: 'warn', status: 404, wechatRequestId: '08F5-NO', errCode: 'HTTP_404' },
  ],
  [
    'an answer that verifies nothing',
    { ...refused(200), body: Buffer.from('{}') },
    { level: 'info', status: 200, wechatRequestId: '08F5-NO' },
  ],
])('%s has a line with its Request-ID', async (_what, answer, line) => {
  const { invoke } = open(answer);
  const { gateway, lines } = invoke();
  await gateway.queryOrder(order, 3000).catch(() => {});
  expect(lines).toEqual([{ ...about, wechat: 'query', ...line }]);
});

test('a call that goes on to the other address has a line for each of both', async () => {
  const { invoke } = open(reset, paid);
  const { gateway, lines } = invoke();
  await gateway.queryOrder(order, 3000);
  expect(lines).toEqual([
    { ...about, wechat: 'query', level: 'warn', errCode: 'ANSWER_LOST' },
    { ...about, wechat: 'query', level: 'info', status: 200, wechatRequestId: '08F5-OK' },
  ]);
});

test('a line names only what is known: no trace of an older order, and none of the body', async () => {
  const { invoke } = open(paid);
  const { gateway, lines } = invoke();
  const { traceId: _none, ...older } = order;
  await gateway.queryOrder(older, 3000);
  expect(Object.keys(lines[0] ?? {}).sort()).toEqual(
    ['level', 'ms', 'outTradeNo', 'requestId', 'status', 'wechat', 'wechatRequestId'].sort(),
  );
});

test('each invocation has its own lines', async () => {
  const { invoke } = open(paid, paid);
  const first = invoke();
  const second = invoke();
  await first.gateway.queryOrder(order, 3000);
  await second.gateway.queryOrder(order, 3000);
  expect([first.lines.length, second.lines.length]).toEqual([1, 1]);
});

test('cloud pay has a line a call, without Request-ID, which it does not give', async () => {
  const { watch, lines } = open().invoke();
  const cloudPay = (send: () => Promise<unknown>) =>
    createCloudPay({
      send,
      hasToken: true,
      envId: 'shop-1a2b3c',
      mchid: '1900000109',
      randomBytes: (count) => new Uint8Array(count),
      watch,
    });
  const closed = { return_code: 'SUCCESS', result_code: 'SUCCESS' };
  await cloudPay(async () => Buffer.from(JSON.stringify(closed))).closeOrder(order, 3000);
  await cloudPay(() => Promise.reject(reset))
    .closeOrder(order, 3000)
    .catch(() => {});
  expect(lines).toEqual([
    { ...about, wechat: 'close', level: 'info' },
    { ...about, wechat: 'close', level: 'warn', errCode: 'ANSWER_LOST' },
  ]);
});

test.each([
  ['call', WECHAT_CALLS_MAX],
  ['http', WECHAT_CALLS_MAX],
  ['timer', WECHAT_CALLS_MAX + 5],
] as const)('a %s sends at most so many requests: %i of 25', async (form, sentMax) => {
  const tried = WECHAT_CALLS_MAX + 5;
  const { invoke, sent } = open(...Array<Scripted>(tried).fill(paid));
  const { gateway } = invoke(form);
  const codes = new Set<string>();
  for (let i = 0; i < tried; i += 1) {
    await gateway.queryOrder(order, 3000).then(
      () => codes.add('ok'),
      (error: { code: string; retry: string }) => codes.add(`${error.code} ${error.retry}`),
    );
  }
  expect(sent).toHaveLength(sentMax);
  expect([...codes]).toEqual(form === 'timer' ? ['ok'] : ['ok', 'CALLS_SPENT same_request']);
});

test('beyond the budget nothing is repeated in vain, and what failed before is not hidden', async () => {
  const { invoke, sent } = open(...Array<Scripted>(40).fill(reset));
  const { gateway, invocation } = invoke();
  let waits = 0;
  const clock = {
    now: () => now,
    monotonicMs: () => 0,
    wait: async () => {
      waits += 1;
    },
  };
  const query = () =>
    retryUnchanged(
      gateway.queryOrder,
      [order],
      { clock },
      { ...invocation, remainingMs: () => 20_000 },
    );
  const codes: string[] = [];
  for (let i = 0; i < 5; i += 1) await query().catch(({ code }) => codes.push(code as string));
  expect(sent.length).toBeLessThanOrEqual(WECHAT_CALLS_MAX + 1);
  expect(codes.at(-1)).toBe('CALLS_SPENT');
  const before = waits;
  await query().catch(() => {});
  expect(waits).toBe(before);
});
