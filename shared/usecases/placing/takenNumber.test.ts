import { describe, expect, test } from 'vitest';
import { anOrder, aReceipt, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { Caller } from '../../contract/callers.ts';
import type { UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { fen } from '../../domain/money.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { OrderStore } from '../../ports/store.ts';
import { closeOrder } from '../order/closeOrder.ts';
import { queryOrder } from '../order/queryOrder.ts';
import { placeOrder } from './placeOrder.ts';

const { outTradeNo } = anOrder();
const request: UnifiedOrderInput = { outTradeNo, body: '咖啡', totalFee: fen(100) };
const stranger: Caller = { kind: 'user', openid: 'oStranger', source: 'wx_client' };
const payer: Caller = { kind: 'user', openid: 'oPayer', source: 'wx_client' };

const quarantine = {
  differs: 'amount',
  transactionId: '420',
  totalFee: fen(1),
  at: plus(5),
} as const;
/** The documents that may hold a number: an order of another payer in each state, or a payment without order. */
const taken: [string, OrderDocument][] = [
  ...Object.entries(ordersByState),
  ['quarantined', anOrder({ quarantine })],
  ['to be closed', anOrder({ closeDueAt: plus(600) })],
  ['paid with refunds to come', anOrder({ status: { state: 'paid', receipt: aReceipt } })],
  ['an orphan', orphanOf(proof(), plus(60))],
];

type Call = (caller: Caller) => Promise<{ answer: unknown; calls: string[] }>;

/** Lets a caller try a number that is free, or taken by a document; tells the answer and what was called. */
function tried(
  priceSource: 'client' | 'service',
  input: UnifiedOrderInput,
  document?: OrderDocument,
): { place: Call; query: Call; close: Call } {
  const call =
    (
      act: (deps: ReturnType<typeof memoryDeps>['deps'], caller: Caller) => Promise<unknown>,
    ): Call =>
    async (caller) => {
      const calls: string[] = [];
      const asked = aGateway({
        requestPrepay: async () => {
          calls.push('requestPrepay');
          return { prepayId: 'wx1' };
        },
      });
      const { deps } = memoryDeps(asked, priceSource);
      if (document) await deps.store.insert(document);
      const store = counted(deps.store, calls);
      const answer = await act({ ...deps, store: store as typeof deps.store }, caller);
      return { answer, calls };
    };
  return {
    place: call((deps, caller) => placeOrder(input, deps, anInvocation(caller))),
    query: call((deps, caller) => queryOrder({ outTradeNo }, deps, anInvocation(caller))),
    close: call((deps, caller) => closeOrder({ outTradeNo }, deps, anInvocation(caller))),
  };
}

function counted(store: OrderStore, calls: string[]): OrderStore {
  return new Proxy(store, {
    get: (target, name: keyof OrderStore) =>
      typeof target[name] === 'function'
        ? (...args: unknown[]) => {
            calls.push(name);
            return (target[name] as (...all: unknown[]) => unknown)(...args);
          }
        : target[name],
  });
}

describe.each(taken)(
  'a stranger cannot tell a free number from one that is taken: %s',
  (_, document) => {
    test('where the phone names no price', async () => {
      const free = await tried('service', request).place(stranger);
      expect(free).toMatchObject({ answer: { refused: 'PRICE_SOURCE_MISSING' }, calls: ['get'] });
      expect(await tried('service', request, document).place(stranger)).toEqual(free);
    });

    test('by a request that places nothing, since its expiry is past', async () => {
      const past = { ...request, timeExpire: plus(-60) };
      const free = await tried('client', past).place(stranger);
      expect(free).toMatchObject({ answer: { field: 'timeExpire' }, calls: ['get'] });
      expect(await tried('client', past, document).place(stranger)).toEqual(free);
    });

    test('by a query, or by a close', async () => {
      for (const verb of ['query', 'close'] as const) {
        const free = await tried('service', request)[verb](stranger);
        expect(free).toMatchObject({ answer: { refused: 'ORDER_NOT_EXIST' }, calls: ['get'] });
        expect(await tried('service', request, document)[verb](stranger)).toEqual(free);
      }
    });

    test('where the phone may place, a stranger is refused the number, and sees no more', async () => {
      const other = await tried('client', request, document).place(stranger);
      expect(other.answer).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
      expect(other.calls).toEqual(['insert', 'get', 'get']);
      // The same as of a number of his own that has other terms.
      const own = anOrder({ openid: stranger.openid, totalFee: fen(101) });
      expect(await tried('client', request, own).place(stranger)).toEqual(other);
    });
  },
);

test('the payer and the merchant see that the number has other terms', async () => {
  const dearer = { ...request, totalFee: fen(101) };
  const used = { refused: 'OUT_TRADE_NO_USED' };
  const order = ordersByState.paying;
  expect((await tried('service', dearer, order).place(payer)).answer).toMatchObject(used);
  const past = { ...dearer, timeExpire: plus(-60) };
  expect((await tried('client', past, order).place(payer)).answer).toMatchObject(used);
  const byServer = { ...past, openid: 'oPayer' };
  const service = { kind: 'service', source: '' } as const;
  expect((await tried('service', byServer, order).place(service)).answer).toMatchObject(used);
});
