import { expect, test } from 'vitest';
import { bundledDeps } from '../../../tests/support/bundledDeps.ts';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { refundCallback } from '../../contract/notice/refundCallback.ts';
import { fen } from '../../domain/money.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { receiveRefundNotification } from './receiveRefundNotification.ts';

const { paid, paying } = ordersByState;
const { outTradeNo } = paid;
const traced = { traceId: 'trace-1' };
const onCloudPay: OrderDocument = { ...paid, link: 'cloudPay', ...traced };
const acknowledged = { status: 200, code: 'SUCCESS', message: 'OK' };
const failed = (message: string) => ({ status: 500, code: 'FAIL', message });

/** Posts a verified notification of a refund over a stored document; tells the answer and the log line. */
async function notified(document: OrderDocument, more: Partial<RefundEvidence> = {}) {
  const { deps, store } = memoryDeps();
  await store.insert(document);
  deps.verifyNotification = async () => ({
    kind: 'refund',
    notificationId: 'EV-1',
    eventType: 'REFUND.SUCCESS',
    evidence: refundProof({ via: 'callback', ...more }),
  });
  const invocation = anInvocation({ kind: 'http', source: '' });
  const posted = { from: 'http', headers: {}, body: Buffer.from('{}') } as const;
  const answer = await receiveRefundNotification(posted, deps, invocation);
  return { answer, fields: invocation.fields };
}

test.each<[string, OrderDocument, Partial<RefundEvidence>, object, object]>([
  [
    'of a paid order',
    { ...paid, ...traced },
    {},
    acknowledged,
    { outTradeNo, ...traced, outcome: 'refund_success' },
  ],
  [
    'of another sum',
    paid,
    { totalFee: fen(99) },
    acknowledged,
    { level: 'error', outcome: 'refund_mismatch' },
  ],
  [
    'of a payment that we do not know yet',
    paid,
    { transactionId: '421' },
    failed('ORDER_NOT_PAID'),
    { level: 'warn', outcome: 'refund_before_payment' },
  ],
  [
    'of an order that is not known to be paid',
    paying,
    {},
    failed('ORDER_NOT_PAID'),
    { level: 'warn', outcome: 'refund_before_payment' },
  ],
  [
    'of an order that we do not have',
    paid,
    { outTradeNo: 'NOBODY01' },
    failed('ORDER_UNKNOWN'),
    { level: 'error', outTradeNo: 'NOBODY01', error: 'refund of an unknown order R1' },
  ],
])(
  'a signed refund %s is answered and logged as what it is',
  async (_what, order, more, answer, line) => {
    const { answer: answered, fields } = await notified(order, more);
    expect(answered).toEqual(answer);
    expect(fields).toMatchObject({ notificationId: 'EV-1', ...line });
  },
);

const claim = {
  returnCode: 'SUCCESS',
  outTradeNo,
  outRefundNo: 'R1',
  refundId: '503-R1',
  transactionId: '420',
  refundFee: 40,
  totalFee: 100,
  refundStatus: 'SUCCESS',
};

/** Hands over cloud pay's unsigned claim of a refund; tells the answer, the log line and who was asked. */
async function claimed(
  document: OrderDocument | undefined,
  queryRefund: Gateway['queryRefund'] = async () => refundProof(),
  event: object = claim,
) {
  const { deps, store } = memoryDeps();
  const links: string[] = [];
  deps.gatewayOf = (link) => {
    links.push(link);
    return aGateway({ queryRefund });
  };
  if (document) await store.insert({ ...document, checkAt: plus(1000) });
  const invocation = anInvocation({ kind: 'wechat', source: 'wx_paycallback' });
  const input = { from: 'cloudPay', event } as const;
  // What a deployed callback has: nothing that its bundle was built without, not even to be copied.
  const receive = () =>
    receiveRefundNotification(input, bundledDeps(refundCallback, deps), invocation);
  return { deps, store, links, invocation, receive };
}

test.each<[string, OrderDocument | undefined, object, object]>([
  ['of an order that we do not have', undefined, failed('ORDER_UNKNOWN'), { outTradeNo }],
  [
    'of an order of the signed link',
    { ...paid, ...traced },
    failed('claim:link'),
    { outTradeNo, ...traced },
  ],
])('a claim %s is refused unasked, and logged', async (_what, document, answer, line) => {
  const { receive, links, invocation } = await claimed(document);
  expect(await receive()).toEqual(answer);
  expect(invocation.fields).toMatchObject({
    level: 'warn',
    refused: (answer as { message: string }).message,
    ...line,
  });
  expect(links).toEqual([]);
});

test('a claim that WeChat confirms is acknowledged, and the line names the order', async () => {
  const { receive, invocation } = await claimed(onCloudPay);
  expect(await receive()).toEqual(acknowledged);
  expect(invocation.fields).toMatchObject({ outTradeNo, ...traced, outcome: 'refund_success' });
});

test('a claim of an orphan’s refund is asked about through cloud pay, which alone brings claims', async () => {
  const { receive, links, store } = await claimed(orphanOf(proof(), plus(60)));
  expect(await receive()).toEqual(acknowledged);
  expect(links).toEqual(['cloudPay']);
  expect(await store.get(outTradeNo)).toMatchObject({ refunds: [{ outRefundNo: 'R1' }] });
});

test('a claim that nothing confirms makes its order due at once before it is refused', async () => {
  const unanswered = async () =>
    Promise.reject(new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'x'));
  const { receive, deps, store, invocation } = await claimed(onCloudPay, unanswered);
  const order: string[] = [];
  const { replace } = store;
  deps.store = Object.assign(store, {
    replace: async (...args: Parameters<typeof replace>) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('written');
      return replace(...args);
    },
  });
  expect(await receive()).toEqual(failed('claim:unconfirmed'));
  order.push('answered');
  expect(order).toEqual(['written', 'answered']);
  expect(invocation.fields).toMatchObject({ level: 'warn', refused: 'claim:unconfirmed' });
  expect(await store.get(outTradeNo)).toMatchObject({ checkAt: deps.clock.now(), ...traced });
});

test('a claim of a payment is none of a refund, and one that cannot be read is none at all', async () => {
  const payment = {
    returnCode: 'SUCCESS',
    resultCode: 'SUCCESS',
    outTradeNo,
    subAppid: paid.appid,
    subMchId: paid.mchid,
    subOpenid: paid.openid,
    timeEnd: '20261124100100',
    totalFee: 100,
    transactionId: '420',
  };
  const { receive, invocation } = await claimed(onCloudPay, undefined, payment);
  expect(await receive()).toEqual({ status: 400, code: 'FAIL', message: 'claim:payment' });
  expect(invocation.fields).toEqual({ level: 'warn', refused: 'claim:payment' });
  const unread = await claimed(onCloudPay, undefined, { returnCode: 'FAIL' });
  expect(await unread.receive()).toEqual({ status: 400, code: 'FAIL', message: 'return_code' });
  expect(unread.invocation.fields).toEqual({ level: 'warn', refused: 'return_code' });
});

test.each<[string, Error, object | undefined]>([
  [
    'the database away',
    new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'),
    failed('STORE_UNAVAILABLE'),
  ],
  ['a fault of ours', new TypeError('x'), undefined],
])('%s acknowledges no claim', async (_what, error, answer) => {
  const { receive, store } = await claimed(onCloudPay);
  Object.assign(store, { get: async () => Promise.reject(error) });
  if (answer) expect(await receive()).toEqual(answer);
  else await expect(receive()).rejects.toBe(error);
  const asking = await claimed(onCloudPay, async () => Promise.reject(error));
  if (answer) expect(await asking.receive()).toEqual(answer);
  else await expect(asking.receive()).rejects.toBe(error);
});
