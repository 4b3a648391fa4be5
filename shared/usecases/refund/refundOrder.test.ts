import { describe, expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import {
  aRefundRequest,
  type Failure,
  refundingWeChat,
  refundProof,
} from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { RefundInput } from '../../contract/refund/refund.ts';
import { fen } from '../../domain/money.ts';
import { conclude, orphanOf } from '../../domain/order/conclude.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { refundedFee } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { decideOrder } from '../decision/decideOrder.ts';
import { receiveNotification } from '../notice/receiveNotification.ts';
import { receiveRefundNotification } from '../notice/receiveRefundNotification.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { queryRefund } from './queryRefund.ts';
import { refundOrder } from './refundOrder.ts';

const { paid } = ordersByState;
const { outTradeNo } = paid;
const service = { kind: 'service', source: 'http' } as const;
const timer = { kind: 'timer', source: 'timer' } as const;
const request = (more: Partial<RefundInput> = {}): RefundInput => ({
  outTradeNo,
  outRefundNo: 'R1',
  refundFee: fen(40),
  ...more,
});

/** A paid order at 100 s, a WeChat Pay that refunds, and what may be done with both. */
async function open(order: Order = paid, more: Partial<Gateway> = {}) {
  const wechat = refundingWeChat();
  const world = memoryDeps(aGateway({ ...wechat.gateway, ...more }), 'service');
  await world.store.insert(order);
  world.pass(100);
  const stored = async () => (await world.store.get(outTradeNo)) as Order;
  const events = async () => (await stored()).events.map(({ type, about }) => `${type} ${about}`);
  const refund = (input = request()) => refundOrder(input, world.deps, anInvocation(service));
  const run = async () =>
    (
      await closeStaleOrders(
        { Type: 'Timer' },
        world.deps,
        anInvocation(timer, () => 50_000),
      )
    ).counts;
  const query = (
    input: object = { outTradeNo },
    caller: Parameters<typeof anInvocation>[0] = service,
  ) => queryRefund(input, world.deps, anInvocation(caller));
  return { ...world, wechat, stored, events, refund, run, query };
}

const error = (code: string, retry: GatewayError['retry'] = 'never') =>
  new GatewayError(code, retry, 'x');

describe('asking for a refund', () => {
  test('is written down before it is sent to WeChat, and answers what WeChat took', async () => {
    const at = await open();
    const { store } = at;
    const gateway = at.deps.gatewayOf('apiV3');
    let before: unknown;
    at.deps.gatewayOf = () => ({
      ...gateway,
      refund: async (order, refund, ms) => {
        before = (await store.get(outTradeNo)) as Order;
        return gateway.refund(order, refund, ms);
      },
    });
    expect(await at.refund()).toEqual({
      outTradeNo,
      transactionId: '420',
      totalFee: 100,
      outRefundNo: 'R1',
      refundFee: 40,
      state: 'processing',
      refundStatus: 'PROCESSING',
      origin: 'ours',
      refundId: '503-R1',
      appid: 'wx0000000000000001',
      mchId: '1900000109',
    });
    expect(before).toMatchObject({ refunds: [{ status: { state: 'requested' } }] });
  });

  test('by the transaction id, of the full sum, without a number: a repeat is the same refund', async () => {
    const at = await open();
    const full = { transactionId: '420', refundFee: fen(100), totalFee: fen(100) };
    const answers = [await at.refund(full), await at.refund(full)];
    expect(answers).toMatchObject([
      { outRefundNo: `R${outTradeNo}` },
      { outRefundNo: `R${outTradeNo}` },
    ]);
    expect(at.wechat.sent).toHaveLength(1);
  });

  test.each<[string, Partial<RefundInput>, object]>([
    ['a total that differs', { totalFee: fen(99) }, { refused: 'PARAM_ERROR', field: 'totalFee' }],
    [
      'a part without a number',
      { outRefundNo: undefined },
      { refused: 'PARAM_ERROR', field: 'outRefundNo' },
    ],
    [
      'another transaction',
      { transactionId: '421' },
      { refused: 'PARAM_ERROR', field: 'transactionId' },
    ],
    [
      'another callback',
      { functionName: 'payCallback' },
      { refused: 'PARAM_ERROR', field: 'functionName' },
    ],
    ['an unknown order', { outTradeNo: 'NOBODY01' }, { refused: 'ORDER_NOT_EXIST' }],
    [
      'more than was paid',
      { refundFee: fen(101) },
      { refused: 'REFUND_EXCEEDS_PAID', details: { refundableFee: 100 } },
    ],
  ])('%s is refused, and nothing is written or sent', async (_what, more, refused) => {
    const at = await open();
    expect(await at.refund(request(more))).toMatchObject(refused);
    expect((await at.stored()).version).toBe(1);
    expect(at.wechat.sent).toEqual([]);
  });

  test('an order that is not known to be paid is queried first', async () => {
    const at = await open(ordersByState.paying, { queryOrder: async () => proof() });
    expect(await at.refund()).toMatchObject({ state: 'processing' });
    const unpaid = await open(ordersByState.paying);
    expect(await unpaid.refund()).toMatchObject({ refused: 'ORDER_NOT_PAID' });
  });

  test('a number of another order is refused by us', async () => {
    const at = await open();
    const other = { ...paid, outTradeNo: 'OTHER0001' };
    await at.store.insert(other);
    await at.refund();
    const refused = await at.refund(request({ outTradeNo: 'OTHER0001' }));
    expect(refused).toMatchObject({ refused: 'OUT_REFUND_NO_USED', retry: 'never' });
    expect(await at.store.get('OTHER0001')).toMatchObject({ version: 1 });
    expect(at.wechat.sent).toHaveLength(1);
  });

  test('a link that is not configured writes nothing', async () => {
    const at = await open();
    at.deps.gatewayOf = () => {
      throw error('LINK_NOT_CONFIGURED');
    };
    expect(await at.refund()).toMatchObject({ refused: 'LINK_NOT_CONFIGURED' });
    expect((await at.stored()).version).toBe(1);
  });
});

test.each(['NO_AUTH', 'ANSWER_LOST'])(
  'a failed attempt (%s) is written down before the caller is answered',
  async (code) => {
    const failure = new GatewayError(code, code === 'NO_AUTH' ? 'never' : 'query_first', 'x');
    const at = await open(paid, {
      refund: async () => Promise.reject(failure),
      queryRefund: async () => Promise.reject(new GatewayError('ANSWER_LOST', 'query_first', 'x')),
    });
    const { replace } = at.store;
    const order: string[] = [];
    at.deps.store = {
      ...at.store,
      replace: async (...args) => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push('written');
        return replace(...args);
      },
    };
    expect(await at.refund()).toMatchObject({ refused: code });
    order.push('answered');
    expect(order).toEqual(['written', 'written', 'answered']);
  },
);

test.each([
  [100, 0],
  [100.2, 250],
])(
  'a repeat, with the sender’s lease until %d s, waits %d ms before it goes on',
  async (untilS, waitedMs) => {
    const begun = { ...aRefundRequest('R1', 40), requestedAt: plus(94), origin: 'ours' } as const;
    const status = { state: 'requested', placingUntil: plus(untilS), attempts: 1 } as const;
    const at = await open({ ...paid, refunds: [{ ...begun, status }] });
    expect(await at.refund()).toMatchObject({ state: 'processing' });
    expect(at.deps.clock.now()).toEqual(plus(100 + waitedMs / 1000));
    expect(at.wechat.sent).toEqual([begun.request]);
  },
);

describe('when WeChat’s answer is no answer', () => {
  test.each<[string, Failure[], number]>([
    ['the answer is lost: asked, not sent again', ['lost_answer'], 1],
    ['the request is lost: the same bytes again', ['lost_request'], 2],
    ['429 after it was taken', ['lost_answer'], 1],
    ['429 before', [error('FREQUENCY_LIMITED', 'query_first')], 2],
    ['500', [error('SYSTEM_ERROR', 'same_request')], 2],
    ['500, then the answer is lost', [error('SYSTEM_ERROR', 'same_request'), 'lost_answer'], 2],
  ])('%s', async (_what, failures, attempts) => {
    const at = await open();
    at.wechat.failures.push(...failures);
    expect(await at.refund()).toMatchObject({ state: 'processing', outRefundNo: 'R1' });
    expect(at.wechat.sent).toEqual(Array(attempts).fill('{"no":"R1"}'));
    expect([...at.wechat.taken.keys()]).toEqual(['R1']);
  });

  test('lost again and again: the caller is to repeat, the timer finishes it', async () => {
    const at = await open();
    at.wechat.failures.push('lost_request', 'lost_request');
    expect(await at.refund()).toMatchObject({ refused: 'ANSWER_LOST', retry: 'same_request' });
    expect((await at.stored()).refunds).toMatchObject([
      { status: { state: 'requested', lastErrorCode: 'ANSWER_LOST' } },
    ]);
    at.pass(60);
    expect(await at.run()).toEqual({ refund_processing: 1 });
    expect(new Set(at.wechat.sent)).toEqual(new Set(['{"no":"R1"}']));
  });

  test('the caller died right after the write: the timer asks, then sends the frozen bytes', async () => {
    const at = await open(paid, { refund: () => new Promise(() => {}) });
    void at.refund();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await at.stored()).refunds).toMatchObject([{ status: { state: 'requested' } }]);
    at.deps.gatewayOf = () => aGateway(at.wechat.gateway);
    at.pass(60);
    expect(await at.run()).toEqual({ refund_processing: 1 });
    expect(at.wechat.sent).toEqual(['{"no":"R1"}']);
    at.wechat.end('R1', 'success');
    at.pass(60);
    expect(await at.run()).toEqual({ refund_success: 1 });
    expect(await at.events()).toEqual(['refund.success R1']);
    expect((await at.stored()).checkAt).toBeNull();
  });

  test('ten callers and two timers go on with it at once: sent by one of them', async () => {
    const at = await open();
    at.wechat.failures.push('lost_request', 'lost_request');
    await at.refund();
    at.pass(60);
    const callers = Array.from({ length: 10 }, () => at.refund());
    await Promise.all([...callers, at.run(), at.run()]);
    expect(at.wechat.sent).toHaveLength(3);
    expect((await at.stored()).refunds).toMatchObject([{ status: { state: 'processing' } }]);
  });

  test('the number is another refund’s at WeChat: nothing is sent again, the sum stays taken', async () => {
    const at = await open();
    at.wechat.failures.push(error('REFUND_FEE_MISMATCH', 'query_first'));
    at.wechat.accept(paid, { outRefundNo: 'R1', refundFee: fen(1) });
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_MISMATCH' });
    at.pass(60);
    expect(await at.run()).toEqual({ refund_mismatch: 1 });
    expect(at.wechat.sent).toHaveLength(1);
    expect(refundedFee((await at.stored()).refunds)).toBe(40);
    expect(await at.events()).toEqual(['refund.mismatch R1 refundFee']);
  });

  test('a balance too short: the same number goes through once it is topped up', async () => {
    const at = await open();
    at.wechat.failures.push(error('NOT_ENOUGH', 'same_request'));
    expect(await at.refund()).toMatchObject({ refused: 'NOT_ENOUGH', retry: 'same_request' });
    expect(at.wechat.sent).toHaveLength(1);
    expect((await at.stored()).refunds).toMatchObject([
      { status: { lastErrorCode: 'NOT_ENOUGH' } },
    ]);
    expect(await at.refund(request({ outRefundNo: 'R2', refundFee: fen(61) }))).toMatchObject({
      refused: 'REFUND_EXCEEDS_PAID',
    });
    expect(await at.refund()).toMatchObject({ state: 'processing' });
  });

  test('refused for good: the sum is free, the number is dead', async () => {
    const at = await open();
    at.wechat.failures.push(error('USER_ACCOUNT_ABNORMAL'));
    expect(await at.refund()).toMatchObject({ refused: 'USER_ACCOUNT_ABNORMAL', retry: 'never' });
    expect(refundedFee((await at.stored()).refunds)).toBe(0);
    expect((await at.stored()).checkAt).toBeNull();
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_NO_CLOSED' });
    expect(await at.refund(request({ outRefundNo: 'R2', refundFee: fen(100) }))).toMatchObject({
      state: 'processing',
    });
  });

  test('refused again and again under new numbers: WeChat is spared, and every number stays what it was', async () => {
    const at = await open();
    at.wechat.failures.push(...Array.from({ length: 99 }, () => error('USER_ACCOUNT_ABNORMAL')));
    const seen: object[] = [];
    for (let i = 0; i < 30; i += 1) seen.push(await at.refund(request({ outRefundNo: `R${i}` })));
    const retryAt = '2026-11-24T10:02:40+08:00';
    const tooOften = { refused: 'REFUND_REFUSED_TOO_OFTEN', retry: 'same_request' };
    expect(seen.slice(5)).toMatchObject(
      Array.from({ length: 25 }, () => ({ ...tooOften, details: { retryAt } })),
    );
    expect(at.wechat.sent).toHaveLength(5);
    for (let i = 5; i < 16; i += 1) {
      at.pass(86_400);
      await at.refund(request({ outRefundNo: `R${i}` }));
    }
    expect(at.wechat.sent).toHaveLength(16);
    expect((await at.stored()).refunds?.filter(({ request: sent }) => sent === '')).toHaveLength(5);
    const [first] = (await at.stored()).refunds ?? [];
    expect(first).toMatchObject({ outRefundNo: 'R0', request: '', refundFee: 40 });
    at.pass(86_400);
    at.wechat.failures.length = 0;
    expect(await at.refund(request({ outRefundNo: 'R0' }))).toMatchObject({
      refused: 'REFUND_NO_CLOSED',
    });
    expect(await at.refund(request({ outRefundNo: 'R0', refundFee: fen(1) }))).toMatchObject({
      refused: 'OUT_REFUND_NO_USED',
    });
    expect(await at.query({ outTradeNo, outRefundNo: 'R0' })).toMatchObject({
      refundCount: 1,
      refunds: [{ refundFee: 40, refundStatus: 'CLOSED', refusedReason: 'USER_ACCOUNT_ABNORMAL' }],
    });
    const other = { ...paid, outTradeNo: 'OTHER0001' };
    await at.store.insert(other);
    expect(await at.refund(request({ outTradeNo: 'OTHER0001', outRefundNo: 'R0' }))).toMatchObject({
      refused: 'OUT_REFUND_NO_USED',
    });
    expect(at.wechat.sent).toHaveLength(16);
    expect(await at.refund(request({ outRefundNo: 'R99' }))).toMatchObject({ state: 'processing' });
  });

  test('refused after an attempt that may have landed: the sum stays taken until that is known', async () => {
    const at = await open();
    at.wechat.failures.push('lost_request', error('PARAM_ERROR'));
    expect(await at.refund()).toMatchObject({ refused: 'PARAM_ERROR', retry: 'same_request' });
    expect(refundedFee((await at.stored()).refunds)).toBe(40);
    at.pass(700);
    at.wechat.failures.push(error('PARAM_ERROR'));
    expect(await at.run()).toEqual({ PARAM_ERROR: 1 });
    expect((await at.stored()).refunds).toMatchObject([
      { status: { state: 'refused', reason: 'PARAM_ERROR' } },
    ]);
  });

  test.each(['RULE_LIMIT', 'PARAM_ERROR'])(
    'refused with %s in the call after one that may have landed: that is not final',
    async (code) => {
      const at = await open();
      at.wechat.failures.push('lost_request', 'lost_request', error(code));
      expect(await at.refund()).toMatchObject({ refused: 'ANSWER_LOST', retry: 'same_request' });
      expect(await at.refund()).toMatchObject({ refused: code, retry: 'same_request' });
      expect(await at.refund()).toMatchObject({ state: 'processing' });
    },
  );

  test('refused at once: that is final', async () => {
    const at = await open();
    at.wechat.failures.push(error('PARAM_ERROR'));
    expect(await at.refund()).toMatchObject({ refused: 'PARAM_ERROR', retry: 'never' });
  });

  test('a key of ours that is wrong burns no number', async () => {
    const at = await open();
    at.wechat.failures.push(error('SIGN_ERROR'));
    expect(await at.refund()).toMatchObject({ refused: 'SIGN_ERROR' });
    expect(await at.refund()).toMatchObject({ state: 'processing' });
  });

  test('an answer for another amount does not count', async () => {
    const at = await open(paid, { refund: async () => refundProof({ refundFee: fen(39) }) });
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_MISMATCH', retry: 'query_first' });
    expect((await at.stored()).refunds).toMatchObject([{ status: { state: 'requested' } }]);
    expect(await at.events()).toEqual(['refund.mismatch R1 refundFee']);
  });
});

/** A function that the platform freezes, its monotonic clock standing still, until the thaw. */
function frozen() {
  let thaw = () => {};
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    thaw = resolve;
  });
  const stop = async () => {
    begin();
    await ended;
  };
  return { stop, begun, thaw };
}

test('a sender that is frozen before its second send sends nothing after the thaw: the money goes back once', async () => {
  const { stop, begun, thaw } = frozen();
  let queries = 0;
  const at = await open();
  const gateway = at.deps.gatewayOf('apiV3');
  at.deps.gatewayOf = () => ({
    ...gateway,
    queryRefund: async (...args) => {
      queries += 1;
      const answer = await gateway.queryRefund(...args);
      if (queries === 1) await stop();
      return answer;
    },
  });
  at.wechat.failures.push('lost_request');
  const sending = at.refund();
  await begun;
  at.pass(11 * 60);
  const admin = { kind: 'admin', openid: 'oAdmin', source: 'wx_client' } as const;
  const giveUp = { decision: 'giveUpRefund', outTradeNo, outRefundNo: 'R1', reason: 'x' } as const;
  expect(await decideOrder(giveUp, at.deps, anInvocation(admin))).toMatchObject({
    state: 'refused',
  });
  at.pass(60);
  expect(await at.refund(request({ outRefundNo: 'R2' }))).toMatchObject({ state: 'processing' });
  thaw();
  await sending;
  expect([...at.wechat.taken.keys()]).toEqual(['R2']);
  expect((await at.stored()).refunds).toMatchObject([
    { outRefundNo: 'R1', status: { state: 'refused', reason: 'GIVEN_UP' } },
    { outRefundNo: 'R2' },
  ]);
});

test.each([
  [66, 1],
  [66.001, 0],
])('a sender that is frozen %d s before its first send sends %d times', async (seconds, times) => {
  const { stop, begun, thaw } = frozen();
  const at = await open();
  const { replace } = at.store;
  at.deps.store = Object.assign(at.store, {
    replace: async (...args: Parameters<typeof replace>) => {
      const written = await replace(...args);
      await stop();
      return written;
    },
  });
  const sending = at.refund();
  await begun;
  at.pass(seconds);
  thaw();
  if (times === 0) expect(await sending).toMatchObject({ refused: 'DEADLINE' });
  else expect(await sending).toMatchObject({ state: 'processing' });
  expect(at.wechat.sent).toHaveLength(times);
});

test('closed at WeChat: reported once, the sum is free, a new number works', async () => {
  const at = await open();
  await at.refund(request({ refundFee: fen(100) }));
  at.wechat.end('R1', 'closed');
  at.pass(60);
  expect(await at.run()).toEqual({ refund_closed: 1 });
  expect(await at.events()).toEqual(['refund.closed R1']);
  expect(await at.refund(request({ refundFee: fen(100) }))).toMatchObject({
    refused: 'REFUND_NO_CLOSED',
  });
  expect(await at.refund(request({ outRefundNo: 'R2', refundFee: fen(100) }))).toMatchObject({
    state: 'processing',
  });
});

test('abnormal, then repaired in the merchant console', async () => {
  const at = await open();
  await at.refund();
  at.wechat.end('R1', 'abnormal');
  at.pass(60);
  expect(await at.run()).toEqual({ refund_abnormal: 1 });
  at.wechat.end('R1', 'success');
  at.pass(86_400);
  expect(await at.run()).toEqual({ refund_success: 1 });
  expect(await at.events()).toEqual(['refund.abnormal R1', 'refund.success R1']);
});

test('WeChat out of reach: the timer sets the next check by the schedule', async () => {
  const at = await open();
  await at.refund();
  const broken = async () => {
    throw error('SYSTEM_ERROR', 'same_request');
  };
  at.deps.gatewayOf = () => aGateway({ queryRefund: broken });
  at.pass(60);
  expect(await at.run()).toEqual({ SYSTEM_ERROR: 1 });
  const { checkAt, refunds } = await at.stored();
  expect(refunds).toMatchObject([{ status: { state: 'processing' } }]);
  expect(checkAt).toEqual(plus(220));
});

test('WeChat forgets a refund that it took: it stays, and is reported once', async () => {
  const at = await open();
  await at.refund();
  at.wechat.taken.clear();
  for (const _round of [1, 2]) {
    at.pass(60);
    expect(await at.run()).toEqual({ refund_not_found: 1 });
  }
  expect(await at.events()).toEqual(['refund.unknown_at_wechat R1']);
  expect(at.wechat.sent).toHaveLength(1);
});

describe('100 at once on one order', () => {
  const many = <T>(of: (i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 100 }, (_, i) => of(i)));

  test('under one number: one refund, sent once, every caller gets it', async () => {
    const at = await open();
    const answers = await many(() => at.refund());
    expect(
      answers.filter((answer) => 'state' in answer && answer.state === 'processing'),
    ).toHaveLength(100);
    expect(at.wechat.sent).toHaveLength(1);
  });

  test('under 100 numbers: never more than was paid', async () => {
    const at = await open();
    for (let round = 0; round < 5; round += 1) {
      await many((i) => at.refund(request({ outRefundNo: `R${round}-${i}`, refundFee: fen(30) })));
      at.pass(60);
    }
    expect(at.wechat.sent).toHaveLength(3);
    expect(new Set(at.wechat.sent).size).toBe(3);
    expect(refundedFee((await at.stored()).refunds)).toBe(90);
  });
});

describe('asking about refunds', () => {
  test('our truth, asked at WeChat while it is not final, at most every 2 s', async () => {
    const at = await open();
    await at.refund();
    at.wechat.end('R1', 'success');
    const seen = {
      refundCount: 1,
      refundedFee: 40,
      refunds: [{ outRefundNo: 'R1', refundStatus: 'SUCCESS' }],
    };
    expect(await at.query({ outRefundNo: 'R1' })).toMatchObject(seen);
    await at.store.replace(
      { ...(await at.stored()), queriedAt: plus(99) },
      (await at.stored()).version,
    );
    at.deps.gatewayOf = () => aGateway();
    expect(await at.query({ transactionId: '420' })).toMatchObject(seen);
  });

  test('twice within 2 s is one query', async () => {
    let queries = 0;
    const at = await open(paid, {
      queryRefund: async () => {
        queries += 1;
        return refundProof({ kind: 'processing' });
      },
    });
    await at.refund();
    await Promise.all([at.query(), at.query(), at.query()]);
    expect(queries).toBe(1);
  });

  test('the payer sees his own, and nobody else’s', async () => {
    const at = await open();
    await at.refund();
    const as = (openid: string) => ({ kind: 'user', openid, source: 'wx_client' }) as const;
    expect(await at.query({ outRefundNo: 'R1' }, as('oPayer'))).toMatchObject({ refundCount: 1 });
    expect(await at.query({ outRefundNo: 'R1' }, as('oOther'))).toMatchObject({
      refused: 'REFUND_NOT_EXIST',
    });
    expect(await at.query({ outTradeNo }, as('oOther'))).toMatchObject({
      refused: 'ORDER_NOT_EXIST',
    });
  });

  test('a refund made in the console is found by its number, recorded and counted', async () => {
    const at = await open();
    const queries: string[] = [];
    const { queryRefund: query } = at.wechat.gateway;
    const gateway = aGateway({
      ...at.wechat.gateway,
      queryRefund: (order, no, ms) => {
        queries.push(no);
        return query(order, no, ms);
      },
    });
    at.deps.gatewayOf = () => gateway;
    at.wechat.accept(paid, { outRefundNo: 'CONSOLE1', refundFee: fen(70) });
    const found = await at.query({ outTradeNo, outRefundNo: 'CONSOLE1' });
    expect(found).toMatchObject({ refunds: [{ origin: 'external', refundFee: 70 }] });
    const payer = { kind: 'user', openid: 'oPayer', source: 'wx_client' } as const;
    // Late enough for another query: it is the caller that keeps this one from being made.
    at.pass(10);
    expect(await at.query({ outTradeNo, outRefundNo: 'GUESSED1' }, payer)).toMatchObject({
      refused: 'REFUND_NOT_EXIST',
    });
    expect(queries).toEqual(['CONSOLE1']);
    expect(await at.events()).toEqual(['refund.external CONSOLE1']);
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_EXCEEDS_PAID' });
  });

  test('no number, an unknown number, another order’s number', async () => {
    const at = await open();
    expect(await at.query({})).toMatchObject({ refused: 'PARAM_ERROR' });
    expect(await at.query({ outRefundNo: 'X' })).toMatchObject({ refused: 'REFUND_NOT_EXIST' });
    at.wechat.accept({ ...paid, outTradeNo: 'OTHER0001' }, { outRefundNo: 'X', refundFee: fen(1) });
    expect(await at.query({ outTradeNo, outRefundNo: 'X' })).toMatchObject({
      refused: 'REFUND_NOT_EXIST',
    });
    expect(await at.events()).toEqual([]);
  });
});

describe('a refund notification', () => {
  const raw = { from: 'http' as const, headers: {}, body: new Uint8Array() };
  const notified = (
    at: Awaited<ReturnType<typeof open>>,
    more = {},
    run: typeof receiveNotification | typeof receiveRefundNotification = receiveRefundNotification,
  ) => {
    const evidence = refundProof({ via: 'callback', ...more });
    const result = {
      kind: 'refund',
      notificationId: 'n',
      eventType: 'REFUND.SUCCESS',
      evidence,
    } as const;
    return run(
      raw,
      { ...at.deps, verifyNotification: async () => result },
      anInvocation({ kind: 'http', source: '' }),
    );
  };

  test('however often it comes, ends the refund once', async () => {
    const at = await open();
    await at.refund();
    const answers = await Promise.all(Array.from({ length: 10 }, () => notified(at)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await at.events()).toEqual(['refund.success R1']);
  });

  test('before our own write of the answer: success stays', async () => {
    const at = await open();
    const gateway = at.deps.gatewayOf('apiV3');
    at.deps.gatewayOf = () => ({
      ...gateway,
      refund: async (order, refund, ms) => {
        const answer = await gateway.refund(order, refund, ms);
        expect(await notified(at)).toMatchObject({ status: 200 });
        return answer;
      },
    });
    expect(await at.refund()).toMatchObject({ state: 'success', refundStatus: 'SUCCESS' });
  });

  test('of a number that we do not know is recorded as made elsewhere', async () => {
    const at = await open();
    expect(await notified(at, { outRefundNo: 'CONSOLE1' })).toMatchObject({ status: 200 });
    expect(await at.events()).toEqual(['refund.external CONSOLE1', 'refund.success CONSOLE1']);
  });

  test.each<[string, Order, object, string]>([
    ['of an order that we do not have', paid, { outTradeNo: 'NOBODY01' }, 'ORDER_UNKNOWN'],
    ['of an order that is not known to be paid', ordersByState.paying, {}, 'ORDER_NOT_PAID'],
  ])('%s is not acknowledged, so that it comes again', async (_what, order, more, message) => {
    const at = await open(order);
    expect(await notified(at, more)).toEqual({ status: 500, code: 'FAIL', message });
  });

  test.each<[string, OrderDocument, object]>([
    [
      'a quarantined order',
      conclude(ordersByState.paying, proof({ totalFee: fen(1) }), plus(60)).order,
      { totalFee: fen(1) },
    ],
    ['an orphan', orphanOf(proof(), plus(60)), {}],
  ])('of %s is recorded, and acknowledged', async (_what, document, more) => {
    const at = await open();
    await at.deps.store.replace({ ...document, version: 1 }, 1);
    const evidence = { outRefundNo: 'CONSOLE1', refundFee: fen(1), ...more };
    for (let i = 0; i < 3; i += 1)
      expect(await notified(at, evidence)).toMatchObject({ status: 200 });
    const stored = await at.deps.store.get(document.outTradeNo);
    expect(stored?.refunds).toMatchObject([
      { outRefundNo: 'CONSOLE1', status: { state: 'success' } },
    ]);
    expect(stored?.version).toBe(3);
  });

  test('is not acknowledged before it is written', async () => {
    const at = await open();
    await at.refund();
    const replace = async () => {
      throw new Error('the database is gone');
    };
    at.deps.store = { ...at.deps.store, replace };
    await expect(notified(at)).rejects.toThrow('gone');
  });

  test('is not taken where payments are, nor a payment where refunds are', async () => {
    const at = await open();
    expect(await notified(at, {}, receiveNotification)).toMatchObject({ status: 400 });
    const payment = {
      kind: 'payment',
      notificationId: 'n',
      eventType: 'TRANSACTION.SUCCESS',
      evidence: proof(),
    } as const;
    const deps = { ...at.deps, verifyNotification: async () => payment };
    expect(await receiveRefundNotification(raw, deps, anInvocation())).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^event_type/),
    });
    expect((await at.stored()).version).toBe(1);
  });
});
