import { expect, test } from 'vitest';
import type {
  Answer,
  QueryOrderAnswer,
  QueryRefundAnswer,
  RefundView,
} from '../../client/index.ts';
import { withCount } from '../../examples/miniprogram/logic/cart.ts';
import { yuanOf } from '../../examples/miniprogram/logic/money.ts';
import { viewOfOrder } from '../../examples/miniprogram/logic/orderView.ts';

const lines = [{ productId: 'latte', name: '拿铁咖啡', price: 1990, count: 2 }];
const purchase = { purchaseId: 'p1', lines, outTradeNo: 'T1' };
const order = (changes: Partial<QueryOrderAnswer>) =>
  ({
    errCode: 0,
    state: 'paid',
    totalFee: 3980,
    body: '拿铁',
    ...changes,
  }) as Answer<QueryOrderAnswer>;
const refunds = (...states: RefundView['state'][]) => {
  const listed = states.map((state, index) => ({
    outRefundNo: `R${index}`,
    refundFee: 1000,
    state,
  }));
  const counted = states.filter((state) => state !== 'closed' && state !== 'refused');
  const answer = { errCode: 0, refundedFee: counted.length * 1000, refunds: listed };
  return answer as unknown as Answer<QueryRefundAnswer>;
};
const REFUNDED = order({ tradeState: 'REFUND' });

test.each([
  ['an answer that did not come', undefined, undefined, '暂时查不到，请下拉刷新', false],
  ['a new order', order({ state: 'created' }), undefined, '待付款', true],
  ['an open order', order({ state: 'paying' }), undefined, '待付款', true],
  ['a closed order', order({ state: 'closed' }), undefined, '已关闭', false],
  ['a paid order', order({ tradeState: 'SUCCESS' }), undefined, '已付款', false],
  [
    'a payment of another sum',
    order({ state: 'paying', quarantined: true }),
    undefined,
    '付款与订单不符，请联系商家',
    false,
  ],
  ['refunds that are not known', REFUNDED, undefined, '有退款', false],
  ['a refund of WeChat’s console', REFUNDED, refunds(), '有退款', false],
  ['a part of it', REFUNDED, refunds('success'), '已部分退款', false],
  ['one that was closed beside one', REFUNDED, refunds('closed', 'success'), '已部分退款', false],
  ['all', REFUNDED, refunds('success', 'success', 'success', 'success'), '已全额退款', false],
  ['one under way', REFUNDED, refunds('success', 'processing'), '退款中', false],
  ['one that is not confirmed', REFUNDED, refunds('unverified'), '退款中', false],
  [
    'one that needs a person, before all others',
    REFUNDED,
    refunds('processing', 'abnormal'),
    '退款异常，商家处理中',
    false,
  ],
])('%s: what its payer reads', (_what, answer, found, text, mayPay) => {
  expect(viewOfOrder(purchase, answer, found)).toMatchObject({ text, mayPay });
});

test('a sum that an admin accepted is what was paid; a purchase without an order may be paid', () => {
  const accepted = order({ tradeState: 'REFUND', paidFee: 1000 });
  expect(viewOfOrder(purchase, accepted, refunds('success'))).toMatchObject({
    fee: '¥10.00',
    text: '已全额退款',
  });
  expect(viewOfOrder({ purchaseId: 'p2', lines })).toMatchObject({
    title: '拿铁咖啡 × 2',
    fee: '¥39.80',
    mayPay: true,
  });
});

test('fen are written by their digits', () => {
  expect([0, 1, 10, 100, 123_456_789].map(yuanOf)).toEqual([
    '¥0.00',
    '¥0.01',
    '¥0.10',
    '¥1.00',
    '¥1234567.89',
  ]);
});

test('a cart of another content is another purchase, and holds 1 to 99 of a product', () => {
  const cart = { counts: { latte: 1 }, purchaseId: 'p1' };
  expect(withCount(cart, 'oolong', 2)).toEqual({ counts: { latte: 1, oolong: 2 } });
  expect(withCount(cart, 'latte', 0)).toEqual({ counts: {} });
  expect(withCount(cart, 'latte', 1000)).toEqual({ counts: { latte: 99 } });
  expect(withCount(cart, 'latte', Number.NaN)).toEqual({ counts: {} });
});
