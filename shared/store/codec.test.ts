import { expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../tests/support/orders.ts';
import { aRefundRequest } from '../../tests/support/refunds.ts';
import { fen } from '../domain/money.ts';
import { conclude, concludeOrphan, orphanOf } from '../domain/order/conclude.ts';
import type { OrderDocument } from '../domain/order/order.ts';
import { decode, encode, SCHEMA_VERSION } from './codec.ts';
import * as is from './shape.ts';

const { created, paying, paid, closed } = ordersByState;
const orphan = orphanOf(proof(), plus(60));

/** Makes the stored form of a document, as a store would. */
const stored = (document: OrderDocument): Record<string, unknown> => ({
  _id: document.outTradeNo,
  schemaVersion: SCHEMA_VERSION,
  version: document.version,
  writeIds: ['w1'],
  ...encode(document),
});

const second = proof({ transactionId: '421', tradeState: 'REFUND' });
const external = { ...aRefundRequest('R1'), requestedAt: plus(70), origin: 'external' } as const;
const refunds = [
  { ...external, transactionId: '421', status: { state: 'processing', refundId: '5' } },
] as const;
const noticed = { refundedExternallyAt: plus(99), queriedAt: plus(98), refunds };
const documents: OrderDocument[] = [
  { ...conclude(paid, second, plus(90)).order, ...noticed },
  { ...conclude(paying, proof({ totalFee: fen(1) }), plus(90)).order, ...noticed },
  { ...concludeOrphan(orphan, second, plus(90)).order, ...noticed },
];

test.each([created, paying, paid, closed, orphan, ...documents])(
  '%o is read as it was written',
  (document) => {
    expect(decode(stored(document))).toEqual(document);
  },
);

test('refund numbers of an orphan are unique like all', () => {
  expect(encode({ ...orphan, ...noticed }).outRefundNos).toEqual(['R1']);
});

test('what could not be read back is not written', () => {
  const spoilt: [object, string][] = [
    [{ totalFee: 1.5 }, 'document.order.totalFee'],
    [{ totalFee: -1 }, 'document.order.totalFee'],
    [{ expiresAt: new Date(Number.NaN) }, 'document.order.expiresAt'],
    [{ checkAt: undefined }, 'document.checkAt'],
    [{ checkAt: new Date(Number.NaN) }, 'document.checkAt'],
    [{ deliveryAt: 5 }, 'document.deliveryAt'],
    [{ status: { state: 'toString' } }, 'document.order.status.state'],
    [{ events: [{ id: 'x' }] }, 'document.order.events.0.seq'],
    [{ link: 'other' }, 'document.order.link'],
  ];
  for (const [change, path] of spoilt) {
    const write = () => encode({ ...paying, ...change } as OrderDocument);
    expect(write).toThrow(new RangeError(`not sent to the database: ${path} is wrong`));
  }
});

test('a field of later code is carried along, and never stands over one of ours', () => {
  const extras = { coupon: { id: 7 }, body: '茶' };
  const written = encode({ ...paying, extras });
  expect(written.order).toMatchObject({ coupon: { id: 7 }, body: paying.body });
  expect(decode(stored({ ...paying, extras: { coupon: { id: 7 } } }))).toMatchObject({
    extras: { coupon: { id: 7 } },
  });
});

test.each<[string, object]>([
  ['_id', { _id: 1 }],
  ['schemaVersion', { schemaVersion: undefined }],
  ['schemaVersion', { schemaVersion: 0 }],
  ['version', { version: 0 }],
  ['version', { version: undefined }],
  ['version', { version: 1.5 }],
  ['writeIds', { writeIds: 'w1' }],
  ['writeIds.1', { writeIds: ['w1', 2] }],
  ['checkAt', { checkAt: new Date(Number.NaN) }],
  ['order', { order: [] }],
  ['order.kind', { order: { kind: 'constructor' } }],
])('a document is unreadable for its %s: %o', (field, change) => {
  const read = () => decode({ ...stored(paid), ...change });
  expect(read).toThrow(
    expect.objectContaining({
      code: 'DOCUMENT_UNREADABLE',
      retry: 'never',
      message: expect.stringMatching(new RegExp(`document\\.${field}`)),
    }),
  );
});

test.each(['decision', 'about', 'by', 'at', 'reason'])(
  'a decision is read as it was written, and is unreadable without its %s',
  (field) => {
    const decision = { decision: 'giveUpRefund', about: 'R1', by: 'oAdmin', reason: 'x' } as const;
    const raw = stored({ ...paid, decisions: [{ ...decision, at: new Date(0) }] });
    expect(decode(raw)).toMatchObject({ decisions: [{ ...decision, at: new Date(0) }] });
    const order = structuredClone(raw.order) as { decisions: Record<string, unknown>[] };
    delete order.decisions[0]?.[field];
    expect(() => decode({ ...raw, order })).toThrow(`document.order.decisions.0.${field}`);
  },
);

test('a receipt is confirmed by a callback or a query, and by nothing else', () => {
  const raw = stored(paid);
  const order = structuredClone(raw.order) as { status: { receipt: { confirmedBy: string } } };
  order.status.receipt.confirmedBy = 'hearsay';
  expect(() => decode({ ...raw, order })).toThrow(/confirmedBy/);
});

const holds = (check: is.Check, value: unknown) => check(value) === undefined;

test.each<[string, is.Check, unknown[], unknown[]]>([
  ['text', is.text, ['', 'a'], [1, null, undefined, new String('a')]],
  ['count', is.count, [0, 1, 2 ** 53 - 1], [-1, 1.5, 2 ** 53, '1', Number.NaN, null]],
  ['version', is.version, [1, 2], [0, -1, 1.5, '1', undefined]],
  ['date', is.date, [new Date(0)], [new Date(Number.NaN), 0, '2026-11-24', null]],
  ['dateOrNull', is.dateOrNull, [null, new Date(0)], [undefined, new Date(Number.NaN)]],
  ['optional', is.optional(is.count), [undefined, 0], [null, -1]],
  ['oneOf', is.oneOf('a', 'b'), ['a', 'b'], ['c', undefined]],
  ['list', is.list(is.count), [[], [1, 2]], [[-1], {}, 'ab', undefined]],
  ['shape', is.shape({ a: is.count }), [{ a: 1 }, { a: 1, b: 2 }], [{}, { a: -1 }, [], null]],
  [
    'union',
    is.union('k', { a: is.shape({ n: is.count }) }),
    [{ k: 'a', n: 1 }],
    [{ k: 'a' }, { k: 'b', n: 1 }, { k: 'toString' }, {}, null, { k: 1 }],
  ],
])('%s holds for these and no others', (_name, check, good, bad) => {
  expect(good.filter((value) => !holds(check, value))).toEqual([]);
  expect(bad.filter((value) => holds(check, value))).toEqual([]);
});

test('the path of what is wrong leads to it', () => {
  const check = is.shape({ a: is.list(is.shape({ b: is.union('k', { c: is.shape({}) }) })) });
  expect(check({ a: [{ b: { k: 'c' } }, { b: { k: 'd' } }] })).toBe('.a.1.b.k');
});
