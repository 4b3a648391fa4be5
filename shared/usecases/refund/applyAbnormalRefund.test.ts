import { describe, expect, test } from 'vitest';
import { anOrder, aReceipt, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { refund as contract, type RefundInput } from '../../contract/refund/refund.ts';
import { fen } from '../../domain/money.ts';
import { conclude } from '../../domain/order/conclude.ts';
import type { Order } from '../../domain/order/order.ts';
import { receivedPayment } from '../../domain/order/receivedPayment.ts';
import type { AbnormalRefundTarget, Refund, RefundStatus } from '../../domain/order/refund.ts';
import { createCloudPay } from '../../gateway/cloudPay/client.ts';
import { type Gateway, GatewayError, type RefundNumbers } from '../../ports/gateway.ts';
import { refundOrder } from './refundOrder.ts';

const service = { kind: 'service', source: 'http' } as const;
const outTradeNo = 'T20261124001';
const refundId = '503-R1';
const at = new Date('2026-11-24T02:01:00Z');
const card: AbnormalRefundTarget = {
  type: 'USER_BANK_CARD',
  bankType: 'ICBC_DEBIT',
  bankAccount: '6222020000000004321',
  realName: '欧阳娜',
};
const named = { outTradeNo, outRefundNo: 'R1', refundFee: 40 };
const request: RefundInput = { ...named, refundFee: fen(40), abnormal: card };
const abnormal: RefundStatus = { state: 'abnormal', refundId, abnormalAt: at };

/** A paid order with refund R1 in a state, and a WeChat Pay that notes what it is to redirect. */
async function open(status: RefundStatus, answers: Partial<Gateway> = {}) {
  const repaired: [RefundNumbers, AbnormalRefundTarget][] = [];
  const gateway = aGateway({
    applyAbnormalRefund: async (_order, numbers, target) => {
      repaired.push([numbers, target]);
      return refundProof({ kind: 'abnormal' });
    },
    ...answers,
  });
  const world = memoryDeps(gateway, 'service');
  const refund: Refund = {
    outRefundNo: 'R1',
    refundFee: fen(40),
    request: '{}',
    requestedAt: at,
    origin: 'ours',
    status,
  };
  const paid = { state: 'paid', receipt: aReceipt } as const;
  await world.store.insert(anOrder({ status: paid, checkAt: null, refunds: [refund] }));
  const invocation = anInvocation(service);
  return {
    ...world,
    repaired,
    fields: invocation.fields,
    redirect: (more: Partial<RefundInput> = {}) =>
      refundOrder({ ...request, ...more }, world.deps, invocation),
    stored: async () => (await world.store.get(outTradeNo)) as Order,
  };
}

describe('an abnormal refund', () => {
  test.each<[string, AbnormalRefundTarget]>([
    ['to a card', card],
    ['to the merchant', { type: 'MERCHANT_BANK_CARD' }],
  ])('goes %s, and stays abnormal until WeChat says that it arrived', async (_where, target) => {
    const here = await open(abnormal);
    const answer = { state: 'abnormal', refundStatus: 'ABNORMAL', outRefundNo: 'R1', refundId };
    expect(await here.redirect({ abnormal: target })).toMatchObject(answer);
    expect(await here.redirect({ abnormal: target })).toMatchObject(answer);
    const numbers = { outRefundNo: 'R1', refundId };
    expect(here.repaired).toEqual([
      [numbers, target],
      [numbers, target],
    ]);
    expect((await here.stored()).refunds).toMatchObject([{ status: abnormal }]);
  });

  test('that WeChat has paid out by now is a success', async () => {
    const apply = async () => refundProof();
    const here = await open(abnormal, { applyAbnormalRefund: apply });
    expect(await here.redirect()).toMatchObject({ state: 'success' });
    expect(await here.redirect()).toMatchObject({ state: 'success', refundStatus: 'SUCCESS' });
  });

  test('leaves nothing of the card in the document, the log line or the answer', async () => {
    const here = await open(abnormal);
    const reported = JSON.stringify([await here.redirect(), await here.stored(), here.fields]);
    expect(reported).not.toContain('4321');
    expect(reported).not.toContain('欧阳娜');
  });

  test('of another amount than WeChat answers is not believed', async () => {
    const apply = async () => refundProof({ refundFee: fen(41) });
    const here = await open(abnormal, { applyAbnormalRefund: apply });
    expect(await here.redirect()).toMatchObject({ refused: 'REFUND_MISMATCH' });
  });
});

describe('an abnormal refund of a payment that is not the order’s own', () => {
  const other = proof({ transactionId: '421', totalFee: fen(90) });
  test.each<[string, Order]>([
    ['in quarantine', conclude(ordersByState.paying, other, plus(60)).order as Order],
    ['a second one', { ...ordersByState.paid, secondPayments: [receivedPayment(other, plus(99))] }],
  ])(
    '(%s) goes to the card, and is answered with that payment and its sum',
    async (_what, order) => {
      const here = await open(abnormal, {
        applyAbnormalRefund: async () =>
          refundProof({ kind: 'abnormal', transactionId: '421', totalFee: fen(90) }),
      });
      const { refunds = [], version } = await here.stored();
      const own = refunds.map((refund) => ({ ...refund, transactionId: '421' }));
      await here.deps.store.replace({ ...order, refunds: own }, version);
      expect(await here.redirect()).toMatchObject({
        state: 'abnormal',
        transactionId: '421',
        totalFee: 90,
      });
    },
  );
});

test('one that we think is on its way is queried first', async () => {
  const queryRefund = async () => refundProof({ kind: 'abnormal' });
  const here = await open({ state: 'processing', refundId }, { queryRefund });
  expect(await here.redirect()).toMatchObject({ state: 'abnormal' });
  expect(here.repaired).toHaveLength(1);
});

const states: [RefundStatus, object][] = [
  [{ state: 'requested', placingUntil: at, attempts: 1 }, { state: 'requested' }],
  [{ state: 'processing', refundId }, { refundStatus: 'PROCESSING' }],
  [{ state: 'closed', refundId, closedAt: at }, { refundStatus: 'CLOSED' }],
  [{ state: 'unverified', refundId: '503', unverifiedAt: at }, { state: 'unverified' }],
  [{ state: 'refused', reason: 'NO_AUTH', refusedAt: at }, { state: 'refused' }],
];

test.each(states)('%o is not repaired: %o', async (status, details) => {
  const isTaken = status.state !== 'requested';
  const here = await open(status, {
    queryRefund: async () =>
      isTaken ? refundProof({ kind: 'processing' }) : { kind: 'not_found', outRefundNo: 'R1' },
  });
  const refused = { refused: 'REFUND_NOT_ABNORMAL', retry: 'never', details };
  expect(await here.redirect()).toMatchObject(refused);
  expect(here.repaired).toEqual([]);
});

test.each<[string, Partial<RefundInput>, object]>([
  ['a number without refund', { outRefundNo: 'R2' }, { refused: 'REFUND_NOT_EXIST' }],
  ['another amount', { refundFee: fen(41) }, { refused: 'OUT_REFUND_NO_USED' }],
  ['another total', { totalFee: fen(99) }, { refused: 'PARAM_ERROR', field: 'totalFee' }],
  ['an unknown order', { outTradeNo: 'NOBODY01' }, { refused: 'ORDER_NOT_EXIST' }],
])('%s is refused, and WeChat is not asked', async (_what, more, refused) => {
  const here = await open(abnormal);
  expect(await here.redirect(more)).toMatchObject(refused);
  expect(here.repaired).toEqual([]);
});

test('a lost answer is asked for again at once: equal targets are one', async () => {
  let calls = 0;
  const apply = async () => {
    calls += 1;
    if (calls === 1) throw new GatewayError('ANSWER_LOST', 'query_first', 'x');
    return refundProof({ kind: 'abnormal' });
  };
  const here = await open(abnormal, { applyAbnormalRefund: apply });
  expect(await here.redirect()).toMatchObject({ state: 'abnormal' });
  expect(calls).toBe(2);
});

test.each([
  ['SYSTEM_ERROR', 'same_request', 'query_first'],
  ['HTTP_503', 'query_first', 'query_first'],
  ['ANSWER_LOST', 'query_first', 'query_first'],
  ['WECHAT_UNREACHABLE', 'same_request', 'never'],
] as const)(
  'a refusal after %s is final only if nothing can have acted',
  async (code, retry, end) => {
    const failures = [
      new GatewayError(code, retry, 'x'),
      new GatewayError('NO_AUTH', 'never', 'x'),
    ];
    const apply = async () => Promise.reject(failures.shift());
    const here = await open(abnormal, { applyAbnormalRefund: apply });
    expect(await here.redirect()).toMatchObject({ refused: 'NO_AUTH', retry: end });
    expect(failures).toEqual([]);
    expect((await here.stored()).refunds).toMatchObject([{ status: { state: 'abnormal' } }]);
  },
);

test('cloud pay has no such call: refused by name', async () => {
  const { applyAbnormalRefund: apply } = createCloudPay({
    send: async () => ({}),
    hasToken: true,
    envId: 'pay-1a2b3c',
    mchid: '1900000109',
    randomBytes: (count) => new Uint8Array(count),
  });
  const here = await open(abnormal, { applyAbnormalRefund: apply });
  expect(await here.redirect()).toMatchObject({
    refused: 'CLOUDPAY_NO_ABNORMAL_REFUND',
    retry: 'never',
  });
});

test('an order of cloud pay is refused so before WeChat is asked anything', async () => {
  const queryRefund = async () => Promise.reject(new Error('asked'));
  const here = await open({ state: 'processing', refundId }, { queryRefund });
  const stored = await here.stored();
  await here.deps.store.replace({ ...stored, link: 'cloudPay' }, stored.version);
  expect(await here.redirect()).toMatchObject({ refused: 'CLOUDPAY_NO_ABNORMAL_REFUND' });
  expect(here.repaired).toEqual([]);
});

test.each<[object, string | undefined]>([
  [{ abnormal: card }, undefined],
  [{ abnormal: { type: 'MERCHANT_BANK_CARD' } }, undefined],
  [{ abnormal: { ...card, bankAccount: '6222 0200' } }, 'abnormal.bankAccount'],
  [{ abnormal: { ...card, bankAccount: 6222020000004321 } }, 'abnormal.bankAccount'],
  [{ abnormal: { ...card, realName: '' } }, 'abnormal.realName'],
  [{ abnormal: { ...card, realName: '名'.repeat(51) } }, 'abnormal.realName'],
  [{ abnormal: { ...card, bankType: '工商银行' } }, 'abnormal.bankType'],
  [{ abnormal: { ...card, type: 'MERCHANT_BANK_CARD' } }, 'abnormal'],
  [{ abnormal: { type: 'CASH' } }, 'abnormal.type'],
  [{ abnormal: 'USER_BANK_CARD' }, 'abnormal'],
  [{ abnormal: card, outRefundNo: undefined }, 'outRefundNo'],
])('%j: refused at %s, never with what was sent', (more, field) => {
  const read = contract.input.safeParse({ ...named, ...more });
  expect(read.error?.issues[0]?.path.join('.')).toBe(field);
  expect(read.error?.issues[0]?.message ?? '').not.toMatch(/6222|欧阳/);
});
