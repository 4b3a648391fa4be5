import { expect, test } from 'vitest';
import { reqInfoOf, xmlOf } from '../../../emulator/wechatpay/notifications/xml.ts';
import { anOrder, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { refundProof } from '../../../tests/support/refunds.ts';
import {
  API_V2_KEY,
  aGateway,
  anInvocation,
  memoryDeps,
  storeOrder,
} from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import { conclude, orphanOf } from '../../domain/order/conclude.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import type { Refund } from '../../domain/order/refund.ts';
import type {
  RefundEvidence,
  RefundNotFound,
  RefundStatusUnknown,
} from '../../domain/refund/refundEvidence.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { receiveRefundNotification } from './receiveRefundNotification.ts';
import { receiveUnsignedRefundNotice } from './receiveUnsignedRefundNotice.ts';

type RefundAnswer = RefundEvidence | RefundNotFound | RefundStatusUnknown;

const numbers = { out_trade_no: 'T20261124001', out_refund_no: 'R1' };
const notice = (result: Record<string, string> = numbers, key = API_V2_KEY) =>
  Buffer.from(
    xmlOf('xml', {
      return_code: 'SUCCESS',
      mch_id: '1900000109',
      req_info: reqInfoOf(result, key),
    }),
  );
const acknowledged = { status: 200, code: 'SUCCESS', message: 'OK' };
const failed = (message: string, status = 500) => ({ status, code: 'FAIL', message });
const stranger = () => anInvocation({ kind: 'http', source: '' });
const missing: RefundAnswer = { kind: 'not_found', outRefundNo: 'R1' };

/** Makes a stored order, and a WeChat Pay that answers every query of a refund alike. */
async function open(order: Order = ordersByState.paid, says: () => RefundAnswer = refundProof) {
  let queries = 0;
  const queryRefund: Gateway['queryRefund'] = async () => {
    queries += 1;
    return says();
  };
  const world = memoryDeps(aGateway({ queryRefund }));
  await storeOrder(world, order);
  const post = (body = notice(), invocation = stranger()) =>
    receiveUnsignedRefundNotice(body, world.deps, invocation);
  const stored = async () => {
    const document = await world.store.get(order.outTradeNo);
    if (document?.kind !== 'order') throw new Error('no order is stored');
    return document;
  };
  return { ...world, post, stored, queries: () => queries };
}

function aRefund(state: 'processing' | 'abnormal' | 'success' | 'closed'): Refund {
  const { outRefundNo, refundFee, refundId } = refundProof();
  const at = new Date(0);
  const status = {
    processing: { state: 'processing', refundId },
    abnormal: { state: 'abnormal', refundId, abnormalAt: at },
    success: { state: 'success', refundId, succeededAt: at },
    closed: { state: 'closed', refundId, closedAt: at },
  } as const;
  const common = { outRefundNo, refundFee, request: '', requestedAt: at };
  return { ...common, origin: 'external', status: status[state] };
}

test('a refund of the console is found: WeChat is queried, it is recorded, then acknowledged', async () => {
  const world = await open();
  expect(await world.post()).toEqual(acknowledged);
  const { refunds, events } = await world.stored();
  expect(refunds).toMatchObject([
    { outRefundNo: 'R1', origin: 'external', refundFee: 40, status: { state: 'success' } },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['refund.external', 'refund.success']);
  expect(world.queries()).toBe(1);
});

// What WeChat answers decides, in the order in which outcomes are declared.
test.each<[string, () => RefundAnswer, object, string[]]>([
  ['processing', () => refundProof({ kind: 'processing' }), acknowledged, ['refund.external']],
  [
    'closed',
    () => refundProof({ kind: 'closed' }),
    acknowledged,
    ['refund.external', 'refund.closed'],
  ],
  [
    'abnormal',
    () => refundProof({ kind: 'abnormal' }),
    acknowledged,
    ['refund.external', 'refund.abnormal'],
  ],
  ['of another sum', () => refundProof({ totalFee: fen(99) }), acknowledged, ['refund.mismatch']],
  [
    'of a payment that we do not know yet',
    () => refundProof({ transactionId: '421' }),
    failed('unsigned_notice:refund_before_payment'),
    [],
  ],
  [
    'a word that is new',
    () => refundProof({ kind: 'unknown', refundStatus: 'NEW' }),
    acknowledged,
    ['refund.external', 'refund.unknown_state'],
  ],
  [
    'another order’s refund',
    () => refundProof({ outTradeNo: 'T2' }),
    failed('unsigned_notice:refund_of_another'),
    [],
  ],
  ['not known', () => missing, failed('unsigned_notice:refund_not_found'), []],
  [
    'silence',
    () => ({ kind: 'status_unknown', outRefundNo: 'R1' }),
    failed('unsigned_notice:refund_status_unknown'),
    [],
  ],
])('WeChat says: %s', async (_what, says, answer, events) => {
  const world = await open(ordersByState.paid, says);
  expect(await world.post()).toEqual(answer);
  const stored = await world.stored();
  expect(stored.events.map(({ type }) => type)).toEqual(events);
});

test.each<[string, Order, string]>([
  ['that is not paid', ordersByState.paying, 'unsigned_notice:refund_before_payment'],
  ['of cloud pay', { ...ordersByState.paid, link: 'cloudPay' }, 'unsigned_notice:link'],
  ['of another merchant', { ...ordersByState.paid, mchid: '1900000777' }, 'unsigned_notice:mch_id'],
  ['under a provider', { ...ordersByState.paid, spMchid: '1900000200' }, 'unsigned_notice:mch_id'],
  ['that we do not have', anOrder({ outTradeNo: 'T2' }), 'ORDER_UNKNOWN'],
])('an order %s: not acknowledged, nothing recorded', async (_what, order, message) => {
  const world = await open(order);
  const invocation = stranger();
  expect(await world.post(notice(), invocation)).toEqual(failed(message));
  expect((await world.stored()).refunds).toBeUndefined();
  expect(invocation.fields.outTradeNo).toBe('T20261124001');
});

test.each<[string, OrderDocument, Partial<RefundEvidence>]>([
  [
    'a quarantined order',
    conclude(ordersByState.paying, proof({ totalFee: fen(50) }), plus(1)).order,
    { totalFee: fen(50) },
  ],
  ['an orphan', orphanOf(proof(), plus(1)), {}],
])(
  'a refund of %s is found, recorded and acknowledged, with one query',
  async (_what, document, more) => {
    const world = await open(ordersByState.paid, () => refundProof(more));
    await world.store.replace(document, 1);
    for (let i = 0; i < 3; i += 1) {
      expect(await world.post()).toEqual(acknowledged);
      world.pass(10);
    }
    expect((await world.store.get(document.outTradeNo))?.refunds).toMatchObject([
      { outRefundNo: 'R1', origin: 'external', transactionId: '420', status: { state: 'success' } },
    ]);
    expect(world.queries()).toBe(1);
  },
);

test.each([
  ['another key', notice(numbers, 'another-32Characters-67890abcdef'), 'decrypt:WXPAY_API_V2_KEY'],
  ['no XML', Buffer.from('<'), 'body_malformed:xml'],
])('what does not open reaches neither store nor WeChat: %s', async (_what, body, reason) => {
  const world = await open();
  const unreachable = () => {
    throw new Error('asked all the same');
  };
  const invocation = stranger();
  const deps = { ...world.deps, store: { ...world.store, get: unreachable } };
  expect(await receiveUnsignedRefundNotice(body, deps, invocation)).toEqual(failed('REFUSED', 400));
  expect(invocation.fields).toEqual({ level: 'warn', refused: reason });
  expect(world.queries()).toBe(0);
});

test('posted 100 times at once and 100 times more: one query', async () => {
  const world = await open();
  const atOnce = await Promise.all(Array.from({ length: 100 }, () => world.post()));
  for (const { status } of atOnce) expect([200, 500]).toContain(status);
  world.pass(60);
  for (let i = 0; i < 100; i += 1) expect(await world.post()).toEqual(acknowledged);
  expect(world.queries()).toBe(1);
  expect((await world.stored()).events).toHaveLength(2);
});

// A refund that may still change is queried again, at most every 2 s.
test.each<[Parameters<typeof aRefund>[0], number]>([
  ['processing', 3],
  ['abnormal', 3],
  ['success', 0],
  ['closed', 0],
])('a refund that we know as %s, replayed over 4 s: asked %d times', async (state, times) => {
  const world = await open({ ...ordersByState.paid, refunds: [aRefund(state)] }, () =>
    refundProof({ kind: state }),
  );
  for (let i = 0; i < 50; i += 1) {
    await world.post();
    world.pass(0.1);
  }
  expect(world.queries()).toBe(times);
});

test('a notice that nothing proves leads to one query an interval, not once a post', async () => {
  const world = await open(ordersByState.paid, () => missing);
  expect(await world.post()).toEqual(failed('unsigned_notice:refund_not_found'));
  expect(await world.post()).toEqual(failed('unsigned_notice:asked_just_now'));
  world.pass(2);
  expect(await world.post()).toEqual(failed('unsigned_notice:refund_not_found'));
  expect(world.queries()).toBe(2);
});

test('WeChat cannot be asked: not acknowledged, and the log says why', async () => {
  const world = await open(ordersByState.paid, () => {
    throw new GatewayError('MERCHANT_NOT_CONFIGURED', 'never', 'no keys');
  });
  const invocation = stranger();
  expect(await world.post(notice(), invocation)).toEqual(failed('MERCHANT_NOT_CONFIGURED'));
  expect(invocation.fields).toMatchObject({
    level: 'warn',
    errCode: 'MERCHANT_NOT_CONFIGURED',
    error: 'MERCHANT_NOT_CONFIGURED no keys',
  });
});

test('a fault of ours is thrown, not answered as WeChat’s', async () => {
  const world = await open(ordersByState.paid, () => {
    throw new TypeError('x');
  });
  await expect(world.post()).rejects.toThrow(TypeError);
});

test('posted where refunds are notified it is read as what it is, without a signature', async () => {
  const world = await open();
  const posted = { from: 'http', headers: {}, body: notice() } as const;
  expect(await receiveRefundNotification(posted, world.deps, stranger())).toEqual(acknowledged);
  expect((await world.stored()).refunds).toMatchObject([{ outRefundNo: 'R1' }]);
});

test('an answer of WeChat that cannot be written: not acknowledged', async () => {
  const world = await open();
  let writes = 0;
  const replace: typeof world.store.replace = (...args) => {
    writes += 1;
    if (writes === 1) return world.store.replace(...args);
    throw new StoreError('STORE_UNAVAILABLE', 'same_request', 'x');
  };
  const deps = { ...world.deps, store: { ...world.store, replace } };
  const answer = await receiveUnsignedRefundNotice(notice(), deps, stranger());
  expect(answer).toEqual(failed('STORE_UNAVAILABLE'));
  expect((await world.stored()).refunds).toBeUndefined();
});
