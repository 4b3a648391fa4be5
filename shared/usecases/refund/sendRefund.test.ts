import { describe, expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundingWeChat } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { RefundInput } from '../../contract/refund/refund.ts';
import { fen } from '../../domain/money.ts';
import { conclude } from '../../domain/order/conclude.ts';
import type { Order } from '../../domain/order/order.ts';
import { beginRefund, type Refund } from '../../domain/order/refund.ts';
import { takeOverRefund } from '../../domain/refund/refundAttempts.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { refundOrder } from './refundOrder.ts';

const { paid } = ordersByState;
const { outTradeNo } = paid;
const service = { kind: 'service', source: 'http' } as const;
const DAY_S = 86_400;

/** A refund whose sender has it until so many seconds after the order was placed. */
const begun = (untilS: number): Refund => ({
  ...beginRefund(aRefundRequest('R1', 40), plus(1)),
  status: { state: 'requested', placingUntil: plus(untilS), attempts: 1 },
});

/** An order at 100 s, and a WeChat Pay that notes what it is asked and sent. */
async function open(order: Order, more: Partial<Gateway> = {}) {
  const wechat = refundingWeChat();
  const asked: string[] = [];
  const world = memoryDeps(
    aGateway({
      ...wechat.gateway,
      queryRefund: async (ids, outRefundNo, ms) => {
        asked.push(outRefundNo);
        return wechat.gateway.queryRefund(ids, outRefundNo, ms);
      },
      queryOrder: async () => {
        asked.push(outTradeNo);
        return proof();
      },
      ...more,
    }),
    'service',
  );
  await world.store.insert(order);
  world.pass(100);
  const named: RefundInput = { outTradeNo, outRefundNo: 'R1', refundFee: fen(40) };
  return {
    ...world,
    wechat,
    asked,
    stored: async () => (await world.store.get(outTradeNo)) as Order,
    refund: (input: Partial<RefundInput> = {}) =>
      refundOrder({ ...named, ...input }, world.deps, anInvocation(service)),
    run: async (kind: 'timer' | 'self' = 'timer') => {
      const caller = { kind, source: 'timer' } as const;
      const invocation = anInvocation(caller, () => 50_000);
      return (await closeStaleOrders({ Type: 'Timer' }, world.deps, invocation)).counts;
    },
  };
}

test('the reason goes to WeChat, stays in the order, and is answered', async () => {
  const frozen: (string | undefined)[] = [];
  const freezeRefund: Gateway['freezeRefund'] = (_payment, { outRefundNo, reason }) => {
    frozen.push(reason);
    return `{"no":"${outRefundNo}"}`;
  };
  const at = await open(paid, { freezeRefund });
  expect(await at.refund({ refundDesc: '少一件' })).toMatchObject({ refundDesc: '少一件' });
  expect(frozen).toEqual(['少一件']);
  expect((await at.stored()).refunds).toMatchObject([{ reason: '少一件' }]);
  at.pass(60);
  expect(await at.refund({ outRefundNo: 'R2' })).not.toHaveProperty('refundDesc');
  expect((await at.stored()).refunds?.[1]).not.toHaveProperty('reason');
});

test('the name of the refund callback may be given, as CloudPay wants it', async () => {
  const at = await open(paid);
  expect(await at.refund({ functionName: 'refundCallback' })).toMatchObject({
    state: 'processing',
  });
});

test.each<[string, Order, object]>([
  ['known to be paid', paid, { state: 'processing' }],
  [
    'in quarantine',
    conclude(ordersByState.paying, proof({ totalFee: fen(1) }), plus(60)).order as Order,
    { refused: 'ORDER_QUARANTINED' },
  ],
])('an order that is %s is not queried before its refund', async (_how, order, answer) => {
  const at = await open(order);
  expect(await at.refund()).toMatchObject(answer);
  expect(at.asked).toEqual([]);
});

test('a second refund within the minute is refused with the time when it may come', async () => {
  const at = await open(paid);
  await at.refund();
  expect(await at.refund({ outRefundNo: 'R2' })).toMatchObject({
    refused: 'REFUND_TOO_SOON',
    details: { retryAt: '2026-11-24T10:02:40+08:00' },
  });
});

test('without a token the refund is left to the timer, and its number named', async () => {
  const at = await open({ ...paid, link: 'cloudPay' });
  at.wechat.failures.push(new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'x'));
  at.wechat.failures.push(new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'x'));
  expect(await at.refund()).toMatchObject({
    refused: 'REFUND_SCHEDULED',
    details: { outRefundNo: 'R1' },
  });
});

describe('a repeat, while another caller is sending the refund,', () => {
  test('is answered what that one brought, and sends nothing', async () => {
    const at = await open({ ...paid, refunds: [begun(106)] });
    const { wait } = at.deps.clock;
    at.deps.clock.wait = async (ms) => {
      await wait(ms);
      const stored = await at.stored();
      if (at.deps.clock.now() < plus(102) || stored.version > 1) return;
      const status = { state: 'processing', refundId: '503-R1' } as const;
      await at.store.replace({ ...stored, refunds: [{ ...begun(106), status }] }, stored.version);
    };
    expect(await at.refund()).toMatchObject({ state: 'processing', refundId: '503-R1' });
    expect(at.deps.clock.now()).toEqual(plus(102));
    expect([at.asked, at.wechat.sent]).toEqual([[], []]);
  });

  test('is to come again once it has waited as long as one may', async () => {
    const at = await open({ ...paid, refunds: [begun(200)] });
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_PLACING', retry: 'same_request' });
    expect([at.asked, at.wechat.sent]).toEqual([[], []]);
  });

  test('sends nothing where that one took it over during the query', async () => {
    const at = await open({ ...paid, refunds: [begun(99)] });
    const gateway = at.deps.gatewayOf('apiV3');
    at.deps.gatewayOf = () => ({
      ...gateway,
      queryRefund: async (...args) => {
        const stored = await at.stored();
        const taken = takeOverRefund(stored, 'R1', at.deps.clock.now());
        await at.store.replace(taken, stored.version);
        return gateway.queryRefund(...args);
      },
    });
    expect(await at.refund()).toMatchObject({ refused: 'REFUND_PLACING' });
    expect(at.wechat.sent).toEqual([]);
    expect((await at.stored()).refunds).toMatchObject([{ status: { attempts: 2 } }]);
  });
});

describe('a refund that WeChat knows, too old to be sent again, ends as unverified', () => {
  const known: Gateway['queryRefund'] = async (_ids, outRefundNo) => ({
    kind: 'status_unknown',
    outRefundNo,
  });
  const old = async () => {
    const at = await open(
      { ...paid, refunds: [begun(7)], checkAt: plus(60) },
      { queryRefund: known },
    );
    at.pass(8 * DAY_S);
    return at;
  };

  test('for who repeats it', async () => {
    const at = await old();
    expect(await at.refund()).toMatchObject({ state: 'unverified' });
    expect(at.wechat.sent).toEqual([]);
  });

  test('for the timer, which counts it so', async () => {
    const at = await old();
    expect(await at.run()).toEqual({ refund_unverified: 1 });
    expect(at.wechat.sent).toEqual([]);
  });
});

describe('a refusal for good', () => {
  const refusal = () => new GatewayError('USER_ACCOUNT_ABNORMAL', 'never', 'x');

  test('is answered to who waits, without an event and without another question', async () => {
    const at = await open(paid);
    at.wechat.failures.push(refusal());
    expect(await at.refund()).toMatchObject({ refused: 'USER_ACCOUNT_ABNORMAL' });
    expect([(await at.stored()).events, at.asked]).toEqual([[], []]);
  });

  test.each(['timer', 'self'] as const)(
    'that only the timer hears (%s) becomes an event',
    async (kind) => {
      const at = await open({ ...paid, refunds: [begun(7)], checkAt: plus(60) });
      at.pass(700);
      at.wechat.failures.push(refusal());
      expect(await at.run(kind)).toEqual({ USER_ACCOUNT_ABNORMAL: 1 });
      expect((await at.stored()).events).toMatchObject([{ type: 'refund.refused', about: 'R1' }]);
    },
  );
});

test('a balance too short is not followed by a question', async () => {
  const at = await open(paid);
  at.wechat.failures.push(new GatewayError('NOT_ENOUGH', 'same_request', 'x'));
  expect(await at.refund()).toMatchObject({ refused: 'NOT_ENOUGH' });
  expect(at.asked).toEqual([]);
});

test.each(['processing', 'abnormal'] as const)(
  'WeChat forgets a refund that was %s: an event says so',
  async (state) => {
    const own = { state, refundId: '503', abnormalAt: plus(2) };
    const refunds = [{ ...begun(7), status: own }];
    const at = await open({ ...paid, refunds, checkAt: plus(60) });
    expect(await at.run()).toEqual({ refund_not_found: 1 });
    expect((await at.stored()).events).toMatchObject([
      { type: 'refund.unknown_at_wechat', about: 'R1' },
    ]);
  },
);
