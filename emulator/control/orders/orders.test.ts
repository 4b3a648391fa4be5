import { expect, test } from 'vitest';
import { compareTruths } from './compare.ts';
import { pageOf } from './page.ts';
import { createRows, type OrderRow, rowOf } from './row.ts';
import { fulfilledIn, type StoredOrder } from './stored.ts';

const receipt = {
  transactionId: '42',
  paidAt: new Date(1000),
  confirmedBy: 'callback',
  confirmedAt: new Date('2026-11-24T10:00:01Z'),
};
const refund = (state: string, refundFee = 40, transactionId?: string) => ({
  outRefundNo: `R${state}`,
  refundFee,
  status: { state },
  ...(transactionId === undefined ? {} : { transactionId }),
});

/** A stored order of 100 fen in this state. */
function stored(state: string, more: Partial<StoredOrder['order']> = {}): StoredOrder {
  const status = state === 'paid' ? { state, receipt } : { state };
  const createdAt = new Date(0);
  return {
    _id: 'T1',
    state,
    order: { body: '咖啡', openid: 'oA', totalFee: 100, createdAt, status, ...more },
  };
}

test.each<[OrderRow['standing'], StoredOrder]>([
  ['created', stored('created')],
  ['paying', stored('paying')],
  ['paid', stored('paid')],
  ['closed', stored('closed')],
  ['refunding', stored('paid', { refunds: [refund('processing')] })],
  ['refunding', stored('paid', { refunds: [refund('success', 60), refund('abnormal')] })],
  ['partly_refunded', stored('paid', { refunds: [refund('success')] })],
  ['refunded', stored('paid', { refunds: [refund('success', 60), refund('success')] })],
  ['paid', stored('paid', { refunds: [refund('closed'), refund('refused')] })],
  ['paid', stored('paid', { refunds: [refund('success', 100, 'second')] })],
  [
    'partly_refunded',
    stored('paid', { acceptedPayment: { totalFee: 150 }, refunds: [refund('success', 100)] }),
  ],
  ['quarantined', stored('paying', { quarantine: {} })],
  ['orphan', { _id: 'O1', state: 'orphan', order: { totalFee: 5, receipt } }],
])('an order stands at %s', (standing, order) => {
  expect(rowOf(order, new Set()).standing).toBe(standing);
});

const event = (type: string, state?: string) => ({
  type,
  deliveries: state === undefined ? {} : { function: { state } },
});

test.each<[OrderRow['delivery'], StoredOrder['order']['events'], string[]]>([
  ['none', [], []],
  ['waiting', [event('order.paid')], []],
  ['delivered', [event('order.paid', 'delivered')], []],
  ['fulfilled', [event('order.paid', 'delivered')], ['T1']],
  ['parked', [event('order.paid_after_close', 'parked')], []],
  [
    'delivered',
    [event('order.paid', 'delivered'), event('order.duplicate_payment', 'waiting')],
    [],
  ],
])('its delivery is %s', (delivery, events = [], fulfilled) => {
  expect(rowOf(stored('paid', { events }), new Set(fulfilled)).delivery).toBe(delivery);
});

test('a line is made once for a document, and anew where its order is fulfilled or changed', () => {
  const rowsIn = createRows();
  const one = stored('paid', { events: [event('order.paid', 'delivered')] });
  const first = rowsIn([one], new Set());
  expect(rowsIn([one], new Set())[0]).toBe(first[0]);
  expect(rowsIn([one], new Set(['T1']))).toEqual([rowOf(one, new Set(['T1']))]);
  expect(rowsIn([one], new Set())).toEqual(first);
  expect(rowsIn([stored('closed')], new Set())[0]).toMatchObject({ standing: 'closed' });
});

test('of the orders of one purchase that is fulfilled which the sample names', () => {
  const documents = () => [{ _id: 'cart-7', outTradeNo: 'A' }];
  const of = (...names: string[]) =>
    fulfilledIn({ documents, collections: () => names.map((name) => ({ name })) });
  expect([...of('orders', 'purchases')]).toEqual(['A']);
  expect([...of('orders')], 'without the sample').toEqual([]);
});

const rows = Array.from({ length: 2500 }, (_, index) =>
  rowOf(
    {
      ...stored(index % 2 ? 'paid' : 'paying', { totalFee: index, openid: `o${index % 3}` }),
      _id: `T${index}`,
    },
    new Set(),
  ),
);

test.each<[string, Parameters<typeof pageOf>[1], number, number, string | undefined]>([
  ['a hundred unless asked otherwise', {}, 100, 2500, 'T0'],
  ['as many as asked', { limit: '3' }, 3, 2500, 'T0'],
  ['never more than a thousand', { limit: '999999' }, 1000, 2500, 'T0'],
  ['those after one', { after: 'T2498' }, 1, 2500, 'T2499'],
  ['those after so many', { skip: '2499' }, 1, 2500, 'T2499'],
  ['none after the last', { after: 'T2499' }, 0, 2500, undefined],
  ['of one standing', { standing: 'paid' }, 100, 1250, 'T1'],
  ['of one payer', { openid: 'o2' }, 100, 833, 'T2'],
  ['of some amounts', { feeFrom: '10', feeTo: '12' }, 3, 3, 'T10'],
  ['with some text', { text: ' t249 ' }, 11, 11, 'T249'],
])('a page has %s', (_what, query, count, total, first) => {
  const page = pageOf(rows, query);
  expect([page.orders.length, page.total, page.orders[0]?.outTradeNo]).toEqual([
    count,
    total,
    first,
  ]);
});

test('counts are of all that match but for the standing, so that a reader can change it', () => {
  expect(pageOf(rows, { standing: 'paid' }).counts).toEqual({ paid: 1250, paying: 1250 });
});

test.each([{ limit: '-1' }, { limit: 'x' }, { after: 'NOBODY' }, { feeFrom: '1.5' }])(
  'a page that cannot be is refused: %o',
  (query) => {
    expect(() => pageOf(rows, query)).toThrow(
      expect.objectContaining({ status: 400, field: Object.keys(query)[0] }),
    );
  },
);

const wechat = (more: object = {}) =>
  ({
    out_trade_no: 'T1',
    trade_state: 'SUCCESS',
    description: '咖啡',
    payer: { openid: 'oA' },
    amount: { total: 100 },
    transaction_id: '42',
    success_time: '1970-01-01T08:00:01+08:00',
    create_time: '',
    notifications: [],
    refunds: [],
    ...more,
  }) as never;
const atWeChat = (status: string) => ({
  out_refund_no: 'Rsuccess',
  status,
  amount: { refund: 40, total: 100 },
});

test.each<[string, StoredOrder, unknown, string[]]>([
  ['nothing where both say paid', stored('paid'), wechat(), []],
  [
    'the state where we did not hear of it',
    stored('paying'),
    wechat(),
    ['tradeState', 'transactionId', 'paidAt'],
  ],
  ['the amount', stored('paid'), wechat({ amount: { total: 1 } }), ['totalFee']],
  [
    'all where WeChat does not know a paid order',
    stored('paid'),
    undefined,
    ['tradeState', 'totalFee', 'openid', 'transactionId', 'paidAt'],
  ],
  ['nothing where it need not know yet', stored('created'), undefined, []],
  [
    'nothing after a refund that both have',
    stored('paid', { refunds: [refund('success')] }),
    wechat({ trade_state: 'REFUND', refunds: [atWeChat('SUCCESS')] }),
    [],
  ],
  [
    'a refund whose end we did not hear',
    stored('paid', { refunds: [{ ...refund('processing'), outRefundNo: 'Rsuccess' }] }),
    wechat({ trade_state: 'REFUND', refunds: [atWeChat('SUCCESS')] }),
    ['refund Rsuccess'],
  ],
  [
    'one that we do not have',
    stored('paid'),
    wechat({ trade_state: 'REFUND', refunds: [atWeChat('SUCCESS')] }),
    ['tradeState', 'refund Rsuccess'],
  ],
])('the two truths differ in %s', (_what, ours, theirs, fields) => {
  const compared = compareTruths(ours, theirs as never);
  expect(compared.filter(({ isDifferent }) => isDifferent).map(({ field }) => field)).toEqual(
    fields,
  );
});
