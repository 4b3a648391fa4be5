import { describe, expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { type Failure, refundingWeChat, refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { decideOrder as contract } from '../../contract/decision/decideOrder.ts';
import { fen } from '../../domain/money.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { refundedFee } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { applyEvidence } from '../order/applyEvidence.ts';
import { applyRefundEvidence } from '../refund/applyRefundEvidence.ts';
import { refundOrder } from '../refund/refundOrder.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { decideOrder } from './decideOrder.ts';

const { paid } = ordersByState;
const { outTradeNo } = paid;
const admin = { kind: 'admin', openid: 'oAdmin', source: 'wx_client' } as const;
const timer = { kind: 'timer', source: 'timer' } as const;
const MINUTE_S = 60;
const HOUR_S = 3600;
const noBalance = new GatewayError('NOT_ENOUGH', 'same_request', 'x');
const decision = {
  decision: 'giveUpRefund',
  outTradeNo,
  outRefundNo: 'R1',
  reason: '改为线下退款',
} as const;

/** A paid order, of which a refund of 40 fen was asked for at 100 s while WeChat failed so. */
async function open(failures: Failure[], more: Partial<Gateway> = {}, order: Order = paid) {
  const wechat = refundingWeChat();
  wechat.failures.push(...failures);
  const world = memoryDeps(aGateway({ ...wechat.gateway, ...more }), 'service');
  await world.store.insert(order);
  world.pass(100);
  const refund = (outRefundNo = 'R1', refundFee = 40) =>
    refundOrder(
      { outTradeNo, outRefundNo, refundFee: fen(refundFee) },
      world.deps,
      anInvocation(admin),
    );
  await refund();
  const stored = async () => (await world.store.get(outTradeNo)) as Order;
  return {
    ...world,
    wechat,
    refund,
    stored,
    giveUp: (more: object = {}) =>
      decideOrder({ ...decision, ...more }, world.deps, anInvocation(admin)),
    run: () =>
      closeStaleOrders(
        { Type: 'Timer' },
        world.deps,
        anInvocation(timer, () => 50_000),
      ),
    state: async () => (await stored()).refunds?.[0]?.status.state,
    events: async () => (await stored()).events.map(({ type, about }) => `${type} ${about}`),
  };
}

describe('giving a refund up', () => {
  test('that WeChat did not take for want of money frees its sum at once, closes its number, and is on record', async () => {
    const at = await open([noBalance]);
    expect(await at.refund('R2', 100)).toMatchObject({ refused: 'REFUND_EXCEEDS_PAID' });
    expect(await at.giveUp()).toEqual({
      decision: 'giveUpRefund',
      outTradeNo,
      outRefundNo: 'R1',
      refundFee: 40,
      state: 'refused',
      refundStatus: 'CLOSED',
      origin: 'ours',
      refusedReason: 'GIVEN_UP',
      refundedFee: 0,
    });
    expect(await at.stored()).toMatchObject({
      checkAt: null,
      decisions: [
        {
          decision: 'giveUpRefund',
          about: 'R1',
          by: 'oAdmin',
          at: plus(100),
          reason: '改为线下退款',
        },
      ],
    });
    expect(await at.events()).toEqual(['refund.given_up R1']);
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_NO_CLOSED' });
    at.pass(HOUR_S);
    await at.run();
    expect(at.wechat.sent).toHaveLength(1);
    expect(await at.refund('R2', 100)).toMatchObject({ state: 'processing' });
  });

  test('answers what went back of the order’s own payment, not of a second one', async () => {
    const at = await open([noBalance]);
    await applyEvidence(proof({ transactionId: '421' }), at.deps, anInvocation(timer));
    const ofSecond = refundProof({ transactionId: '421', outRefundNo: 'X9', refundFee: fen(100) });
    await applyRefundEvidence(ofSecond, at.deps, anInvocation(timer));
    expect(await at.giveUp()).toMatchObject({ state: 'refused', refundedFee: 0 });
  });

  test('is one decision, however often it is sent', async () => {
    const at = await open([noBalance]);
    const [first, ...others] = await Promise.all([at.giveUp(), at.giveUp(), at.giveUp()]);
    expect(others).toEqual([first, first]);
    expect((await at.stored()).decisions).toHaveLength(1);
  });

  test.each<[string, Failure[]]>([
    ['its answer was lost', ['lost_request', 'lost_request']],
    ['WeChat was too busy, and a refund may be under way all the same', twice('FREQUENCY_LIMITED')],
    ['its answer was lost before the balance was short', ['lost_request', noBalance]],
    ['WeChat refused it after an answer was lost', ['lost_request', refused('NO_AUTH')]],
  ])('that may land still, since %s, is refused until it cannot', async (_why, failures) => {
    const at = await open(failures);
    at.pass(9 * MINUTE_S);
    expect(await at.giveUp()).toMatchObject({
      refused: 'REFUND_UNCERTAIN',
      retry: 'same_request',
      details: { retryAt: '2026-11-24T10:11:40+08:00' },
    });
    expect(refundedFee((await at.stored()).refunds)).toBe(40);
    at.pass(MINUTE_S);
    expect(await at.giveUp()).toMatchObject({ state: 'refused', refundedFee: 0 });
    expect(await at.events()).toEqual(['refund.given_up R1']);
  });

  test('that WeChat took without our knowing is asked about, and stays', async () => {
    const at = await open([]);
    await at.store.replace({ ...(await at.stored()), refunds: await uncertain(at) }, 3);
    at.pass(HOUR_S);
    expect(await at.giveUp()).toMatchObject({
      refused: 'REFUND_TAKEN',
      details: { state: 'processing', refundStatus: 'PROCESSING' },
    });
    expect(await at.state()).toBe('processing');
    expect(await at.stored()).not.toHaveProperty('decisions');
  });

  test.each<[string, Gateway['queryRefund'], object]>([
    [
      'knows the number and tells no more',
      async (_order, outRefundNo) => ({ kind: 'status_unknown', outRefundNo }),
      { refused: 'REFUND_TAKEN' },
    ],
    [
      'has it with a word that we do not know',
      async () => refundProof({ kind: 'unknown', refundStatus: 'ODD' }),
      { refused: 'REFUND_TAKEN' },
    ],
    [
      'has another amount under it',
      async () => refundProof({ refundFee: fen(39) }),
      { refused: 'REFUND_MISMATCH' },
    ],
    [
      'does not answer',
      async () => Promise.reject(new GatewayError('ANSWER_LOST', 'query_first', 'x')),
      { refused: 'ANSWER_LOST', retry: 'same_request' },
    ],
  ])('of which WeChat %s leaves it as it is', async (_what, queryRefund, refusal) => {
    const at = await open(['lost_request', 'lost_request'], { queryRefund });
    at.pass(HOUR_S);
    expect(await at.giveUp()).toMatchObject(refusal);
    expect(await at.state()).toBe('requested');
    expect(refundedFee((await at.stored()).refunds)).toBe(40);
  });

  test('that another run is sending at this moment is refused', async () => {
    const at = await open([noBalance]);
    at.pass(HOUR_S);
    const send = heldBack();
    const gateway = at.deps.gatewayOf('apiV3');
    at.deps.gatewayOf = () => ({ ...gateway, refund: send.call });
    const running = at.refund();
    await send.begun;
    expect(await at.giveUp()).toMatchObject({ refused: 'REFUND_PLACING' });
    expect(await at.state()).toBe('requested');
    send.end();
    expect(await running).toMatchObject({ state: 'processing' });
  });

  test('that another run takes over while WeChat is asked is refused, and never free beside a sent one', async () => {
    const at = await open(['lost_request', 'lost_request']);
    at.pass(HOUR_S);
    const gateway = at.deps.gatewayOf('apiV3');
    const send = heldBack();
    let running: Promise<unknown> | undefined;
    at.deps.gatewayOf = () => ({
      ...gateway,
      refund: send.call,
      queryRefund: async (...args) => {
        const answer = await gateway.queryRefund(...args);
        // The first to ask is who gives up; the other one asks and sends in the meantime.
        if (!running) {
          running = at.refund();
          await send.begun;
        }
        return answer;
      },
    });
    expect(await at.giveUp()).toMatchObject({ refused: 'REFUND_PLACING' });
    send.end();
    await running;
    expect(await at.state()).toBe('processing');
  });

  test.each(['processing', 'success', 'closed', 'abnormal', 'unknown'] as const)(
    'that is %s at WeChat is refused with how it stands',
    async (kind) => {
      const at = await open([]);
      at.wechat.end('R1', kind);
      at.pass(MINUTE_S);
      await at.run();
      expect(await at.giveUp()).toMatchObject({ refused: 'REFUND_TAKEN', retry: 'never' });
      expect(await at.stored()).not.toHaveProperty('decisions');
    },
  );

  test('that was given up and that WeChat took all the same counts again', async () => {
    const at = await open([noBalance]);
    await at.giveUp();
    at.wechat.accept(paid, { outRefundNo: 'R1', refundFee: fen(40) });
    await applyRefundEvidence(refundProof(), at.deps, anInvocation(timer));
    expect(refundedFee((await at.stored()).refunds)).toBe(40);
    expect(await at.events()).toEqual(['refund.given_up R1', 'refund.success R1']);
  });

  test.each<[string, Failure[], number, number]>([
    ['that was taken is not asked about', [], HOUR_S, 0],
    ['that never reached WeChat is not asked about', [noBalance], HOUR_S, 0],
    ['that may be there is not asked about while it is being sent', lostTwice(), 5.999, 0],
    ['that may be there is asked about once nobody sends it', lostTwice(), 6, 1],
  ])('%s', async (_what, failures, seconds, times) => {
    let asked = 0;
    const at = await open(failures);
    if (failures.length > 1) await at.store.replace(await sentAt(100, at), 3);
    const gateway = at.deps.gatewayOf('apiV3');
    at.deps.gatewayOf = () => ({
      ...gateway,
      queryRefund: async (...args) => {
        asked += 1;
        return gateway.queryRefund(...args);
      },
    });
    at.pass(seconds);
    await at.giveUp();
    expect(asked).toBe(times);
  });

  test.each<[string, OrderDocument | undefined, string]>([
    ['is gone', undefined, 'ORDER_NOT_EXIST'],
    ['is an orphan', orphanOf(proof(), plus(1)), 'REFUND_NOT_EXIST'],
  ])(
    'of an order that %s by the time of the decision is refused',
    async (_what, document, code) => {
      const at = await open(['lost_request', 'lost_request']);
      at.pass(HOUR_S);
      const gateway = at.deps.gatewayOf('apiV3');
      at.deps.gatewayOf = () => ({
        ...gateway,
        queryRefund: async (...args) => {
          at.store.raw.delete(outTradeNo);
          if (document) await at.store.insert(document);
          return gateway.queryRefund(...args);
        },
      });
      expect(await at.giveUp()).toMatchObject({ refused: code });
    },
  );

  test('that fails for a fault of ours is no refusal', async () => {
    const fault = new TypeError('x');
    const at = await open(lostTwice());
    at.pass(HOUR_S);
    const gateway = at.deps.gatewayOf('apiV3');
    at.deps.gatewayOf = () => ({ ...gateway, queryRefund: async () => Promise.reject(fault) });
    await expect(at.giveUp()).rejects.toBe(fault);
  });

  test.each([
    [{ outTradeNo: 'NOBODY01' }, 'ORDER_NOT_EXIST'],
    [{ outRefundNo: 'R9' }, 'REFUND_NOT_EXIST'],
  ])('%o is refused', async (more, code) => {
    const at = await open([noBalance]);
    expect(await at.giveUp(more)).toMatchObject({ refused: code });
  });
});

describe('a refund that nobody gives up', () => {
  test('is not sent by itself half a year later: it ends after a week, once', async () => {
    const at = await open([noBalance]);
    at.pass(182 * 24 * HOUR_S);
    const { counts } = await at.run();
    expect(counts).toEqual({ refund_given_up: 1 });
    expect(at.wechat.sent).toHaveLength(1);
    expect((await at.stored()).refunds).toMatchObject([
      { status: { state: 'refused', reason: 'NOT_SENT_IN_TIME' } },
    ]);
    expect(await at.events()).toEqual(['refund.given_up R1']);
    expect((await at.stored()).checkAt).toBeNull();
  });

  test('nor by a caller who sends the same number again then', async () => {
    const at = await open([noBalance]);
    at.pass(182 * 24 * HOUR_S);
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_NO_CLOSED' });
    expect(at.wechat.sent).toHaveLength(1);
    expect(await at.refund('R2', 100)).toMatchObject({ state: 'processing' });
  });

  test.each([
    [7 * 24 * HOUR_S - 1, 2, 'processing'],
    [7 * 24 * HOUR_S, 1, 'refused'],
  ])('after %d s has been sent %d times and is %s', async (age, times, state) => {
    const at = await open([noBalance]);
    at.pass(age);
    await at.run();
    expect(at.wechat.sent).toHaveLength(times);
    expect(await at.state()).toBe(state);
  });

  test('stays, its sum taken, while WeChat cannot be asked about what may have landed', async () => {
    const at = await open(['lost_request', 'lost_request']);
    const gateway = at.deps.gatewayOf('apiV3');
    at.deps.gatewayOf = () => ({
      ...gateway,
      queryRefund: async () => Promise.reject(refused('MERCHANT_NOT_CONFIGURED')),
    });
    at.pass(182 * 24 * HOUR_S);
    await at.run();
    expect(await at.state()).toBe('requested');
    expect(at.wechat.sent).toHaveLength(2);
    at.deps.gatewayOf = () => gateway;
    at.pass(HOUR_S);
    await at.run();
    expect(await at.state()).toBe('refused');
  });

  test('and that WeChat took after all is found, not ended', async () => {
    const at = await open(['lost_request', 'lost_request']);
    at.wechat.accept(paid, { outRefundNo: 'R1', refundFee: fen(40) });
    at.pass(182 * 24 * HOUR_S);
    await at.run();
    expect(await at.state()).toBe('processing');
  });
});

test.each([
  ['no decision', { decision: undefined }],
  ['another decision', { decision: 'refund' }],
  ['no reason', { reason: undefined }],
  ['an empty reason', { reason: '' }],
  ['a field too many', { refundFee: 1 }],
])('a request with %s is not accepted', (_what, more) => {
  expect(contract.input.safeParse(decision).success).toBe(true);
  expect(contract.input.safeParse({ ...decision, ...more }).success).toBe(false);
});

function refused(code: string): GatewayError {
  return new GatewayError(code, 'never', 'x');
}

function twice(code: string): GatewayError[] {
  const failure = new GatewayError(code, 'query_first', 'x');
  return [failure, failure];
}

/** Makes a call to WeChat that goes on when the test says so, and then succeeds. */
function heldBack() {
  let begin = () => {};
  let end = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const call: Gateway['refund'] = async () => {
    begin();
    await ended;
    return refundProof({ kind: 'processing' });
  };
  return { call, begun, end };
}

function lostTwice(): Failure[] {
  return ['lost_request', 'lost_request'];
}

/** The order as if somebody had begun to send its refund so many seconds after it was placed. */
async function sentAt(seconds: number, { stored }: { stored(): Promise<Order> }): Promise<Order> {
  const order = await stored();
  const status = { state: 'requested', placingUntil: plus(seconds + 6), attempts: 2 } as const;
  return { ...order, refunds: order.refunds?.map((refund) => ({ ...refund, status })) ?? [] };
}

/** The refunds of an order as if the answer to the accepted one had been lost. */
async function uncertain({ stored }: { stored(): Promise<Order> }) {
  const status = { state: 'requested', placingUntil: plus(106), attempts: 1 } as const;
  return (await stored()).refunds?.map((refund) => ({ ...refund, status })) ?? [];
}
