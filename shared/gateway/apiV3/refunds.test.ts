import { describe, expect, test } from 'vitest';
import { aReceipt } from '../../../tests/support/orders.ts';
import {
  endedRefund,
  keys,
  paidOrder,
  type Scripted,
  scripted,
  signedAnswer,
  termsAt,
} from '../../../tests/support/wechatSide.ts';
import errors from '../../../tests/vectors/errors.json' with { type: 'json' };
import { fen } from '../../domain/money.ts';
import { beginOrder, type Order } from '../../domain/order/order.ts';
import { beginRefund } from '../../domain/order/refund.ts';
import { createApiV3 } from './client.ts';

const now = new Date('2026-11-24T09:07:12Z');
const URL = 'https://api.mch.weixin.qq.com/v3/refund/domestic/refunds';

function open(...script: Scripted[]) {
  const transport = scripted(...script);
  const gateway = createApiV3({
    keys,
    transport,
    now: () => now,
    randomBytes: (count) => new Uint8Array(count).fill(1),
    apiUrl: 'https://api.mch.weixin.qq.com',
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
  });
  return { gateway, sent: transport.sent };
}

const order: Order = {
  ...beginOrder(termsAt(now), '{}'),
  status: { state: 'paid', receipt: { ...aReceipt, transactionId: paidOrder.transaction_id } },
};
const request = { outRefundNo: 'REFUND0001', refundFee: fen(40), reason: '商品已售完' };
const refund = beginRefund(
  { ...request, request: open().gateway.freezeRefund(order, request) },
  now,
);

const { mchid: _m, refund_status: _s, success_time: _t, ...common } = endedRefund;
const accepted = {
  ...common,
  status: 'PROCESSING',
  channel: 'ORIGINAL',
  create_time: '2026-11-24T17:07:10+08:00',
  amount: { ...common.amount, currency: 'CNY' },
};
const answer = (body: unknown, status = 200) => signedAnswer(status, JSON.stringify(body), now);
const refusedWith = (status: number, code: string) => ({
  status,
  headers: { 'request-id': '08F5-268512771' },
  body: Buffer.from(JSON.stringify({ code, message: '说明' })),
});

test('the frozen request of a payment that its order’s number does not name for certain names it', () => {
  const payment = { outTradeNo: order.outTradeNo, mchid: order.mchid, totalFee: fen(150) };
  const { freezeRefund } = open().gateway;
  const frozen = JSON.parse(freezeRefund({ ...payment, transactionId: '421' }, request));
  expect(frozen).toMatchObject({ transaction_id: '421', amount: { refund: 40, total: 150 } });
  expect(frozen).not.toHaveProperty('out_trade_no');
});

test('the frozen request says what the documents ask for, the address always', () => {
  expect(JSON.parse(refund.request)).toEqual({
    out_trade_no: paidOrder.out_trade_no,
    out_refund_no: 'REFUND0001',
    reason: '商品已售完',
    notify_url: 'https://shop.example/refund/notify',
    amount: { refund: 40, total: 100, currency: 'CNY' },
  });
});

test('it is sent byte for byte, however often', async () => {
  const { gateway, sent } = open(answer(accepted), answer(accepted));
  const evidence = await gateway.refund(order, refund, 3000);
  expect(await gateway.refund(order, refund, 3000)).toEqual(evidence);
  expect(sent).toMatchObject([
    { method: 'POST', url: URL, body: refund.request },
    { method: 'POST', url: URL, body: refund.request },
  ]);
  expect(evidence).toEqual({
    kind: 'processing',
    via: 'query',
    refundStatus: 'PROCESSING',
    outTradeNo: paidOrder.out_trade_no,
    transactionId: paidOrder.transaction_id,
    outRefundNo: 'REFUND0001',
    refundId: endedRefund.refund_id,
    refundFee: 40,
    totalFee: 100,
    currency: 'CNY',
    createdAt: new Date('2026-11-24T09:07:10Z'),
  });
});

describe('asking about a refund', () => {
  test('by its number, encoded, and signed with the path', async () => {
    const success = { ...accepted, status: 'SUCCESS', success_time: '2026-11-24T17:08:00+08:00' };
    const { gateway, sent } = open(answer({ ...success, out_refund_no: 'a|b@c' }));
    expect(await gateway.queryRefund(order, 'a|b@c', 3000)).toMatchObject({
      kind: 'success',
      succeededAt: new Date('2026-11-24T09:08:00Z'),
    });
    expect(sent).toMatchObject([{ method: 'GET', url: `${URL}/a%7Cb%40c` }]);
  });

  const documented = errors.vectors.find(({ id }) => id === 'v3-resource-not-exists-refund');
  test.each(['RESOURCE_NOT_EXISTS', 'REFUNDNOTEXIST', 'ORDER_NOT_EXIST'])(
    '404 %s: WeChat did not accept it',
    async (code) => {
      const { gateway } = open(refusedWith(404, code));
      expect(await gateway.queryRefund(order, 'R9', 3000)).toEqual({
        kind: 'not_found',
        outRefundNo: 'R9',
      });
    },
  );
  test('404 as documented', async () => {
    const body = Buffer.from(documented?.input.body ?? '');
    const { gateway } = open({ status: 404, headers: {}, body });
    expect(await gateway.queryRefund(order, 'R9', 3000)).toMatchObject({ kind: 'not_found' });
  });

  test.each([
    [404, 'MCH_NOT_EXISTS', 'never'],
    [429, 'FREQUENCY_LIMITED', 'same_request'],
    [500, 'SYSTEM_ERROR', 'same_request'],
  ])('%d %s is not "not accepted"', async (status, code, retry) => {
    // A query that failed inside WeChat is sent again, to its second address.
    const { gateway } = open(refusedWith(status, code), refusedWith(status, code));
    await expect(gateway.queryRefund(order, 'R9', 3000)).rejects.toMatchObject({ code, retry });
  });
});

describe('an answer is believed only whole', () => {
  test.each<[string, object, string]>([
    ['another number', { out_refund_no: 'OTHER' }, 'out_refund_no'],
    ['no amount', { amount: {} }, 'amount.total'],
    ['an amount in yuan', { amount: { total: 1, refund: 0.4 } }, 'amount.refund'],
    ['no WeChat number', { refund_id: undefined }, 'refund_id'],
    ['no status', { status: undefined }, 'status'],
  ])('%s', async (_what, change, field) => {
    const { gateway } = open(answer({ ...accepted, ...change }));
    await expect(gateway.refund(order, refund, 3000)).rejects.toMatchObject({
      code: 'ANSWER_MALFORMED',
      retry: 'query_first',
      message: expect.stringContaining(field.split('.')[0] ?? field),
    });
  });

  test('one that is not signed by WeChat tells nothing', async () => {
    const forged = {
      ...answer(accepted),
      body: Buffer.from(JSON.stringify({ ...accepted, x: 1 })),
    };
    const { gateway } = open(forged);
    await expect(gateway.refund(order, refund, 3000)).rejects.toMatchObject({
      code: 'ANSWER_UNVERIFIED',
      retry: 'query_first',
    });
  });

  test('an order of another merchant number is refused before anything is sent', async () => {
    const { gateway, sent } = open();
    const others = { ...order, mchid: '1' };
    const refused = { code: 'MERCHANT_NOT_CONFIGURED', retry: 'never' };
    await expect(gateway.refund(others, refund, 3000)).rejects.toMatchObject(refused);
    await expect(gateway.queryRefund(others, 'R9', 3000)).rejects.toMatchObject(refused);
    expect(sent).toEqual([]);
  });
});

test.each<[string, Scripted]>([
  ['a 502 without a code', { status: 502, headers: {}, body: Buffer.from('<html>') }],
  ['a 503 without a code', { status: 503, headers: {}, body: Buffer.alloc(0) }],
  ['SYSTEM_ERROR', refusedWith(500, 'SYSTEM_ERROR')],
  ['a 202', { status: 202, headers: {}, body: Buffer.alloc(0) }],
])(
  'a refund that WeChat may have taken, %s, is asked about: no other address refuses it',
  async (_what, first) => {
    const { gateway, sent } = open(first, refusedWith(403, 'RULE_LIMIT'));
    const refused = gateway.refund(order, refund, 3000);
    await expect(refused).rejects.not.toMatchObject({ code: 'RULE_LIMIT' });
    expect(sent).toHaveLength(1);
  },
);
