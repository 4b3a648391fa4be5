import { expect, test } from 'vitest';
import { storedOrders } from '../storedOrders.ts';

// As the browser has it: the page is plain JavaScript.
const { fulfilmentText } = await import(new URL('./text.js', import.meta.url).href);

const event = (type: string, state?: string) => ({
  type,
  deliveries: state === undefined ? {} : { function: { state } },
});

test.each([
  ['nobody has paid', [], false, '—'],
  ['it waits', [event('order.paid')], false, '等待投递 waiting'],
  ['its event arrived', [event('order.paid', 'delivered')], false, '已送达 delivered'],
  ['the sample fulfilled it', [event('order.paid', 'delivered')], true, '已履约 fulfilled'],
  ['it never arrived', [event('order.paid_after_close', 'parked')], false, '投递已搁置 parked'],
  [
    'it is the second payment of a purchase',
    [event('order.paid', 'delivered'), event('order.duplicate_payment', 'delivered')],
    false,
    '已送达 delivered',
  ],
])('where %s, the page says so', (_what, events, isFulfilled, text) => {
  expect(fulfilmentText({ order: { events }, isFulfilled })).toBe(text);
});

test('of the orders of one purchase that is fulfilled which the sample names', () => {
  const documents = (name: string) =>
    name === 'orders' ? [{ _id: 'B' }, { _id: 'A' }] : [{ _id: 'cart-7', outTradeNo: 'A' }];
  const listed = (...names: string[]) =>
    storedOrders({ documents, collections: () => names.map((name) => ({ name })) }, 10);
  expect(listed('orders', 'purchases')).toEqual([
    { _id: 'B', isFulfilled: false },
    { _id: 'A', isFulfilled: true },
  ]);
  expect(listed('orders'), 'without the sample').toEqual([
    { _id: 'B', isFulfilled: false },
    { _id: 'A', isFulfilled: false },
  ]);
});
