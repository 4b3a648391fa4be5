import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  anOrder,
  aPrepay,
  aReceipt,
  ordersByState,
  placedAt,
  plus,
  proof,
} from '../../tests/support/orders.ts';
import { aRefundRequest } from '../../tests/support/refunds.ts';
import { fen } from '../domain/money.ts';
import { conclude, orphanOf } from '../domain/order/conclude.ts';
import { type Order, type OrderDocument, withPrepay } from '../domain/order/order.ts';
import { scheduleClose } from '../domain/order/placement.ts';
import type { Refund } from '../domain/order/refund.ts';
import type { DueKind, OrderStore } from '../ports/store.ts';
import { SPARSE_FIELDS, type Stored } from './codec.ts';

/** A store under test, and how its test looks behind it. */
export interface StoreUnderTest {
  store: OrderStore;
  /** Another instance over the same documents. */
  other: OrderStore;
  /** Writes a stored document as it is, whatever it is. */
  put(stored: object): Promise<void>;
  raw(outTradeNo: string): Promise<Stored | undefined>;
  clear(): Promise<void>;
  close(): Promise<void>;
  /** Faults of its operations, so often each, in this order; absent where there are none. */
  fault?(at: 'insert' | 'replace' | 'get', kind: FaultKind, times: number, then?: FaultKind): void;
  /** Acts once, after the first attempt that fails and before it is repeated. */
  meanwhile?(act: () => Promise<unknown>): void;
}

/** `refused` is final: the database takes no such operation from us. */
export type FaultKind = 'lost_request' | 'lost_answer' | 'refused' | 'throttled';

let serial = 0;
const aNumber = () => {
  serial += 1;
  return `STORE${String(serial).padStart(8, '0')}`;
};
const fresh = (more: Partial<Order> = {}): Order => anOrder({ outTradeNo: aNumber(), ...more });

/** Holds every store to the same cases. */
export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let at: StoreUnderTest;
    beforeAll(async () => {
      at = await open();
    }, 60_000);
    beforeEach(() => at.clear());
    afterAll(() => at.close());

    const readOrder = async (order: OrderDocument) =>
      (await at.store.get(order.outTradeNo)) as Order;
    const inserted = async (more: Partial<Order> = {}) => {
      const order = fresh(more);
      expect(await at.store.insert(order)).toBe('inserted');
      return order;
    };
    /** Writes `next` over `order` and reads it back. */
    const rewritten = async (order: Order, next: Order) => {
      expect(await at.store.replace(next, order.version)).toBe('replaced');
      return readOrder(order);
    };

    describe('what is written is what is read', () => {
      const quarantined = conclude(ordersByState.paying, proof({ totalFee: fen(1) }), plus(60));
      test.each<[string, Partial<Order>]>([
        ['created', {}],
        ['paying', ordersByState.paying],
        ['paid', ordersByState.paid],
        ['closed', ordersByState.closed],
        ['in quarantine', quarantined.order],
        ['with a requested close', scheduleClose(ordersByState.paying, plus(300))],
        ['queried', { queriedAt: plus(3) }],
        ['with attach', { attach: 'a|b\\c"d $set {"x":1}' }],
        ['under a provider', { spMchid: '1900000200' }],
        ['of one fen', { totalFee: fen(1) }],
        ['of the largest amount', { totalFee: fen(2_147_483_647) }],
        ['of an amount beyond 32 bits', { totalFee: fen(2 ** 40) }],
        ['with Chinese text', { body: '拿铁（大杯）·热' }],
        ['with an empty attach', { attach: '' }],
        ['with a long request', { request: JSON.stringify({ text: '长'.repeat(2000) }) }],
        ['with nothing due', { checkAt: null, deliveryAt: null }],
        ['with a delivery due', { deliveryAt: plus(9) }],
        ['with milliseconds in its times', { checkAt: new Date(placedAt.getTime() + 123) }],
        ['at the epoch', { checkAt: new Date(0) }],
        ['of cloud pay', { link: 'cloudPay' }],
      ])('an order %s', async (_what, more) => {
        const order = await inserted({ ...more, outTradeNo: aNumber() });
        expect(await readOrder(order)).toEqual({ ...order, version: 1 });
      });

      test('an orphan', async () => {
        const orphan = orphanOf(proof({ outTradeNo: aNumber() }), plus(60));
        expect(await at.store.insert(orphan)).toBe('inserted');
        expect(await at.store.get(orphan.outTradeNo)).toEqual(orphan);
      });

      test('an orphan of a payment that says neither payer nor appid', async () => {
        const { appid: _a, openid: _o, ...bare } = proof({ outTradeNo: aNumber() });
        const orphan = orphanOf(bare, plus(60));
        await at.store.insert(orphan);
        expect(await at.store.get(orphan.outTradeNo)).toEqual(orphan);
      });

      test('nothing, where nothing was written', async () => {
        expect(await at.store.get(aNumber())).toBeUndefined();
      });

      test('the same from another instance', async () => {
        const order = await inserted();
        expect(await at.other.get(order.outTradeNo)).toEqual(order);
      });

      test('nothing is shared with the writer’s own objects', async () => {
        const order = fresh();
        await at.store.insert(order);
        (order.events as unknown[]).push('spoilt');
        expect((await readOrder(order)).events).toEqual([]);
      });
    });

    describe('insert', () => {
      test('a number is taken once', async () => {
        const order = await inserted();
        expect(await at.store.insert({ ...order, body: '茶' })).toBe('exists');
        expect(await at.other.insert(order)).toBe('exists');
        expect(await readOrder(order)).toEqual(order);
      });

      test('of 20 parallel inserts of one number exactly one wins', async () => {
        const order = fresh();
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, i) => (i % 2 ? at.store : at.other).insert(order)),
        );
        expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1);
      });

      test('index fields stand beside the order, absent where they are to be left out', async () => {
        const open = await at.raw((await inserted()).outTradeNo);
        expect(open).toMatchObject({ state: 'created', version: 1, schemaVersion: 1 });
        for (const field of SPARSE_FIELDS.filter((name) => name !== 'checkAt')) {
          expect(open).not.toHaveProperty(field);
        }
        const paid = await at.raw(
          (await inserted({ ...ordersByState.paid, outTradeNo: aNumber() })).outTradeNo,
        );
        expect(paid).toMatchObject({ state: 'paid', transactionId: '420', paidAt: plus(60) });
      });
    });

    describe('replace', () => {
      test('writes the whole order and makes the next version', async () => {
        const order = await inserted();
        const read = await rewritten(order, withPrepay(order, aPrepay, plus(1)));
        expect(read).toEqual({ ...withPrepay(order, aPrepay, plus(1)), version: 2 });
      });

      test('a stale version changes nothing', async () => {
        const order = await inserted();
        await rewritten(order, { ...order, queriedAt: plus(1) });
        const before = await at.raw(order.outTradeNo);
        expect(await at.store.replace({ ...order, body: '茶' }, 1)).toBe('conflict');
        expect(await at.raw(order.outTradeNo)).toEqual(before);
      });

      test('a version of the future changes nothing', async () => {
        const order = await inserted();
        expect(await at.store.replace(order, 2)).toBe('conflict');
      });

      test('what does not exist is not created', async () => {
        const order = fresh();
        expect(await at.store.replace(order, 1)).toBe('conflict');
        expect(await at.store.get(order.outTradeNo)).toBeUndefined();
      });

      test('of 50 parallel replaces of one version exactly one wins', async () => {
        const order = await inserted();
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, i) =>
            (i % 2 ? at.store : at.other).replace({ ...order, body: `饮料${i}` }, 1),
          ),
        );
        expect(answers.filter((answer) => answer === 'replaced')).toHaveLength(1);
        const winner = answers.indexOf('replaced');
        expect(await readOrder(order)).toMatchObject({ version: 2, body: `饮料${winner}` });
      });

      test('twenty writes in a row, each on the last', async () => {
        let order = await inserted();
        for (let i = 0; i < 20; i += 1)
          order = await rewritten(order, { ...order, body: `第${i}` });
        expect(order).toMatchObject({ version: 21, body: '第19' });
      });

      test('an unchanged order is still a write', async () => {
        const order = await inserted();
        expect((await rewritten(order, order)).version).toBe(2);
      });

      test.each(['attach', 'closeDueAt', 'queriedAt', 'quarantine'] as const)(
        'clearing %s leaves nothing of it',
        async (optional) => {
          const quarantine = {
            differs: 'amount',
            transactionId: '1',
            totalFee: fen(1),
            at: plus(1),
          } as const;
          const full = { attach: 'x', closeDueAt: plus(1), queriedAt: plus(1), quarantine };
          const order = await inserted(full);
          const { [optional]: _gone, ...without } = order;
          const read = await rewritten(order, without as Order);
          expect(read).not.toHaveProperty(optional);
          expect((await at.raw(order.outTradeNo))?.order).not.toHaveProperty(optional);
        },
      );

      test('a field set to undefined is a cleared one', async () => {
        const order = await inserted({ attach: 'x' });
        const read = await rewritten(order, { ...order, attach: undefined } as unknown as Order);
        expect(read).not.toHaveProperty('attach');
      });

      test('shrinking an array leaves nothing of it', async () => {
        const order = await inserted({
          events: [1, 2, 3].map((seq) => ({
            id: `e.${seq}`,
            seq,
            type: 'order.paid',
            at: plus(seq),
          })),
        });
        const read = await rewritten(order, { ...order, events: order.events.slice(0, 1) });
        expect(read.events).toEqual(order.events.slice(0, 1));
        expect((await rewritten(read, { ...read, events: [] })).events).toEqual([]);
      });

      test('another state leaves no key of the last one', async () => {
        const order = await inserted({ ...ordersByState.paying, outTradeNo: aNumber() });
        const next = { ...order, status: ordersByState.closed.status };
        expect(Object.keys((await rewritten(order, next)).status).sort()).toEqual([
          'closedAt',
          'reason',
          'state',
        ]);
      });

      test('an empty object stays one', async () => {
        const order = await inserted({ extras: { later: {} } });
        expect((await readOrder(order)).extras).toEqual({ later: {} });
        const read = await rewritten(order, { ...order, extras: { later: { a: {} } } });
        expect(read.extras).toEqual({ later: { a: {} } });
      });

      test('an order that stops being paid loses its index fields', async () => {
        const order = await inserted({ ...ordersByState.paid, outTradeNo: aNumber() });
        await rewritten(order, { ...order, status: ordersByState.closed.status });
        const raw = await at.raw(order.outTradeNo);
        expect(raw).not.toHaveProperty('transactionId');
        expect(raw).not.toHaveProperty('paidAt');
      });

      test.each([undefined, Number.NaN, 0, 1.5, '1', null])(
        'version %s is refused before anything is sent',
        async (version) => {
          const order = await inserted();
          await expect(
            at.store.replace({ ...order, body: '茶' }, version as number),
          ).rejects.toThrow(RangeError);
          expect(await readOrder(order)).toEqual(order);
        },
      );
    });

    describe('refunds', () => {
      const ended = { refundId: '503' };
      const statuses: Refund['status'][] = [
        { state: 'requested', placingUntil: plus(76), attempts: 1 },
        { state: 'requested', placingUntil: plus(76), attempts: 2, lastErrorCode: 'NOT_ENOUGH' },
        { state: 'requested', placingUntil: plus(76), attempts: 3, untakenAttempts: 2 },
        { state: 'processing', ...ended },
        { state: 'success', ...ended, succeededAt: plus(80) },
        { state: 'closed', ...ended, closedAt: plus(80) },
        { state: 'abnormal', ...ended, abnormalAt: plus(80) },
        { state: 'refused', reason: 'NO_AUTH', refusedAt: plus(80) },
      ];
      const aRefund = (outRefundNo: string, more: Partial<Refund> = {}): Refund => ({
        ...aRefundRequest(outRefundNo),
        requestedAt: plus(70),
        origin: 'ours',
        status: { state: 'processing', ...ended },
        ...more,
      });
      const paidWith = async (...refunds: Refund[]) => {
        const order = await inserted({ ...ordersByState.paid, outTradeNo: aNumber() });
        return rewritten(order, { ...order, refunds });
      };

      test.each(statuses)('one that is $state is read as it was written', async (status) => {
        const refund = aRefund(aNumber(), { status, reason: '不想要了' });
        const order = await paidWith(refund, aRefund(aNumber(), { origin: 'external' }));
        expect(order.refunds?.[0]).toEqual(refund);
        expect(order.refunds).toHaveLength(2);
      });

      test('their numbers stand beside the order, and are absent while there are none', async () => {
        const one = aNumber();
        const two = aNumber();
        const order = await paidWith(aRefund(one), aRefund(two));
        expect((await at.raw(order.outTradeNo))?.outRefundNos).toEqual([one, two]);
        const { refunds: _gone, ...without } = order;
        await rewritten(order, without);
        expect(await at.raw(order.outTradeNo)).not.toHaveProperty('outRefundNos');
      });

      test('an order is found by its payment and by each refund number, and by no other', async () => {
        const one = aNumber();
        const two = aNumber();
        const transactionId = aNumber();
        const order = await paidWith(aRefund(one), aRefund(two));
        const receipt = { ...aReceipt, transactionId };
        const status = { state: 'paid', receipt } as const;
        const read = await rewritten(order, { ...order, status });
        expect(await at.store.find({ transactionId })).toEqual(read);
        expect(await at.other.find({ outRefundNo: one })).toEqual(read);
        expect(await at.store.find({ outRefundNo: two })).toEqual(read);
        expect(await at.store.find({ outRefundNo: transactionId })).toBeUndefined();
        expect(await at.store.find({ transactionId: one })).toBeUndefined();
      });

      test.each([undefined, null, 1, { $ne: '' }])('looking for %o is refused', async (no) => {
        await expect(at.store.find({ outRefundNo: no as never })).rejects.toThrow(RangeError);
      });

      test('a number that another order has is used, and nothing is written', async () => {
        const no = aNumber();
        await paidWith(aRefund(no));
        const order = await inserted({ ...ordersByState.paid, outTradeNo: aNumber() });
        const next = { ...order, refunds: [aRefund(aNumber()), aRefund(no)] };
        expect(await at.other.replace(next, 1)).toBe('number_used');
        expect(await readOrder(order)).toEqual(order);
        expect(await at.store.replace({ ...next, refunds: [aRefund(aNumber())] }, 1)).toBe(
          'replaced',
        );
      });

      test('an order keeps its own numbers, however often it is written', async () => {
        const order = await paidWith(aRefund(aNumber()));
        expect((await rewritten(order, { ...order, queriedAt: plus(1) })).refunds).toEqual(
          order.refunds,
        );
      });

      test('of 20 orders racing for one number exactly one gets it', async () => {
        const no = aNumber();
        const orders = await Promise.all(
          Array.from({ length: 20 }, () =>
            inserted({ ...ordersByState.paid, outTradeNo: aNumber() }),
          ),
        );
        const answers = await Promise.all(
          orders.map((order, i) =>
            (i % 2 ? at.store : at.other).replace({ ...order, refunds: [aRefund(no)] }, 1),
          ),
        );
        expect(answers.filter((answer) => answer === 'replaced')).toHaveLength(1);
        expect(answers.filter((answer) => answer === 'number_used')).toHaveLength(19);
      });
    });

    describe('documents of other code', () => {
      test('what code that knows no refunds reads and writes survives: fields of any depth', async () => {
        // Before refunds, `refunds` was such a field of the order, and `outRefundNos` beside it.
        const later = [{ no: 'R1', at: plus(70), status: { state: 'x', until: plus(76) } }];
        const order = await inserted({ ...ordersByState.paid, outTradeNo: aNumber() });
        const raw = (await at.raw(order.outTradeNo)) as Stored;
        await at.put({ ...raw, order: { ...raw.order, later }, laterNos: ['R1'] });
        const read = await readOrder(order);
        await at.store.replace({ ...read, queriedAt: plus(1) }, 1);
        expect(await at.raw(order.outTradeNo)).toMatchObject({
          laterNos: ['R1'],
          order: { later },
        });
      });

      const stored = async (change: (raw: Stored) => object) => {
        const order = await inserted();
        const raw = (await at.raw(order.outTradeNo)) as Stored;
        await at.put(change(structuredClone(raw)));
        return order;
      };

      test('fields that we do not know survive our writes', async () => {
        const order = await stored((raw) => ({
          ...raw,
          order: { ...raw.order, coupon: { id: 7 } },
        }));
        const read = await readOrder(order);
        expect(read.extras).toEqual({ coupon: { id: 7 } });
        await at.store.replace(withPrepay(read, aPrepay, plus(1)), 1);
        expect((await at.raw(order.outTradeNo))?.order.coupon).toEqual({ id: 7 });
      });

      test('index fields that we do not know survive our writes', async () => {
        const order = await stored((raw) => ({ ...raw, shopNo: 'S1' }));
        await rewritten(order, { ...order, queriedAt: plus(1) });
        expect(await at.raw(order.outTradeNo)).toMatchObject({ shopNo: 'S1' });
      });

      test('a document of later code is neither read nor written nor leased', async () => {
        const order = await stored((raw) => ({ ...raw, schemaVersion: 2, checkAt: plus(1) }));
        const before = await at.raw(order.outTradeNo);
        const newer = { code: 'DOCUMENT_NEWER', retry: 'never' };
        await expect(readOrder(order)).rejects.toMatchObject(newer);
        const write = at.store.replace({ ...order, body: '茶' }, 1);
        await expect(write).rejects.toMatchObject(newer);
        const item = { outTradeNo: order.outTradeNo, at: plus(1) };
        expect(await at.store.lease(item, 'check', plus(99))).toBe(false);
        expect(await at.raw(order.outTradeNo)).toEqual(before);
      });

      test('documents of later code are not due, however many stand before ours', async () => {
        const newer = await stored((raw) => ({ ...raw, schemaVersion: 2, checkAt: plus(1) }));
        const model = (await at.raw(newer.outTradeNo)) as Stored;
        for (let i = 0; i < 20; i += 1) await at.put({ ...model, _id: `NEWER${i}` });
        const ours = await inserted({ checkAt: plus(2) });
        const due = await at.store.due('check', plus(3), 5);
        expect(due.map(({ outTradeNo }) => outTradeNo)).toEqual([ours.outTradeNo]);
      });

      test('one that holds null where nothing is due is read as one that holds nothing', async () => {
        const order = await stored((raw) => ({ ...raw, checkAt: null, deliveryAt: null }));
        expect(await readOrder(order)).toMatchObject({ checkAt: null, deliveryAt: null });
      });

      test.each<[string, (raw: Stored) => object]>([
        ['no order', ({ order: _gone, ...raw }) => raw],
        ['an order that is text', (raw) => ({ ...raw, order: '{}' })],
        ['no kind', (raw) => ({ ...raw, order: { ...raw.order, kind: undefined } })],
        ['an amount in yuan', (raw) => ({ ...raw, order: { ...raw.order, totalFee: 1.5 } })],
        ['a negative amount', (raw) => ({ ...raw, order: { ...raw.order, totalFee: -1 } })],
        ['an amount that is text', (raw) => ({ ...raw, order: { ...raw.order, totalFee: '100' } })],
        [
          'a state that we do not know',
          (raw) => ({ ...raw, order: { ...raw.order, status: { state: 'refunded' } } }),
        ],
        [
          'a paid state without receipt',
          (raw) => ({ ...raw, order: { ...raw.order, status: { state: 'paid' } } }),
        ],
        [
          'a date that is text',
          (raw) => ({ ...raw, order: { ...raw.order, expiresAt: '2026-11-24' } }),
        ],
        ['events that are no list', (raw) => ({ ...raw, order: { ...raw.order, events: {} } })],
        [
          'an event without type',
          (raw) => ({ ...raw, order: { ...raw.order, events: [{ id: 'x', seq: 1 }] } }),
        ],
        ['no version', ({ version: _gone, ...raw }) => raw],
        ['a checkAt that is a number', (raw) => ({ ...raw, checkAt: 5 })],
      ])('a document with %s is unreadable by name, not by crash', async (_what, spoil) => {
        const order = await stored(spoil);
        await expect(at.store.get(order.outTradeNo)).rejects.toMatchObject({
          code: 'DOCUMENT_UNREADABLE',
          retry: 'never',
          message: expect.stringMatching(/document\./),
        });
      });
    });

    describe('what is due', () => {
      const times = { check: 'checkAt', deliver: 'deliveryAt' } as const;
      const due = (what: keyof typeof times, seconds: number | null) =>
        inserted({ checkAt: null, [times[what]]: seconds === null ? null : plus(seconds) });
      const dueNumbers = async (what: DueKind, seconds: number, limit = 100) =>
        (await at.store.due(what, plus(seconds), limit)).map(({ outTradeNo }) => outTradeNo);

      test.each(['check', 'deliver'] as const)(
        '%s: in order of time, up to the instant',
        async (what) => {
          const late = await due(what, 30);
          const early = await due(what, 10);
          await due(what, 31);
          await due(what, null);
          expect(await dueNumbers(what, 30)).toEqual([early.outTradeNo, late.outTradeNo]);
          expect(await dueNumbers(what, 9)).toEqual([]);
        },
      );

      test('nothing due is never due, not even at the end of time', async () => {
        await due('check', null);
        expect(await at.store.due('check', new Date('9999-12-31'), 10)).toEqual([]);
      });

      test('the due time and the link come with the number', async () => {
        const { outTradeNo, link } = await due('check', 10);
        expect(await at.store.due('check', plus(10), 10)).toEqual([
          { outTradeNo, at: plus(10), link },
        ]);
      });

      test('the link comes from a field of its own, whatever the order holds', async () => {
        const { outTradeNo, link } = await due('check', 10);
        const raw = (await at.raw(outTradeNo)) as Stored;
        expect(raw.link).toBe(link);
        await at.put({ ...raw, order: { ...raw.order, link: 'other' } });
        expect(await at.store.due('check', plus(10), 1)).toMatchObject([{ outTradeNo, link }]);
        // Of one that was written without that field nothing is known: any timer takes it.
        const { link: _link, ...older } = raw;
        await at.put(older as Stored);
        const listed = await at.store.due('check', plus(10), 1);
        expect(listed).toEqual([{ outTradeNo, at: plus(10) }]);
        expect((await readOrder({ outTradeNo } as Order)).link).toBe(link);
      });

      test('what holds money is listed apart, and marked among all', async () => {
        const question = await inserted({ ...ordersByState.paying, outTradeNo: aNumber() });
        const requested = await inserted({
          ...scheduleClose(ordersByState.paying, plus(9)),
          outTradeNo: aNumber(),
        });
        const ending = await inserted({
          ...ordersByState.paying,
          outTradeNo: aNumber(),
          checkAt: plus(1800),
        });
        const listed = await at.store.due('urgent', plus(1800), 9);
        expect(listed.map(({ outTradeNo }) => outTradeNo)).toEqual([
          requested.outTradeNo,
          ending.outTradeNo,
        ]);
        const all = await at.store.due('check', plus(1800), 9);
        expect(all.map(({ outTradeNo, isUrgent }) => [outTradeNo, isUrgent])).toEqual([
          [requested.outTradeNo, true],
          [question.outTradeNo, undefined],
          [ending.outTradeNo, true],
        ]);
        await rewritten(requested, { ...requested, checkAt: null });
        expect(await at.raw(requested.outTradeNo)).not.toHaveProperty('urgent');
      });

      test('it goes on from an instant, with all that is due at it', async () => {
        await due('check', 4);
        const second = await due('check', 5);
        const third = await due('check', 5);
        const listed = await at.store.due('check', plus(9), 10, plus(5));
        expect(listed.map(({ outTradeNo }) => outTradeNo).sort()).toEqual([
          second.outTradeNo,
          third.outTradeNo,
        ]);
      });

      test.each([1, 2, 3])('at most %i', async (limit) => {
        for (const seconds of [4, 3, 2, 1]) await due('check', seconds);
        expect(await dueNumbers('check', 9, limit)).toHaveLength(limit);
      });

      test('a document that cannot be read is due like the others, and blocks none', async () => {
        const sick = await due('check', 1);
        const sound = await due('check', 2);
        const raw = (await at.raw(sick.outTradeNo)) as Stored;
        await at.put({ ...raw, order: 'spoilt' });
        expect(await dueNumbers('check', 5)).toEqual([sick.outTradeNo, sound.outTradeNo]);
        expect(
          await at.store.lease({ outTradeNo: sick.outTradeNo, at: plus(1) }, 'check', plus(99)),
        ).toBe(true);
        expect(await dueNumbers('check', 5)).toEqual([sound.outTradeNo]);
      });

      test('more than a thousand come in order, none twice and none left out', async () => {
        const model = (await at.raw((await inserted({ checkAt: plus(1) })).outTradeNo)) as Stored;
        await at.clear();
        // Numbers are in another order than times, and neither page nor limit ends where a group of equal
        // times does: the groups of seven, and the one of 450 around the end of the first page.
        const inGroups = (place: number) => (place < 700 ? Math.floor(place / 7) : 900);
        const all = Array.from({ length: 1205 }, (_, i) => {
          const place = (i * 7919) % 1205;
          const _id = `DUE${String((place * 31) % 1205).padStart(6, '0')}`;
          return { ...model, _id, checkAt: plus(place < 1150 ? inGroups(place) : place) };
        });
        for (const one of all) await at.put(one);
        const expected = all.map(({ checkAt }) => checkAt).sort((a, b) => +a - +b);
        for (const limit of [5000, 1100, 1000, 345]) {
          const due = await at.store.due('check', plus(10_000), limit);
          expect(due.map((one) => one.at)).toEqual(expected.slice(0, limit));
          expect(new Set(due.map(({ outTradeNo }) => outTradeNo)).size).toBe(due.length);
        }
      });
    });

    describe('lease', () => {
      test('moves the due time and nothing else', async () => {
        const order = await inserted({ checkAt: plus(10) });
        const item = { outTradeNo: order.outTradeNo, at: plus(10) };
        expect(await at.store.lease(item, 'check', plus(130))).toBe(true);
        expect(await readOrder(order)).toEqual({ ...order, checkAt: plus(130) });
      });

      test('an item is leased once', async () => {
        const order = await inserted({ checkAt: plus(10) });
        const item = { outTradeNo: order.outTradeNo, at: plus(10) };
        expect(await at.store.lease(item, 'check', plus(130))).toBe(true);
        expect(await at.other.lease(item, 'check', plus(131))).toBe(false);
        expect((await readOrder(order)).checkAt).toEqual(plus(130));
      });

      test('of ten workers racing for an item exactly one gets it', async () => {
        const order = await inserted({ checkAt: plus(10) });
        const item = { outTradeNo: order.outTradeNo, at: plus(10) };
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            (i % 2 ? at.store : at.other).lease(item, 'check', plus(130 + i)),
          ),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
      });

      test('deliver and check are leased apart', async () => {
        const order = await inserted({ checkAt: plus(10), deliveryAt: plus(10) });
        const item = { outTradeNo: order.outTradeNo, at: plus(10) };
        expect(await at.store.lease(item, 'deliver', plus(99))).toBe(true);
        expect(await readOrder(order)).toMatchObject({ checkAt: plus(10), deliveryAt: plus(99) });
      });

      test('what is applied meanwhile is not leased', async () => {
        const order = await inserted({ checkAt: plus(10) });
        await rewritten(order, { ...order, ...ordersByState.paid, outTradeNo: order.outTradeNo });
        const item = { outTradeNo: order.outTradeNo, at: plus(10) };
        expect(await at.store.lease(item, 'check', plus(130))).toBe(false);
      });

      test('a write that knows the order from before the lease still counts, once', async () => {
        const order = await inserted({ checkAt: plus(10) });
        await at.store.lease({ outTradeNo: order.outTradeNo, at: plus(10) }, 'check', plus(130));
        expect(await at.store.replace({ ...order, checkAt: plus(60) }, 1)).toBe('replaced');
        expect(await at.other.replace({ ...order, checkAt: plus(70) }, 1)).toBe('conflict');
        expect((await readOrder(order)).checkAt).toEqual(plus(60));
      });

      test('what does not exist is not leased', async () => {
        expect(await at.store.lease({ outTradeNo: aNumber(), at: plus(1) }, 'check', plus(2))).toBe(
          false,
        );
      });
    });
  });
}

/** Holds a store over a wire to more, when the wire breaks. */
export function brokenWireContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let at: StoreUnderTest;
    beforeAll(async () => {
      at = await open();
    }, 60_000);
    beforeEach(() => at.clear());
    afterAll(() => at.close());

    const broken = [
      ['before the commit', 'lost_request'],
      ['after the commit', 'lost_answer'],
    ] as const;

    describe.each(broken)('a connection reset %s', (_when, kind) => {
      test.each([1, 2])('%i times: an insert is found', async (times) => {
        const order = fresh();
        at.fault?.('insert', kind, times);
        expect(await at.store.insert(order)).toBe('inserted');
        expect(await at.store.get(order.outTradeNo)).toEqual(order);
      });

      test.each([1, 2])('%i times: a replace is found, and made one version', async (times) => {
        const order = fresh();
        await at.store.insert(order);
        at.fault?.('replace', kind, times);
        expect(await at.store.replace({ ...order, body: '茶' }, 1)).toBe('replaced');
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ version: 2, body: '茶' });
      });

      test('a lease is found', async () => {
        const order = fresh({ checkAt: plus(10) });
        await at.store.insert(order);
        at.fault?.('replace', kind, 1);
        const item = { outTradeNo: order.outTradeNo, at: plus(10) };
        expect(await at.store.lease(item, 'check', plus(130))).toBe(true);
      });

      test('a read is repeated', async () => {
        const order = fresh();
        await at.store.insert(order);
        at.fault?.('get', kind, 2);
        expect(await at.store.get(order.outTradeNo)).toEqual(order);
      });

      test('a number that another write took is still taken', async () => {
        const order = fresh();
        await at.other.insert(order);
        at.fault?.('insert', kind, 1);
        expect(await at.store.insert({ ...order, body: '茶' })).toBe('exists');
      });

      test('a conflict with another write is still one', async () => {
        const order = fresh();
        await at.store.insert(order);
        await at.other.replace({ ...order, body: '水' }, 1);
        at.fault?.('replace', kind, 1);
        expect(await at.store.replace({ ...order, body: '茶' }, 1)).toBe('conflict');
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ body: '水' });
      });
    });

    test('a connection reset for good: named unknown, and the same write may be repeated', async () => {
      const order = fresh();
      at.fault?.('insert', 'lost_request', 3);
      await expect(at.store.insert(order)).rejects.toMatchObject({
        code: 'STORE_OUTCOME_UNKNOWN',
        retry: 'same_request',
      });
      expect(await at.store.insert(order)).toBe('inserted');
    });

    test('throttled calls are repeated; throttled for good, nothing was written', async () => {
      const order = fresh();
      at.fault?.('insert', 'throttled', 2);
      expect(await at.store.insert(order)).toBe('inserted');
      at.fault?.('replace', 'throttled', 3);
      const write = at.store.replace({ ...order, body: '茶' }, 1);
      await expect(write).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        retry: 'same_request',
      });
      expect(await at.store.get(order.outTradeNo)).toEqual(order);
    });

    test('others wrote on after our lost answer: we still find our own write', async () => {
      const order = fresh();
      await at.store.insert(order);
      at.fault?.('replace', 'lost_answer', 1);
      const ours = at.store.replace({ ...order, body: '茶' }, 1);
      expect(await ours).toBe('replaced');
      for (let version = 2; version < 6; version += 1) {
        expect(await at.other.replace({ ...order, body: `${version}` }, version)).toBe('replaced');
      }
      expect((await at.raw(order.outTradeNo))?.writeIds).toHaveLength(6);
    });

    test('a bounded number of write ids is kept', async () => {
      const order = fresh();
      await at.store.insert(order);
      for (let version = 1; version <= 12; version += 1) await at.store.replace(order, version);
      expect((await at.raw(order.outTradeNo))?.writeIds).toHaveLength(8);
    });
  });
}
