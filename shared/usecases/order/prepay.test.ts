import { expect, test } from 'vitest';
import { anOrder, aReceipt, ordersByState, placedAt, plus } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import { type Order, type Prepay, takeOverPlacing, withPrepay } from '../../domain/order/order.ts';
import type { Retry } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { obtainPrepay } from './prepay.ts';

const late = { prepayId: 'late' };
const quarantine = {
  differs: 'amount',
  transactionId: '420',
  totalFee: fen(1),
  at: plus(5),
} as const;
const closed = { state: 'closed', closedAt: plus(5), reason: 'expired' } as const;

/** Gets a prepay id for an order, while `change` happens to the stored one before WeChat has answered. */
async function answeredLate(
  order: Order,
  { isOurs, change = (stored) => stored, answer = async () => late }: Late,
) {
  const world = memoryDeps(
    aGateway({
      requestPrepay: async ({ outTradeNo }) => {
        const stored = await world.store.get(outTradeNo);
        if (stored?.kind !== 'order') throw new Error('no order is stored');
        const changed = change(stored);
        if (changed !== stored) await world.store.replace(changed, stored.version);
        world.pass(1);
        return answer();
      },
    }),
  );
  await world.store.insert(order);
  world.pass(10);
  const returned = await obtainPrepay({ order, isOurs }, world.deps, anInvocation());
  const stored = await world.store.get(order.outTradeNo);
  return { returned, stored };
}

interface Late {
  isOurs: boolean;
  change?: ((stored: Order) => Order) | undefined;
  answer?: () => Promise<Prepay>;
}

test.each<[string, Order, number, number]>([
  ['that it is placing, as long as its lease allows', anOrder(), 66, 1],
  ['that it is placing, later', anOrder(), 66.001, 0],
  ['that it is placing, once it expired', anOrder({ expiresAt: plus(60) }), 60, 0],
  ['whose prepay id is old, before it expires', ordersByState.paying, 1799, 1],
  ['whose prepay id is old, once it expired', ordersByState.paying, 1800, 0],
])('a function that was frozen sends the order %s', async (_what, order, nowS, times) => {
  let sent = 0;
  const world = memoryDeps(
    aGateway({
      requestPrepay: async () => {
        sent += 1;
        return late;
      },
    }),
  );
  await world.store.insert(order);
  world.pass(nowS);
  const obtained = await obtainPrepay({ order, isOurs: true }, world.deps, anInvocation());
  expect(sent).toBe(times);
  if (times === 0) expect(obtained).toMatchObject({ refused: 'DEADLINE' });
});

const begun = anOrder();
/** An order whose prepay id is old: a fresh one is requested for it. */
const stale = withPrepay(begun, { prepayId: 'first' }, placedAt);
const fresher = { prepayId: 'fresher' };

test.each<[string, Order, Late['change'], object]>([
  ['closed', begun, (order) => ({ ...order, status: closed }), { status: closed }],
  [
    'paid',
    begun,
    (order) => ({ ...order, status: { state: 'paid', receipt: aReceipt } }),
    { status: ordersByState.paid.status },
  ],
  ['quarantined', begun, (order) => ({ ...order, quarantine }), { quarantine }],
  [
    'to be closed',
    begun,
    (order) => ({ ...order, closeDueAt: plus(600) }),
    { status: begun.status, closeDueAt: plus(600) },
  ],
  [
    'answered by another placer',
    begun,
    (order) => withPrepay(order, fresher, plus(5)),
    { status: { state: 'paying', ...fresher, prepayIssuedAt: plus(5) } },
  ],
  ['closed after its first prepay id', stale, (order) => ({ ...order, status: closed }), {}],
  [
    'paid with its first prepay id',
    stale,
    (order) => ({ ...order, status: { state: 'paid', receipt: aReceipt } }),
    {},
  ],
  [
    'given a fresher prepay id',
    stale,
    (order) => withPrepay(order, fresher, plus(5)),
    { status: { ...fresher, prepayIssuedAt: plus(5) } },
  ],
])('a late prepay id changes no order that was %s meanwhile', async (_what, order, change, is) => {
  const { returned, stored } = await answeredLate(order, { isOurs: true, change });
  expect(stored).toMatchObject({ ...is, version: 2 });
  expect(stored).not.toMatchObject({ status: late });
  expect(returned).toEqual(stored);
});

test.each<[string, Order, Late['change']]>([
  ['created', begun, undefined],
  ['created, and queried meanwhile', begun, (order) => ({ ...order, queriedAt: plus(5) })],
  ['created, and taken over meanwhile', begun, (order) => takeOverPlacing(order, plus(7))],
  ['paying with a stale prepay id', stale, undefined],
  ['paying, and queried meanwhile', stale, (order) => ({ ...order, queriedAt: plus(5) })],
])('a prepay id is written to an order that is %s', async (_what, order, change) => {
  const { returned, stored } = await answeredLate(order, { isOurs: true, change });
  const status = { state: 'paying', ...late, prepayIssuedAt: plus(11) };
  expect(stored).toMatchObject({ status });
  expect(returned).toEqual(stored);
});

const failing = (code: string, retry: Retry) => async () => {
  throw new GatewayError(code, retry, 'x');
};

test.each<[string, Order, Partial<Late>, object, Retry]>([
  [
    'closes an order that no other attempt can have placed',
    begun,
    { isOurs: true },
    { status: { state: 'closed', reason: 'PARAM_ERROR', closedAt: plus(11) } },
    'never',
  ],
  [
    'closes none that another took over meanwhile',
    begun,
    { isOurs: true, change: (order) => takeOverPlacing(order, plus(7)) },
    { status: { state: 'created', attempts: 2, placingUntil: plus(13) } },
    'same_request',
  ],
  [
    'closes none that was taken over from another',
    begun,
    { isOurs: false },
    { status: { state: 'created', attempts: 2, placingUntil: plus(11) } },
    'same_request',
  ],
  [
    'closes none that another got a prepay id for meanwhile',
    begun,
    { isOurs: true, change: (order) => withPrepay(order, fresher, plus(5)) },
    { status: { state: 'paying', ...fresher } },
    'same_request',
  ],
  ['closes none that has a prepay id', stale, { isOurs: false }, { status: stale.status }, 'never'],
])('a refusal for good %s, and is final only where it is', async (_what, order, how, is, retry) => {
  const answer = failing('PARAM_ERROR', 'never');
  const { returned, stored } = await answeredLate(order, { isOurs: true, ...how, answer });
  expect(returned).toMatchObject({ refused: 'PARAM_ERROR', retry });
  expect(stored).toMatchObject(is);
});

test('any other failure lets the next caller place at once', async () => {
  const answer = failing('SYSTEM_ERROR', 'same_request');
  const { stored } = await answeredLate(begun, { isOurs: true, answer });
  expect(stored).toMatchObject({ status: { state: 'created', attempts: 1 } });
  expect(stored).not.toMatchObject({ status: { placingUntil: plus(6) } });
});

test.each(['ORDERPAID', 'ORDER_CLOSED'])(
  'after %s the order is queried, and the answer decides',
  async (code) => {
    const answer = failing(code, code === 'ORDERPAID' ? 'query_first' : 'never');
    const world = memoryDeps(
      aGateway({
        requestPrepay: answer,
        queryOrder: async ({ outTradeNo }) => ({
          kind: 'closed',
          via: 'query',
          outTradeNo,
          code: 'CLOSED',
        }),
      }),
    );
    await world.store.insert(begun);
    const returned = await obtainPrepay({ order: begun, isOurs: true }, world.deps, anInvocation());
    expect(returned).toMatchObject({ kind: 'order', status: { state: 'closed' } });
    expect(await world.store.get(begun.outTradeNo)).toEqual(returned);
  },
);

test('one who comes too late to take over asks for nothing, and gets the order as it stands', async () => {
  let calls = 0;
  const world = memoryDeps(
    aGateway({
      requestPrepay: async () => {
        calls += 1;
        return late;
      },
    }),
  );
  await world.store.insert(begun);
  await world.store.replace(takeOverPlacing(begun, plus(7)), 1);
  world.pass(8);
  const returned = await obtainPrepay({ order: begun, isOurs: false }, world.deps, anInvocation());
  expect([returned, calls]).toMatchObject([{ version: 2, status: { attempts: 2 } }, 0]);
});

test('a prepay id that cannot be written is not handed out', async () => {
  const world = memoryDeps(aGateway({ requestPrepay: async () => late }));
  await world.store.insert(begun);
  world.deps.store = {
    ...world.store,
    replace: async () => {
      throw new StoreError('STORE_OUTCOME_UNKNOWN', 'same_request', 'x');
    },
  };
  const obtained = obtainPrepay({ order: begun, isOurs: true }, world.deps, anInvocation());
  await expect(obtained).rejects.toMatchObject({ code: 'STORE_OUTCOME_UNKNOWN' });
});
