import { expect, test } from 'vitest';
import { placedAt } from '../../tests/support/orders.ts';
import { decode } from './codec.ts';

const at = placedAt;
const received = {
  transactionId: '420',
  tradeState: 'SUCCESS',
  totalFee: 100,
  currency: 'CNY',
  mchid: '1900000109',
  spMchid: '1900000200',
  appid: 'wx1',
  openid: 'oPayer',
  paidAt: at,
  confirmedBy: 'callback',
  confirmedAt: at,
};
const receipt = { transactionId: '420', paidAt: at, confirmedBy: 'query', confirmedAt: at };
const payment = {
  appId: 'wx1',
  timeStamp: '1',
  nonceStr: 'n',
  package: 'prepay_id=1',
  signType: 'RSA',
  paySign: 's',
};

const orderStatuses = [
  { state: 'created', placingUntil: at, attempts: 1, unsentAttempts: 1 },
  { state: 'paying', prepayIssuedAt: at, prepayId: '1' },
  { state: 'paying', prepayIssuedAt: at, payment },
  { state: 'paying', prepayIssuedAt: at, payment: { ...payment, signType: 'MD5' } },
  { state: 'paid', receipt },
  { state: 'paid', receipt: { ...receipt, confirmedBy: 'callback' } },
  { state: 'closed', closedAt: at, reason: 'expired' },
];
const refundStatuses = [
  { state: 'requested', placingUntil: at, attempts: 1, untakenAttempts: 1, lastErrorCode: 'X' },
  { state: 'processing', refundId: '5' },
  { state: 'success', refundId: '5', succeededAt: at },
  { state: 'closed', refundId: '5', closedAt: at },
  { state: 'abnormal', refundId: '5', abnormalAt: at },
  { state: 'unverified', refundId: '5', unverifiedAt: at },
  { state: 'refused', reason: 'NO_AUTH', refusedAt: at },
];

/** Fills every field that orders and orphans share. */
const common = {
  mchid: '1900000109',
  spMchid: '1900000200',
  appid: 'wx1',
  openid: 'oPayer',
  totalFee: 100,
  traceId: 'trace-1',
  queriedAt: at,
  secondPayments: [received, { ...received, tradeState: 'REFUND', confirmedBy: 'query' }],
  refunds: refundStatuses.map((status, i) => ({
    outRefundNo: `R${i}`,
    refundFee: 40,
    reason: 'x',
    request: '{}',
    requestedAt: at,
    transactionId: '420',
    origin: i > 3 ? 'ours' : 'external',
    status,
  })),
  refundedExternallyAt: at,
  decisions: [
    { decision: 'leave', attention: 'orphan', about: '420', by: 'oAdmin', at, reason: 'x' },
  ],
  events: [
    {
      id: 'T.1',
      seq: 1,
      type: 'order.paid',
      at,
      about: '420',
      deliveries: {
        function: {
          state: 'waiting',
          attempts: 1,
          since: at,
          nextAt: at,
          isUnderWay: true,
          earlierAttempts: 0,
          lastError: 'x',
        },
        url: { state: 'parked', attempts: 1, parkedAt: at, lastError: 'x' },
      },
    },
    {
      id: 'T.2',
      seq: 2,
      type: 'order.closed',
      at,
      about: 'asked',
      deliveries: { url: { state: 'delivered', attempts: 1, deliveredAt: at } },
    },
  ],
};
const orphan = { kind: 'orphan', receipt, ...common };
const orders = orderStatuses.map((status, i) => ({
  kind: 'order',
  link: i > 1 ? 'apiV3' : 'cloudPay',
  body: '咖啡',
  attach: 'x',
  purchaseId: 'cart-7',
  createdAt: at,
  expiresAt: at,
  request: '{}',
  status,
  closeDueAt: at,
  closeReason: 'asked',
  siblingsDueAt: at,
  unanswered: { since: at, code: 'X', endedAt: at },
  acceptedPayment: received,
  quarantine: { differs: 'amount', transactionId: '420', totalFee: 100, at, payment: received },
  ...common,
}));
const stored = (order: object) => ({
  _id: 'T20261124001',
  schemaVersion: 1,
  version: 1,
  writeIds: ['w1'],
  state: 'any',
  checkAt: at,
  deliveryAt: at,
  order,
});

/** Fields that are absent where there is nothing; without any other a document is unreadable. */
const OPTIONAL = new Set(
  `checkAt deliveryAt state order.spMchid order.attach order.traceId order.queriedAt order.closeDueAt order.closeReason
  order.purchaseId order.siblingsDueAt
  order.unanswered order.unanswered.endedAt order.quarantine order.quarantine.totalFee
  order.quarantine.payment order.secondPayments order.refunds order.refunds.reason
  order.refunds.transactionId order.refunds.status.untakenAttempts order.refunds.status.lastErrorCode
  order.refundedExternallyAt order.decisions order.decisions.attention order.acceptedPayment order.events.about order.status.unsentAttempts order.events.deliveries
  order.events.deliveries.function order.events.deliveries.url order.events.deliveries.function.isUnderWay
  order.events.deliveries.function.earlierAttempts order.events.deliveries.function.lastError`
    .split(/\s+/)
    .concat(
      // What WeChat may leave out of a payment.
      ['order.secondPayments', 'order.quarantine.payment', 'order.acceptedPayment'].flatMap(
        (payment) =>
          ['totalFee', 'spMchid', 'appid', 'openid', 'paidAt'].map((name) => `${payment}.${name}`),
      ),
    ),
);
/** Of one that may have been taken there is no number of WeChat's; in every other state it is needed. */
const unverifiedAt = refundStatuses.findIndex(({ state }) => state === 'unverified');
const isOptional = (path: readonly string[]) =>
  path.join('.') === `order.refunds.${unverifiedAt}.status.refundId` ||
  OPTIONAL.has(path.filter((name) => !/^\d+$/.test(name)).join('.'));

/** Lists the path of every field inside, deepest last. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const here = [...path, name];
    return [here, ...pathsIn(field, here)];
  });
}

/** Copies a document with one field changed, or taken out where it becomes undefined. */
function changed(document: object, path: readonly string[], change: (value: unknown) => unknown) {
  const copy = structuredClone(document);
  let inside = copy as Record<string, unknown>;
  for (const name of path.slice(0, -1)) inside = inside[name] as Record<string, unknown>;
  const name = path.at(-1) ?? '';
  const value = change(inside[name]);
  if (value === undefined) delete inside[name];
  else inside[name] = value;
  return copy;
}

/** Gives a value of another kind, that our code would misread. */
const spoilt = (value: unknown) => (typeof value === 'number' ? '100' : 7);
const WORDS = ['kind', 'link', 'signType', 'origin', 'tradeState', 'confirmedBy'];

const isReadable = (document: unknown) => {
  try {
    decode(document);
    return true;
  } catch {
    return false;
  }
};

test.each<[string, object]>([
  ...orders.map((order): [string, object] => [order.status.state, order]),
  ['orphan', orphan],
])(
  'a document that is %s is read with all its fields, and with none of them spoilt',
  (_state, order) => {
    const document = stored(order);
    expect(decode(document)).toMatchObject({ outTradeNo: 'T20261124001', refunds: common.refunds });
    const read = pathsIn(document).filter((path) => path[0] !== 'state');
    const misread = read.filter((path) => isReadable(changed(document, path, spoilt)));
    expect(misread.map((path) => path.join('.'))).toEqual([]);
    const words = read.filter((path) => WORDS.includes(path.at(-1) ?? ''));
    const unknown = words.filter((path) => isReadable(changed(document, path, () => 'another')));
    expect(unknown.map((path) => path.join('.'))).toEqual([]);
  },
);

test('a document is unreadable without any field that our code counts on', () => {
  for (const order of orders) {
    const document = stored(order);
    const fields = pathsIn(document).filter((path) => !/^\d+$/.test(path.at(-1) ?? ''));
    const wrong = fields.filter(
      (path) => isReadable(changed(document, path, () => undefined)) !== isOptional(path),
    );
    expect(wrong.map((path) => path.join('.'))).toEqual([]);
  }
});
