import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anOrder, plus } from '../../tests/support/orders.ts';
import type { Order } from '../domain/order/order.ts';
import type { StoreUnderTest } from './store.contract.ts';

let serial = 0;
const fresh = (more: Partial<Order> = {}): Order => {
  serial += 1;
  return anOrder({ outTradeNo: `OTHERS${String(serial).padStart(8, '0')}`, ...more });
};

/**
 * Holds a store to true answers where others write between an attempt that failed and its repeat: they
 * wait for nobody, so that our own write need not be the last one, nor ours at all.
 */
export function othersWriteContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let at: StoreUnderTest;
    beforeAll(async () => {
      at = await open();
    }, 60_000);
    beforeEach(() => at.clear());
    afterAll(() => at.close());

    /** Others write so often, each over the version before. */
    const othersWrite = async (order: Order, from: number, times: number) => {
      for (let version = from; version < from + times; version += 1) {
        const written = at.other.replace({ ...order, body: `他人${version}` }, version);
        expect(await written).toBe('replaced');
      }
    };
    const inserted = async (more: Partial<Order> = {}) => {
      const order = fresh(more);
      await at.store.insert(order);
      return order;
    };
    const due = ({ outTradeNo }: Order, seconds = 10) => ({ outTradeNo, at: plus(seconds) });

    describe('a write whose answer was lost', () => {
      test.each([1, 2, 6, 7])('is found beneath %i of others', async (times) => {
        const order = await inserted();
        at.fault?.('replace', 'lost_answer', 1);
        at.meanwhile?.(() => othersWrite(order, 2, times));
        expect(await at.store.replace({ ...order, body: '茶' }, 1)).toBe('replaced');
        const body = `他人${times + 1}`;
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ version: times + 2, body });
      });

      test('stays unknown beneath so many that its id is gone, and is not repeated', async () => {
        const order = await inserted();
        at.fault?.('replace', 'lost_answer', 1);
        at.meanwhile?.(() => othersWrite(order, 2, 8));
        const write = at.store.replace({ ...order, body: '茶' }, 1);
        await expect(write).rejects.toMatchObject({
          code: 'STORE_OUTCOME_UNKNOWN',
          retry: 'never',
        });
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ version: 10, body: '他人9' });
      });

      test.each([0, 1, 5])('is found as an insert beneath %i of others', async (times) => {
        const order = fresh();
        at.fault?.('insert', 'lost_answer', 1);
        at.meanwhile?.(() => othersWrite(order, 1, times));
        expect(await at.store.insert(order)).toBe('inserted');
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ version: times + 1 });
      });
    });

    describe('a write that never arrived', () => {
      test.each([1, 3])('is a conflict beneath %i of others', async (times) => {
        const order = await inserted();
        at.fault?.('replace', 'lost_request', 1);
        at.meanwhile?.(() => othersWrite(order, 1, times));
        expect(await at.store.replace({ ...order, body: '茶' }, 1)).toBe('conflict');
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ body: `他人${times}` });
      });

      test('is no insert where another took the number', async () => {
        const order = fresh();
        at.fault?.('insert', 'lost_request', 1);
        at.meanwhile?.(() => at.other.insert({ ...order, body: '茶' }));
        expect(await at.store.insert(order)).toBe('exists');
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ body: '茶' });
      });
    });

    describe('a lease without an answer', () => {
      test('is ours where the time is the one that we set', async () => {
        const order = await inserted({ checkAt: plus(10) });
        at.fault?.('replace', 'lost_answer', 2);
        expect(await at.store.lease(due(order), 'check', plus(130))).toBe(true);
      });

      test('is not ours where it did not arrive and another leased', async () => {
        const order = await inserted({ checkAt: plus(10) });
        at.fault?.('replace', 'lost_request', 1);
        at.meanwhile?.(async () => {
          expect(await at.other.lease(due(order), 'check', plus(131))).toBe(true);
        });
        expect(await at.store.lease(due(order), 'check', plus(130))).toBe(false);
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ checkAt: plus(131) });
      });

      test('is not ours any more where another has set the time since', async () => {
        const order = await inserted({ checkAt: plus(10) });
        at.fault?.('replace', 'lost_answer', 1);
        at.meanwhile?.(() => at.other.replace({ ...order, checkAt: plus(60) }, 1));
        expect(await at.store.lease(due(order), 'check', plus(130))).toBe(false);
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ checkAt: plus(60) });
      });

      test.each([null, plus(20)])('is not ours where nothing is due then: %o', async (checkAt) => {
        const order = await inserted({ checkAt, deliveryAt: plus(10) });
        at.fault?.('replace', 'lost_request', 1);
        expect(await at.store.lease(due(order), 'check', plus(130))).toBe(false);
        expect(await at.store.get(order.outTradeNo)).toMatchObject({ checkAt });
      });

      test('is not ours where there is no such order', async () => {
        at.fault?.('replace', 'lost_request', 1);
        expect(await at.store.lease(due(fresh()), 'check', plus(130))).toBe(false);
      });

      test('to the time that it has already is ours, and changes nothing', async () => {
        const order = await inserted({ checkAt: plus(10) });
        expect(await at.store.lease(due(order), 'check', plus(10))).toBe(true);
        expect(await at.store.lease(due(order, 11), 'check', plus(11))).toBe(false);
      });
    });

    describe('a refusal of a repeat', () => {
      test.each(['insert', 'replace'] as const)(
        'is no proof that %s was not done',
        async (what) => {
          const order = what === 'insert' ? fresh() : await inserted();
          const next = { ...order, body: '茶' };
          at.fault?.(what, 'lost_answer', 1, 'refused');
          const write = what === 'insert' ? at.store.insert(next) : at.store.replace(next, 1);
          await expect(write).rejects.toMatchObject({
            code: 'STORE_OUTCOME_UNKNOWN',
            retry: 'same_request',
          });
          expect(await at.store.get(order.outTradeNo)).toMatchObject({ body: '茶' });
        },
      );

      test('is one where the attempt before it was turned away', async () => {
        const order = fresh();
        at.fault?.('insert', 'throttled', 1, 'refused');
        await expect(at.store.insert(order)).rejects.toMatchObject({
          code: 'STORE_REFUSED',
          retry: 'never',
        });
        expect(await at.store.get(order.outTradeNo)).toBeUndefined();
      });

      test.each(['insert', 'replace', 'lease'] as const)(
        'is no proof either where the read that decides about %s has no answer',
        async (what) => {
          const order = what === 'insert' ? fresh() : await inserted({ checkAt: plus(10) });
          const writes = {
            insert: () => at.store.insert(order),
            replace: () => at.store.replace({ ...order, body: '茶' }, 1),
            lease: () => at.store.lease(due(order), 'check', plus(130)),
          };
          at.fault?.(what === 'insert' ? 'insert' : 'replace', 'lost_answer', 1);
          at.meanwhile?.(async () => at.fault?.('get', 'lost_request', 3));
          await expect(writes[what]()).rejects.toMatchObject({
            code: 'STORE_OUTCOME_UNKNOWN',
            retry: 'same_request',
          });
        },
      );

      test('that has no answer leaves nothing open where no write was begun', async () => {
        const order = await inserted();
        at.fault?.('get', 'lost_request', 3);
        await expect(at.store.replace({ ...order, body: '茶' }, 7)).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
        });
      });
    });
  });
}
