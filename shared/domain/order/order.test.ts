import { expect, test } from 'vitest';
import { anOrder, ordersByState, plus, proof, unpaid } from '../../../tests/support/orders.ts';
import { conclude, markClosed, orphanOf } from './conclude.ts';
import { closableAt, scheduleClose } from './placement.ts';

const now = plus(900);

test('an orphan has what WeChat gave, and no field that it left out', () => {
  const { appid, openid, ...bare } = proof();
  const known = Object.keys(orphanOf(bare, now));
  expect(orphanOf(proof({ spMchid: '1900000200' }), now)).toStrictEqual({
    ...orphanOf(bare, now),
    appid,
    openid,
    spMchid: '1900000200',
  });
  for (const field of ['appid', 'openid', 'spMchid']) expect(known).not.toContain(field);
});

test('an order that never landed is closed with the word of WeChat', () => {
  const missing = unpaid('not_found', 'ORDER_NOT_EXIST');
  const { order } = conclude(anOrder(), missing, plus(606));
  expect(order.status).toMatchObject({ state: 'closed', reason: 'ORDER_NOT_EXIST' });
});

test.each([
  ['past its expiry', ordersByState.paying],
  ['after somebody requested the close', scheduleClose(ordersByState.paying, plus(60))],
])('an order that WeChat refused keeps the word of WeChat %s', (_when, order) => {
  const { status } = markClosed(order, 'PAYERROR', plus(1801));
  expect(status).toMatchObject({ reason: 'PAYERROR' });
});

test.each([ordersByState.paid, ordersByState.closed])(
  'what is over may be closed at any time: $status.state',
  (order) => expect(closableAt(order)).toEqual(order.createdAt),
);

test('an order is an order from its beginning', () => expect(anOrder().kind).toBe('order'));
