import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { beginRefund, type Refund } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { type OrderStore, StoreError } from '../../ports/store.ts';
import { processDue } from './processDue.ts';

const { paying, paid } = ordersByState;
const { outTradeNo } = paying;
const fault = new TypeError('x');
const away = new StoreError('STORE_UNAVAILABLE', 'same_request', 'x');
const refund: Refund = {
  ...beginRefund(aRefundRequest('R1'), placedAt),
  status: { state: 'processing', refundId: '503-R1' },
};

/** Lets the timer process one due document, of a number that may be free. */
async function processed(
  document: OrderDocument | undefined,
  answers: Partial<Gateway> = {},
  faults: Partial<OrderStore> = {},
) {
  const world = memoryDeps(aGateway(answers));
  if (document) await world.store.insert({ ...document, checkAt: placedAt });
  world.pass(61);
  world.deps.store = Object.assign(Object.create(world.store), world.store, faults);
  const invocation = anInvocation({ kind: 'timer', source: 'timer' });
  const due = { outTradeNo, at: placedAt, link: 'apiV3' } as const;
  const all = await processDue(due, world.deps, invocation);
  const raw = world.store.raw.get(outTradeNo);
  return {
    all,
    invocation,
    checkAt: raw?.checkAt,
    order: raw?.order as Partial<Order> | undefined,
  };
}

const fail = (error: Error) => async () => Promise.reject(error);
const failure = (code: string, error: Error) => [{ kind: 'failure', code, error }];
const outcome = (name: string) => [{ kind: 'outcome', outcome: name }];

test.each<[string, OrderDocument | undefined, Partial<Gateway>, Partial<OrderStore>, object[]]>([
  ['asked about', paying, {}, {}, outcome('unpaid')],
  [
    'taken by another worker',
    paying,
    {},
    { lease: async () => false },
    outcome('leased_by_another'),
  ],
  ['gone', paying, {}, { get: async () => undefined }, outcome('no_order')],
  ['an orphan without refunds', orphanOf(proof(), plus(60)), {}, {}, outcome('nothing_due')],
  ['paid, with nothing to refund', paid, {}, {}, outcome('nothing_due')],
  [
    'paid, with a refund that ended',
    { ...paid, refunds: [refund] },
    { queryRefund: async () => refundProof() },
    {},
    outcome('refund_success'),
  ],
  [
    'not leased by the database',
    paying,
    {},
    { lease: fail(away) },
    failure('STORE_UNAVAILABLE', away),
  ],
  ['not read by the database', paying, {}, { get: fail(away) }, failure('STORE_UNAVAILABLE', away)],
  [
    'not written by the database',
    { ...paid, refunds: [refund] },
    { queryRefund: async () => refundProof() },
    { replace: fail(away) },
    failure('STORE_UNAVAILABLE', away),
  ],
])(
  'an order that is %s is counted so, without a line',
  async (_what, document, answers, faults, expected) => {
    const { all, invocation } = await processed(document, answers, faults);
    expect(all).toEqual(expected);
    expect(invocation.lines.filter(({ error }) => error !== undefined)).toEqual([]);
  },
);

test.each<[string, OrderDocument, Partial<Gateway>]>([
  ['a question', paying, { queryOrder: fail(fault) }],
  ['a question about a refund', { ...paid, refunds: [refund] }, { queryRefund: fail(fault) }],
])('a fault of ours in %s costs one order, and has a line', async (_what, document, answers) => {
  const { all, invocation } = await processed(document, answers);
  expect(all).toEqual(failure('INTERNAL_ERROR', fault));
  expect(invocation.lines).toEqual([{ level: 'error', outTradeNo, error: 'TypeError: x' }]);
});

test('a database that is away sets nothing aside: the lease ends, and the order is due again', async () => {
  const { checkAt } = await processed(paying, {}, { get: fail(away) });
  expect(checkAt).toEqual(plus(61 + 120));
});

test('a document that no code can read is set aside for an hour', async () => {
  const unreadable = new StoreError('DOCUMENT_UNREADABLE', 'never', 'x');
  const { all, checkAt } = await processed(paying, {}, { get: fail(unreadable) });
  expect(all).toEqual(failure('DOCUMENT_UNREADABLE', unreadable));
  expect(checkAt).toEqual(plus(61 + 3600));
});

// For a week a refund of which nothing can be learnt is asked about; then a person has it.
test.each<[string, Gateway['queryRefund'], boolean]>([
  ['that WeChat does not know', async () => ({ kind: 'not_found', outRefundNo: 'R1' }), true],
  ['of which WeChat says another sum', async () => refundProof({ refundFee: 1 as never }), true],
  ['that WeChat gives to another order', async () => refundProof({ outTradeNo: 'OTHER001' }), true],
  [
    'with a status that is new',
    async () => refundProof({ kind: 'unknown', refundStatus: 'NEW' }),
    true,
  ],
  ['that WeChat refuses to tell of', fail(new GatewayError('NO_AUTH', 'never', 'x')), true],
  ['in progress', async () => refundProof({ kind: 'processing' }), false],
  [
    'whose status WeChat does not tell',
    async () => ({ kind: 'status_unknown', outRefundNo: 'R1' }),
    false,
  ],
])(
  'a refund %s: unanswered from then on, or answered',
  async (_what, queryRefund, isUnanswered) => {
    const { order } = await processed({ ...paid, refunds: [refund] }, { queryRefund });
    expect(order?.refunds?.[0]?.unansweredSince !== undefined).toBe(isUnanswered);
  },
);

test('a refund that was never taken, and of which each send is lost, is answered by "not found"', async () => {
  const status = { state: 'requested', placingUntil: plus(1), attempts: 1 } as const;
  const { order } = await processed(
    { ...paid, refunds: [{ ...refund, status }] },
    {
      queryRefund: async () => ({ kind: 'not_found', outRefundNo: 'R1' }),
      refund: fail(new GatewayError('ANSWER_LOST', 'query_first', 'x')),
    },
  );
  expect(order?.refunds).toMatchObject([{ status: { state: 'requested', attempts: 2 } }]);
  expect(order?.refunds?.[0]).not.toHaveProperty('unansweredSince');
});
