import { describe, expect, test } from 'vitest';
import { placedAt, plus } from '../../../tests/support/orders.ts';
import type { Payer } from '../../domain/payer.ts';
import type { PayerStore } from '../../ports/payers.ts';
import { payerIdOf } from './payerStore.ts';

/** A store of payers under test. */
export interface PayersUnderTest {
  store: PayerStore;
  /** Puts a document there as it stands. */
  spoil(document: { _id: string }): Promise<void>;
  /** Lets the next write take effect and its answer be lost; absent where nothing can be lost. */
  loseAnswer?(): void;
  close(): Promise<void>;
}

const counted = (outTradeNo: string) => ({ outTradeNo, at: placedAt, expiresAt: plus(1800) });
const payer = (version: number, ...numbers: string[]): Payer => ({
  openid: 'oPayer',
  version,
  orders: numbers.map(counted),
});

/** Holds every adapter to the same answers. */
export function payersContract(name: string, open: () => Promise<PayersUnderTest>): void {
  const withStore = async (act: (under: PayersUnderTest) => Promise<void>) => {
    const under = await open();
    try {
      await act(under);
    } finally {
      await under.close();
    }
  };

  describe(name, () => {
    test('who has begun nothing has version 0', () =>
      withStore(async ({ store }) => {
        expect(await store.get('oPayer')).toEqual(payer(0));
      }));

    test('what was written is read, whole and in its place', () =>
      withStore(async ({ store }) => {
        expect(await store.write(payer(0, 'T1', 'T2'))).toBe('written');
        expect(await store.get('oPayer')).toEqual(payer(1, 'T1', 'T2'));
        const ended = { ...counted('T2'), ended: true } as const;
        const next = { ...payer(1), orders: [ended], lookedAt: plus(7) };
        expect(await store.write(next)).toBe('written');
        expect(await store.get('oPayer')).toEqual({ ...next, version: 2 });
        expect(await store.write(payer(2))).toBe('written');
        expect((await store.get('oPayer')).orders).toEqual([]);
        expect(await store.get('oOther')).toEqual({ ...payer(0), openid: 'oOther' });
      }));

    test.each([0, 1, 3])('over version 2 nobody writes who has read version %i', (version) =>
      withStore(async ({ store }) => {
        await store.write(payer(0, 'T1'));
        await store.write(payer(1, 'T1', 'T2'));
        expect(await store.write(payer(version, 'T9'))).toBe('conflict');
        expect(await store.get('oPayer')).toEqual(payer(2, 'T1', 'T2'));
      }),
    );

    test('of many who begin at once one is written at a time, and none is lost', () =>
      withStore(async ({ store }) => {
        const begin = async (outTradeNo: string) => {
          for (;;) {
            const read = await store.get('oPayer');
            const next = { ...read, orders: [...read.orders, counted(outTradeNo)] };
            if ((await store.write(next)) === 'written') return;
          }
        };
        const numbers = Array.from({ length: 8 }, (_, i) => `T${i}`);
        await Promise.all(numbers.map(begin));
        const { version, orders } = await store.get('oPayer');
        expect([version, orders.map(({ outTradeNo }) => outTradeNo).sort()]).toEqual([8, numbers]);
      }));

    test('a document that cannot be read is refused by the name of its field', () =>
      withStore(async ({ store, spoil }) => {
        await spoil({ _id: payerIdOf('oPayer'), version: 1, orders: [{ outTradeNo: 7 }] } as {
          _id: string;
        });
        await expect(store.get('oPayer')).rejects.toMatchObject({
          code: 'DOCUMENT_UNREADABLE',
          message: expect.stringContaining('orders.0.outTradeNo'),
        });
      }));

    test('nothing is read or written without an openid', () =>
      withStore(async ({ store }) => {
        await expect(store.get(undefined as never)).rejects.toThrow(RangeError);
        await expect(store.write({ version: 0, orders: [] } as never)).rejects.toThrow(RangeError);
      }));

    test('after a lost answer the next read shows what was written', () =>
      withStore(async ({ store, loseAnswer }) => {
        for (const version of [0, 1]) {
          loseAnswer?.();
          const next = payer(version, `T${version}`);
          const answer = await store.write(next);
          if (loseAnswer) expect(answer).toBe('conflict');
          expect(await store.get('oPayer')).toEqual({ ...next, version: version + 1 });
        }
      }));
  });
}
