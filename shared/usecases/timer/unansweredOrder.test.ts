import { expect, test } from 'vitest';
import { ordersByState, placedAt, proof, unpaid } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { Link } from '../../domain/limits.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import { beginRefund, type Refund, refundedFee } from '../../domain/order/refund.ts';
import type { RefundNotFound } from '../../domain/refund/refundEvidence.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { applyEvidence } from '../order/applyEvidence.ts';
import { queryOrder } from '../order/queryOrder.ts';
import { closeStaleOrders } from './closeStaleOrders.ts';

const { paying, created, paid } = ordersByState;
const { outTradeNo } = paying;
const MINUTE_S = 60;

/** Makes an order that is never answered, and runs the timer for so many days of minutes that have something due. */
async function neglected(
  fault: () => Evidence | GatewayError,
  more: { link?: Link; state?: 'created' } = {},
) {
  const { link = 'apiV3', state } = more;
  let result: () => Evidence | GatewayError = fault;
  let asked = 0;
  const answer = async () => {
    asked += 1;
    const evidence = result();
    if (evidence instanceof GatewayError) throw evidence;
    return evidence;
  };
  const world = memoryDeps(
    aGateway({
      queryOrder: answer,
      closeOrder: async () => {
        throw new GatewayError('SYSTEM_ERROR', 'never', 'x');
      },
    }),
  );
  const order = { ...(state ? created : paying), link };
  await world.store.insert(order);
  const invocation = anInvocation({ kind: 'timer', source: '' });
  const run = () => closeStaleOrders({ Type: 'Timer' }, world.deps, invocation);
  const stored = async () => {
    const document = await world.store.get(outTradeNo);
    if (document?.kind !== 'order') throw new Error('no order is stored');
    return document;
  };
  const passUntilDue = async () => {
    const { checkAt } = await stored();
    const waitMs = (checkAt?.getTime() ?? 0) - world.deps.clock.now().getTime();
    world.pass(Math.max(waitMs / 1000, MINUTE_S));
  };
  for (let i = 0; i < 1000 && (await stored()).checkAt; i += 1) {
    await passUntilDue();
    await run();
  }
  return {
    ...world,
    stored,
    run,
    invocation,
    asked: () => asked,
    from: (answers: () => Evidence) => {
      result = answers;
    },
  };
}

const unconfigured = () => new GatewayError('MERCHANT_NOT_CONFIGURED', 'never', 'x');

test.each<[string, () => Evidence | GatewayError, string, { link?: Link; state?: 'created' }]>([
  ['whose merchant is not configured', unconfigured, 'MERCHANT_NOT_CONFIGURED', {}],
  ['whose merchant never was', unconfigured, 'MERCHANT_NOT_CONFIGURED', { state: 'created' }],
  [
    'of cloud pay, without a token',
    () => new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'x'),
    'CLOUDPAY_TOKEN_MISSING',
    { link: 'cloudPay' },
  ],
  [
    'that WeChat does not know',
    () => unpaid('not_found', 'ORDER_NOT_EXIST'),
    'ORDER_NOT_EXIST',
    {},
  ],
])(
  'an order %s is asked about for a week after its end, and given to a person',
  async (_what, fault, code, more) => {
    const world = await neglected(fault, more);
    const order = await world.stored();
    expect(order).toMatchObject({ checkAt: null, unanswered: { code } });
    expect(order.status.state).toBe(more.state ?? 'paying');
    expect(order.events.filter(({ type }) => type === 'order.unanswered')).toHaveLength(1);
    expect(world.invocation.lines).toContainEqual(
      expect.objectContaining({
        event: 'order.unanswered',
        level: 'warn',
        outTradeNo,
        about: code,
      }),
    );
    const days = (order.unanswered?.endedAt?.getTime() ?? 0) - order.expiresAt.getTime();
    expect(days / 86_400_000).toBeGreaterThanOrEqual(7);
    expect(days / 86_400_000).toBeLessThan(7.1);
    const asked = world.asked();
    world.pass(365 * 86_400);
    await world.run();
    expect(world.asked()).toBe(asked);
  },
);

test('it is found paid by a notification, and by queryOrder', async () => {
  const notified = await neglected(unconfigured);
  await applyEvidence(proof({ via: 'callback' }), notified.deps, notified.invocation);
  expect((await notified.stored()).status.state).toBe('paid');
  const queried = await neglected(unconfigured);
  queried.from(proof);
  expect(await queryOrder({ outTradeNo }, queried.deps, anInvocation())).toMatchObject({
    state: 'paid',
  });
});

test.each<[string, () => Promise<RefundNotFound>]>([
  ['that WeChat does not know any more', async () => ({ kind: 'not_found', outRefundNo: 'R1' })],
  [
    'whose merchant is not configured',
    async () => {
      throw unconfigured();
    },
  ],
])(
  'an accepted refund %s is asked about for a week, and given to a person',
  async (_what, queryRefund) => {
    const processing = { state: 'processing', refundId: '503' } as const;
    await askedForAWeek(queryRefund, processing);
  },
);

test('so is one that was sent, whose answer was lost and of which no query is answered: its sum stays taken', async () => {
  const sent = { state: 'requested', placingUntil: placedAt, attempts: 1 } as const;
  const silent = async () => Promise.reject(unconfigured());
  const refunds = await askedForAWeek(silent, sent);
  expect(refundedFee(refunds)).toBe(40);
});

/** Runs the timer on a refund that stands so until nothing is due any more; it is unverified then. */
async function askedForAWeek(queryRefund: () => Promise<RefundNotFound>, status: Refund['status']) {
  let asked = 0;
  const world = memoryDeps(
    aGateway({
      queryRefund: () => {
        asked += 1;
        return queryRefund();
      },
    }),
  );
  const refund = { ...beginRefund(aRefundRequest('R1'), placedAt), status };
  await world.store.insert({ ...paid, refunds: [refund], checkAt: placedAt });
  const invocation = anInvocation({ kind: 'timer', source: '' });
  let document = await world.store.get(paid.outTradeNo);
  for (let i = 0; i < 1000 && document?.checkAt; i += 1) {
    const waitMs = document.checkAt.getTime() - world.deps.clock.now().getTime();
    world.pass(Math.max(waitMs / 1000, 0));
    await closeStaleOrders({ Type: 'Timer' }, world.deps, invocation);
    document = await world.store.get(paid.outTradeNo);
  }
  expect(document).toMatchObject({
    checkAt: null,
    refunds: [{ status: { state: 'unverified' } }],
  });
  expect(document?.events.at(-1)).toMatchObject({ type: 'refund.unverified', about: 'R1' });
  expect(asked).toBeGreaterThan(168);
  expect(asked).toBeLessThan(250);
  return document?.refunds;
}
