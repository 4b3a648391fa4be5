import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anOrder, ordersByState, plus, proof } from '../../tests/support/orders.ts';
import type { Decision } from '../domain/decision.ts';
import { fen } from '../domain/money.ts';
import { conclude, orphanOf } from '../domain/order/conclude.ts';
import type { Order } from '../domain/order/order.ts';
import { StoreError } from '../ports/store.ts';
import type { Stored } from './codec.ts';
import type { StoreUnderTest } from './store.contract.ts';

const later = new Date('2100-01-01T00:00:00Z');
const left: Decision = {
  decision: 'leave',
  attention: 'unreadable',
  about: 'x',
  by: 'oAdmin',
  at: plus(9),
  reason: '已修复',
};

let serial = 0;
const aNumber = () => {
  serial += 1;
  return `HUMAN${String(serial).padStart(8, '0')}`;
};

/** Holds a store to what it lists for a human, and to what it does about documents that nobody can read. */
export function attentionContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let at: StoreUnderTest;
    beforeAll(async () => {
      at = await open();
    }, 60_000);
    beforeEach(() => at.clear());
    afterAll(() => at.close());

    const anOrphan = async (seconds: number, more: object = {}) => {
      const outTradeNo = aNumber();
      const payment = proof({ outTradeNo, transactionId: `4${serial}`, ...more });
      await at.store.insert(orphanOf(payment, plus(seconds)));
      return outTradeNo;
    };
    const listed = async (...args: Parameters<StoreUnderTest['store']['attention']>) =>
      (await at.store.attention(...args)).map(({ outTradeNo }) => outTradeNo);
    const spoilt = async (order: object | string = 'spoilt') => {
      const outTradeNo = aNumber();
      await at.store.insert(anOrder({ outTradeNo }));
      const raw = (await at.raw(outTradeNo)) as Stored;
      await at.put({ ...raw, order });
      return outTradeNo;
    };

    describe('what needs a human', () => {
      test('is listed in order of its beginning, up to the instant, whole', async () => {
        const third = await anOrphan(3);
        const first = await anOrphan(1);
        await at.store.insert(anOrder({ outTradeNo: aNumber() }));
        const second = await anOrphan(2);
        expect(await listed(plus(2), 9)).toEqual([first, second]);
        expect(await listed(plus(9), 2)).toEqual([first, second]);
        const rows = await at.other.attention(plus(9), 9);
        expect(rows.map(({ outTradeNo }) => outTradeNo)).toEqual([first, second, third]);
        expect(rows[0]).toEqual({
          outTradeNo: first,
          at: plus(1),
          kind: 'read',
          document: await at.store.get(first),
        });
      });

      test('goes on after a cursor, of one instant too', async () => {
        const same = [await anOrphan(5), await anOrphan(5), await anOrphan(5)];
        const last = await anOrphan(6);
        const [first = ''] = await listed(plus(9), 1);
        expect(same).toContain(first);
        const after = { at: plus(5), except: [first] };
        const rest = await listed(plus(9), 9, after);
        expect(rest.slice(0, 2).sort()).toEqual(same.filter((no) => no !== first).sort());
        expect(rest.slice(2)).toEqual([last]);
      });

      test('is not listed any more once it is written without it', async () => {
        const outTradeNo = aNumber();
        const order = conclude(
          anOrder({ ...ordersByState.paying, outTradeNo }),
          proof({ outTradeNo, totalFee: fen(1) }),
          plus(61),
        ).order;
        await at.store.insert(order);
        expect(await listed(plus(99), 9)).toEqual([outTradeNo]);
        const { quarantine: _gone, ...others } = order;
        expect(await at.store.replace(others as Order, 1)).toBe('replaced');
        expect(await listed(later, 9)).toEqual([]);
        expect(await at.raw(outTradeNo)).not.toHaveProperty('attentionAt');
      });

      test.each([undefined, null, 5, 'x'])('up to %o is refused', async (before) => {
        await expect(at.store.attention(before as never, 1)).rejects.toThrow(RangeError);
      });

      test('an order is found by each of its payments', async () => {
        const outTradeNo = aNumber();
        const first = { outTradeNo, transactionId: aNumber() };
        const second = { outTradeNo, transactionId: aNumber() };
        const quarantined = conclude(
          anOrder({ ...ordersByState.paying, outTradeNo }),
          proof({ ...first, totalFee: fen(1) }),
          plus(61),
        ).order;
        await at.store.insert(quarantined);
        expect(await at.store.find(first)).toMatchObject({ outTradeNo });
        const both = conclude(quarantined, proof(second), plus(62)).order;
        expect(await at.store.replace(both, 1)).toBe('replaced');
        expect(await at.store.find(first)).toMatchObject({ outTradeNo });
        expect(await at.store.find(second)).toMatchObject({ outTradeNo });
        expect(await at.store.replace({ ...both, secondPayments: [] }, 2)).toBe('replaced');
        expect(await at.store.find(first)).toMatchObject({ outTradeNo });
        expect(await at.store.find(second)).toBeUndefined();
      });
    });

    describe('a document that cannot be read', () => {
      test('is listed from when it was first met, and its version and order stay', async () => {
        const no = await spoilt();
        expect(await listed(later, 9)).toEqual([]);
        await expect(at.store.get(no)).rejects.toBeInstanceOf(StoreError);
        const marked = await at.raw(no);
        expect(marked).toMatchObject({ version: 1, order: 'spoilt' });
        expect(await at.store.attention(later, 9)).toMatchObject([
          { outTradeNo: no, kind: 'unreadable', code: 'DOCUMENT_UNREADABLE' },
        ]);
        await expect(at.other.get(no)).rejects.toBeInstanceOf(StoreError);
        expect(await at.raw(no), 'met again').toEqual(marked);
      });

      test('is left with the decision beside it, once, and not marked again', async () => {
        const no = await spoilt();
        expect(await at.store.leaveUnreadable(no, left), 'nobody has met it').toBe(false);
        await at.store.get(no).catch(() => {});
        expect(await at.store.leaveUnreadable(no, left)).toBe(true);
        expect(await at.other.leaveUnreadable(no, { ...left, reason: '再次' })).toBe(true);
        await at.store.get(no).catch(() => {});
        expect(await listed(later, 9)).toEqual([]);
        expect((await at.raw(no))?.unreadableLeft).toEqual(left);
      });

      test('has no mark any more once it was repaired and written again', async () => {
        const no = await spoilt();
        await at.store.get(no).catch(() => {});
        const marked = (await at.raw(no)) as Stored;
        const { order } = (await at.raw(await sound())) as Stored;
        await at.put({ ...marked, order });
        expect(await listed(later, 9)).toEqual([no]);
        const repaired = (await at.store.get(no)) as Order;
        expect(await at.store.replace({ ...repaired, body: '茶' }, 1)).toBe('replaced');
        const raw = await at.raw(no);
        expect(raw).not.toHaveProperty('unreadableAt');
        expect(raw).not.toHaveProperty('attentionAt');
      });

      test('of later code is listed as such, and never marked by ours', async () => {
        const no = await anOrphan(1);
        const raw = (await at.raw(no)) as Stored;
        await at.put({ ...raw, schemaVersion: 99 });
        expect(await at.store.attention(later, 9)).toMatchObject([
          { outTradeNo: no, kind: 'unreadable', code: 'DOCUMENT_NEWER' },
        ]);
        await at.store.get(no).catch(() => {});
        expect(await at.raw(no)).toEqual({ ...raw, schemaVersion: 99 });
        expect(await at.store.leaveUnreadable(no, left)).toBe(false);
      });

      const sound = async () => {
        const outTradeNo = aNumber();
        await at.store.insert(anOrder({ outTradeNo }));
        return outTradeNo;
      };
    });
  });
}
