import { expect, test } from 'vitest';
import { wayOf } from './way.ts';

const receipt = { paidAt: 'p', confirmedAt: 'c', confirmedBy: 'callback', transactionId: '42' };
const at = (type: string, when: string) => ({ id: 'T1.1', seq: 1, type, at: when });
const detail = (standing: string, order: object) =>
  ({ row: { standing }, stored: { _id: 'T1', order: { createdAt: 'a', ...order } } }) as never;

test.each<[string, string, object, string[]]>([
  ['is written down', 'created', { status: { state: 'created' } }, ['created']],
  [
    'can be paid',
    'paying',
    { status: { state: 'paying', prepayIssuedAt: 'b' } },
    ['created', 'paying'],
  ],
  ['is paid', 'paid', { status: { state: 'paid', receipt } }, ['created', 'paying', 'paid']],
  [
    'expired',
    'closed',
    { status: { state: 'closed', reason: 'expired', closedAt: 'd' } },
    ['created', 'paying', 'closed'],
  ],
  [
    'was refused by WeChat',
    'closed',
    {
      status: { state: 'closed', reason: 'NO_AUTH', closedAt: 'd' },
      events: [at('order.closed', 'd')],
    },
    ['created', 'closed'],
  ],
  [
    'was paid after its close',
    'paid',
    {
      status: { state: 'paid', receipt },
      events: [at('order.closed', 'd'), at('order.paid_after_close', 'e')],
    },
    ['created', 'paying', 'closed', 'paid'],
  ],
  [
    'is refunded in part',
    'partly_refunded',
    {
      status: { state: 'paid', receipt },
      refunds: [{ requestedAt: 'r' }],
      events: [at('refund.success', 's')],
    },
    ['created', 'paying', 'paid', 'refunding', 'partly_refunded'],
  ],
  [
    'is refunded in two parts',
    'refunded',
    {
      status: { state: 'paid', receipt },
      refunds: [{ requestedAt: 'r' }, { requestedAt: 'q' }],
      events: [at('refund.success', 's'), at('refund.success', 't')],
    },
    ['created', 'paying', 'paid', 'refunding', 'partly_refunded', 'refunded'],
  ],
  [
    'was refunded in part, the rest being under way',
    'refunding',
    {
      status: { state: 'paid', receipt },
      refunds: [{ requestedAt: 'r' }, { requestedAt: 'q' }],
      events: [at('refund.success', 's')],
    },
    ['created', 'paying', 'paid', 'refunding', 'partly_refunded', 'refunding'],
  ],
  [
    'waits for a person',
    'quarantined',
    { status: { state: 'paying' }, quarantine: { at: 'q', differs: 'amount' } },
    ['created', 'paying', 'quarantined'],
  ],
])('the way of an order that %s', (_what, standing, order, places) => {
  expect(wayOf(detail(standing, order)).map(({ place }) => place)).toEqual(places);
});

test('each step has its time, where the document knows it', () => {
  const order = {
    status: { state: 'paid', receipt },
    refunds: [{ requestedAt: 'r' }],
    events: [at('refund.success', 's')],
  };
  expect(wayOf(detail('refunded', order)).map((step) => step.at)).toEqual([
    'a',
    undefined,
    'c',
    'r',
    's',
  ]);
});
