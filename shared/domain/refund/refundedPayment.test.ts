import { expect, test } from 'vitest';
import { aReceipt, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { fen } from '../money.ts';
import { conclude, concludeOrphan, orphanOf } from '../order/conclude.ts';
import type { Order, OrderDocument } from '../order/order.ts';
import { beginRefund } from '../order/refund.ts';
import { ownRefunds, paidFeeOf, paymentToRefund, refundsOfPayment } from './refundedPayment.ts';

const { paying, paid } = ordersByState;
const named = { outTradeNo: 'T20261124001', mchid: '1900000109', appid: 'wx0000000000000001' };
const differing = proof({ mchid: '1900000777', spMchid: '1900000200', totalFee: fen(150) });
const quarantined = conclude(paying, differing, plus(61)).order;
const { payment: acceptedPayment } = quarantined.quarantine!;
const receipt = { ...aReceipt, confirmedAt: plus(70) };
const accepted = {
  ...paid,
  acceptedPayment: acceptedPayment!,
  status: { state: 'paid', receipt },
} as Order;
const second = proof({ transactionId: '421', totalFee: fen(90), mchid: '1900000555' });
const twice = conclude(paid, second, plus(62)).order;
const orphan = orphanOf(proof(), plus(61));
const { totalFee: _none, ...sumless } = orphan;

test.each<[string, OrderDocument, string | undefined, object | undefined]>([
  ['of a paid order', paid, undefined, { ...named, totalFee: 100 }],
  ['of a paid order, named', paid, '420', { ...named, totalFee: 100 }],
  [
    'of a paid order of a sub-merchant, with a trace',
    { ...paid, spMchid: '1900000200', traceId: 'r-1' },
    undefined,
    { ...named, totalFee: 100, spMchid: '1900000200', traceId: 'r-1' },
  ],
  [
    'that a person accepted, by what was paid and at whom',
    accepted,
    undefined,
    {
      ...named,
      mchid: '1900000777',
      spMchid: '1900000200',
      totalFee: 150,
      transactionId: '420',
    },
  ],
  [
    'in quarantine',
    quarantined,
    '420',
    {
      ...named,
      mchid: '1900000777',
      spMchid: '1900000200',
      totalFee: 150,
      transactionId: '420',
    },
  ],
  [
    'that is a second one',
    twice,
    '421',
    { ...named, mchid: '1900000555', totalFee: 90, transactionId: '421' },
  ],
  [
    'that is a second one of an orphan',
    concludeOrphan(orphan, second, plus(62)).order,
    '421',
    { ...named, mchid: '1900000555', totalFee: 90, transactionId: '421' },
  ],
  ['of an orphan', orphan, undefined, { ...named, totalFee: 100, transactionId: '420' }],
  ['of an orphan without a sum', sumless, undefined, undefined],
  ['that nobody made', twice, '999', undefined],
  ['of an order that nobody paid', paying, undefined, undefined],
])('a payment %s is refunded as it was paid', (_which, document, transactionId, expected) => {
  const payment = paymentToRefund(document, transactionId);
  if (expected) expect(payment).toStrictEqual(expected);
  else expect(payment).toBeUndefined();
});

test('a quarantine of before payments were kept is refunded by what is known of it', () => {
  const { payment: _whole, ...part } = quarantined.quarantine!;
  const old = { ...quarantined, spMchid: '1900000200', quarantine: part };
  expect(paymentToRefund(old)).toStrictEqual({
    ...named,
    spMchid: '1900000200',
    totalFee: 150,
    transactionId: '420',
  });
  const { totalFee: _sum, ...unnamed } = part;
  expect(paymentToRefund({ ...old, quarantine: unnamed })).toBeUndefined();
});

test('each refund is of one payment: those that name none are of the order’s own', () => {
  const refund = (outRefundNo: string, more: object = {}) => ({
    ...beginRefund(aRefundRequest(outRefundNo, 10), plus(100)),
    ...more,
  });
  const refunds = [
    refund('R1'),
    refund('R2', { transactionId: '421' }),
    refund('R3', { transactionId: '420' }),
  ];
  const numbers = (of: { outRefundNo: string }[]) => of.map(({ outRefundNo }) => outRefundNo);
  const document = { ...twice, refunds };
  expect(numbers(ownRefunds(document))).toEqual(['R1', 'R3']);
  expect(numbers(refundsOfPayment(document, '420'))).toEqual(['R1', 'R3']);
  expect(numbers(refundsOfPayment(document, '421'))).toEqual(['R2']);
  expect([ownRefunds(paid), ownRefunds(paying), refundsOfPayment(paid, '420')]).toEqual([
    [],
    [],
    [],
  ]);
});

test('an order cost what was paid for it, where a person accepted another sum', () => {
  expect([paidFeeOf(paid), paidFeeOf(accepted), paidFeeOf(paying)]).toEqual([100, 150, 100]);
});
