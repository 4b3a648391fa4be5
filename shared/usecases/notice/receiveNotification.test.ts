import { expect, test } from 'vitest';
import { ordersByState, plus, proof, unpaid } from '../../../tests/support/orders.ts';
import { refundProof } from '../../../tests/support/refunds.ts';
import { anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { Notification } from '../../ports/gateway.ts';
import { type OrderStore, StoreError } from '../../ports/store.ts';
import { receiveNotification } from './receiveNotification.ts';

const { paying } = ordersByState;
const posted = {
  from: 'http',
  headers: { 'wechatpay-nonce': 'n' },
  body: Buffer.from('{}'),
} as const;
const acknowledged = { status: 200, code: 'SUCCESS', message: 'OK' };

/** Makes a notification of a payment, verified. */
const notified = (evidence = proof({ via: 'callback' })): Notification => ({
  kind: 'payment',
  notificationId: 'EV-1',
  eventType: 'TRANSACTION.SUCCESS',
  evidence,
});

/** Makes a callback that gets this notification, whatever is posted, over these documents. */
async function open(notification: Notification, ...documents: OrderDocument[]) {
  const world = memoryDeps();
  for (const document of documents) await world.store.insert(document);
  const verified: unknown[] = [];
  world.deps.verifyNotification = async (raw, now) => {
    verified.push({ raw, now });
    return notification;
  };
  const fields: ReturnType<typeof anInvocation>['fields'][] = [];
  const post = () => {
    const invocation = anInvocation({ kind: 'http', source: '' });
    fields.push(invocation.fields);
    return receiveNotification(posted, world.deps, invocation);
  };
  return { ...world, post, verified, log: () => fields.at(-1) };
}

const stored = ({ store }: ReturnType<typeof memoryDeps>) => store.get(paying.outTradeNo);

test('a payment is written, logged, and only then acknowledged', async () => {
  const world = await open(notified(), paying);
  const order: string[] = [];
  const { replace } = world.store;
  world.deps.store = {
    ...world.store,
    replace: async (...args) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('written');
      return replace(...args);
    },
  };
  const answer = await world.post();
  order.push('answered');
  expect([answer, order]).toEqual([acknowledged, ['written', 'answered']]);
  expect(await stored(world)).toMatchObject({
    status: {
      state: 'paid',
      receipt: { transactionId: '420', paidAt: plus(60), confirmedBy: 'callback' },
    },
    checkAt: null,
  });
  expect(world.log()).toEqual({
    notificationId: 'EV-1',
    outTradeNo: paying.outTradeNo,
    outcome: 'paid',
    events: ['order.paid'],
  });
});

test('what was posted is verified as it came, at the present', async () => {
  const world = await open(notified(), paying);
  world.pass(7);
  await world.post();
  const { headers, body } = posted;
  expect(world.verified).toMatchObject([{ raw: { headers, body }, now: plus(7) }]);
});

test.each([400, 401, 500] as const)(
  'a notification that is refused with %i changes nothing',
  async (status) => {
    for (const probe of [true, false]) {
      const world = await open({ kind: 'refused', status, reason: 'signature', probe }, paying);
      expect(await world.post()).toEqual({ status, code: 'FAIL', message: 'signature' });
      expect(world.log()).toEqual({ level: 'warn', refused: 'signature', probe });
      expect(await stored(world)).toEqual(paying);
    }
  },
);

test.each<Notification>([
  {
    kind: 'refund',
    notificationId: 'EV-2',
    eventType: 'REFUND.SUCCESS',
    evidence: refundProof({ via: 'callback' }),
  },
  { kind: 'other', notificationId: 'EV-2', eventType: 'PAYSCORE.USER_PAID' },
])('an authentic one of kind $kind is not for this callback', async (notification) => {
  const world = await open(notification, ordersByState.paid);
  expect(await world.post()).toMatchObject({ status: 400, code: 'FAIL' });
  expect(world.log()).toEqual({
    level: 'warn',
    notificationId: 'EV-2',
    refused: `event_type:${(notification as { eventType: string }).eventType}`,
  });
  expect(await stored(world)).toEqual(ordersByState.paid);
});

const broken = (code: StoreError['code']) => async () => {
  throw new StoreError(code, 'same_request', 'the database is gone');
};

test.each<[string, Partial<OrderStore>, OrderDocument[]]>([
  ['read', { get: broken('STORE_UNAVAILABLE') }, [paying]],
  ['written', { replace: broken('STORE_UNAVAILABLE') }, [paying]],
  ['written for sure', { replace: broken('STORE_OUTCOME_UNKNOWN') }, [paying]],
  ['read by this code', { get: broken('DOCUMENT_NEWER') }, [paying]],
  ['written as an orphan', { insert: broken('STORE_UNAVAILABLE') }, []],
])('an order that cannot be %s is not acknowledged, and logged', async (_what, fault, before) => {
  const world = await open(notified(), ...before);
  world.deps.store = { ...world.store, ...fault };
  const answer = await world.post();
  expect(answer).toMatchObject({ status: 500, code: 'FAIL' });
  expect(world.log()).toMatchObject({
    level: 'error',
    errCode: answer.message,
    error: `${answer.message} the database is gone`,
    notificationId: 'EV-1',
  });
  world.deps.store = world.store;
  expect(await world.post()).toEqual(acknowledged);
});

test('a fault of ours is thrown on: the runtime answers it', async () => {
  const world = await open(notified(), paying);
  world.deps.store = { ...world.store, get: () => Promise.reject(new TypeError('x')) };
  await expect(world.post()).rejects.toThrow(TypeError);
});

test('a payment for a number that we never gave out is kept as an orphan', async () => {
  const world = await open(notified());
  expect(await world.post()).toEqual(acknowledged);
  expect(await stored(world)).toMatchObject({
    kind: 'orphan',
    totalFee: 100,
    receipt: { transactionId: '420', confirmedBy: 'callback' },
    events: [{ type: 'order.orphan' }],
  });
  expect(world.log()).toMatchObject({ outcome: 'orphaned', events: ['order.orphan'] });
});

test('an orphan that is paid again keeps its payment, and the second is an event, once', async () => {
  const first = orphanOf(proof({ via: 'callback' }), plus(60));
  const world = await open(notified(proof({ transactionId: '421', via: 'callback' })), first);
  for (const outcome of ['duplicate_payment', 'duplicate_payment']) {
    expect(await world.post()).toEqual(acknowledged);
    expect(world.log()).toMatchObject({ outcome });
  }
  expect(await stored(world)).toMatchObject({
    receipt: { transactionId: '420' },
    events: [{ type: 'order.orphan' }, { type: 'order.duplicate_payment', about: '421' }],
    version: 2,
  });
});

test.each<[string, OrderDocument[], string[]]>([
  ['an order', [paying], ['order.paid']],
  ['an orphan', [], ['order.orphan']],
])('%s that is notified 20 times at once is written once', async (_what, before, types) => {
  const world = await open(notified(), ...before);
  const answers = await Promise.all(Array.from({ length: 20 }, world.post));
  expect(answers).toEqual(Array(20).fill(acknowledged));
  const document = await stored(world);
  expect(document?.events.map(({ type }) => type)).toEqual(types);
  expect(document?.version).toBe(before.length + 1);
  await world.post();
  expect(world.log()).not.toHaveProperty('events');
});

test('a payment that differs is acknowledged, kept apart and logged', async () => {
  const world = await open(notified(proof({ via: 'callback', totalFee: fen(1) })), paying);
  expect(await world.post()).toEqual(acknowledged);
  expect(await stored(world)).toMatchObject({
    status: { state: 'paying' },
    quarantine: { differs: 'amount', totalFee: 1, transactionId: '420' },
  });
  expect(world.log()).toMatchObject({ outcome: 'mismatch', events: ['order.mismatch'] });
});

test('a state that is no payment is applied, and invents no order', async () => {
  const closed = { ...unpaid('closed', 'CLOSED'), via: 'callback' } as const;
  const notification = { ...notified(), evidence: closed } as Notification;
  const known = await open(notification);
  await storeOrder(known, paying);
  expect(await known.post()).toEqual(acknowledged);
  expect(await stored(known)).toMatchObject({ status: { state: 'closed' } });
  const unknown = await open(notification);
  expect(await unknown.post()).toEqual(acknowledged);
  expect(unknown.store.all()).toEqual([]);
});
