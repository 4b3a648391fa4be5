import { describe, expect, test } from 'vitest';
import { anOrder, aReceipt, ordersByState, placedAt, plus } from '../../../tests/support/orders.ts';
import { anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { Caller } from '../../contract/callers.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import { fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import type { PayerStore } from '../../ports/payers.ts';
import { StoreError } from '../../ports/store.ts';
import { payerIdOf } from '../../store/payers/payerStore.ts';
import { closeOrder } from '../order/closeOrder.ts';
import { placeOrder } from './placeOrder.ts';

const payer: Caller = { kind: 'user', openid: 'oPayer', source: 'wx_client' };
const stranger: Caller = { kind: 'user', openid: 'oStranger', source: 'wx_client' };
const order = { body: '咖啡', totalFee: fen(100) };

/** Makes a world with these limits, in which callers place orders; calls to both stores are counted. */
function open(perMinute: number, unpaid: number) {
  const world = memoryDeps();
  const calls: string[] = [];
  const counted = <T extends object>(store: T, name: string): T =>
    new Proxy(store, {
      get: (target, method: string) => {
        const made: unknown = Reflect.get(target, method);
        if (typeof made !== 'function') return made;
        return (...args: unknown[]) => {
          calls.push(`${name}.${method}`);
          return made.apply(target, args) as unknown;
        };
      },
    });
  world.deps.settings = { ...world.deps.settings, orderLimits: { perMinute, unpaid } };
  world.deps.store = counted(world.store, 'orders');
  world.deps.payers = counted(world.payers, 'payers');
  const place = async (outTradeNo?: string, caller = payer) => {
    const invocation = anInvocation(caller);
    const input = { ...order, ...(outTradeNo === undefined ? {} : { outTradeNo }) };
    const answer = await placeOrder(input, world.deps, invocation);
    const done = 'refused' in answer ? answer.refused : 'placed';
    return { answer, done, lines: invocation.lines };
  };
  const placeAll = async (...numbers: (string | undefined)[]) => {
    const done: string[] = [];
    for (const outTradeNo of numbers) done.push((await place(outTradeNo)).done);
    return done;
  };
  return { ...world, calls, place, placeAll };
}

const numbers = (count: number, prefix = 'COUNTED') =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('a payer', () => {
  test('begins so many orders in a minute, and the next one when the minute is over', async () => {
    const at = open(3, 100);
    expect(await at.placeAll(...numbers(3))).toEqual(['placed', 'placed', 'placed']);
    at.pass(20);
    const { answer } = await at.place('COUNTED9');
    expect(answer).toMatchObject({
      refused: 'TOO_MANY_ORDERS',
      retry: 'same_request',
      details: { retryAt: '2026-11-24T10:01:00+08:00' },
    });
    expect(at.store.raw.size).toBe(3);
    at.pass(40);
    expect(await at.placeAll('COUNTED9')).toEqual(['placed']);
  });

  test('is refused the same whether we draw the number or not', async () => {
    const at = open(2, 100);
    expect(await at.placeAll(undefined, undefined, undefined)).toEqual([
      'placed',
      'placed',
      'TOO_MANY_ORDERS',
    ]);
  });

  test('repeats orders as often as it takes: new, waiting, and at the limit', async () => {
    const at = open(2, 2);
    await at.placeAll(...numbers(2));
    expect(await at.placeAll('COUNTED0', 'COUNTED1', 'COUNTED0')).toEqual(Array(3).fill('placed'));
    expect(await at.placeAll('COUNTED2')).toEqual(['TOO_MANY_ORDERS']);
  });

  test('repeats old orders, and that counts nothing', async () => {
    const at = open(2, 2);
    for (const outTradeNo of numbers(5, 'OLD000')) {
      const old: Order = anOrder({ outTradeNo, ...order, status: ordersByState.paying.status });
      await at.store.insert(old);
    }
    at.pass(60);
    expect(await at.placeAll(...numbers(5, 'OLD000'))).toEqual(Array(5).fill('placed'));
    expect(at.payers.raw.get(payerIdOf('oPayer'))?.orders).toEqual([]);
    expect(await at.placeAll(...numbers(3))).toEqual(['placed', 'placed', 'TOO_MANY_ORDERS']);
    expect(await at.placeAll(...numbers(5, 'OLD000'))).toEqual(Array(5).fill('placed'));
  });

  test('has so many unpaid ones, until one is paid, closed or expired', async () => {
    const at = open(100, 2);
    await at.placeAll(...numbers(2));
    at.pass(61);
    const { answer } = await at.place('COUNTED2');
    const { expiresAt } = (await at.store.get('COUNTED0')) as Order;
    const details = { retryAt: beijingRfc3339(expiresAt) };
    expect(answer).toMatchObject({ refused: 'TOO_MANY_ORDERS', details });

    const paid = (await at.store.get('COUNTED0')) as Order;
    await at.store.replace({ ...paid, status: { state: 'paid', receipt: aReceipt } }, paid.version);
    expect((await at.place('COUNTED2')).done, 'looked at just now').toBe('TOO_MANY_ORDERS');
    at.pass(10);
    expect(await at.placeAll('COUNTED2', 'COUNTED3')).toEqual(['placed', 'TOO_MANY_ORDERS']);

    await closeOrder({ outTradeNo: 'COUNTED1' }, at.deps, anInvocation(payer));
    at.pass(10);
    expect(await at.placeAll('COUNTED3', 'COUNTED4')).toEqual(['placed', 'TOO_MANY_ORDERS']);
    at.pass(1800);
    expect(await at.placeAll('COUNTED4')).toEqual(['placed']);
    expect(at.payers.raw.get(payerIdOf('oPayer'))?.orders).toHaveLength(1);
  });

  test('has a place again for an order that is to be closed, and for a number that is another’s', async () => {
    const at = open(100, 3);
    await at.placeAll(...numbers(3));
    const toBeClosed = (await at.store.get('COUNTED0')) as Order;
    const { version } = toBeClosed;
    await at.store.replace({ ...toBeClosed, closeDueAt: toBeClosed.createdAt }, version);
    const foreign = (await at.store.get('COUNTED1')) as Order;
    await at.store.replace({ ...foreign, openid: 'oStranger' }, foreign.version);
    expect(await at.placeAll('COUNTED3', 'COUNTED4', 'COUNTED5')).toEqual([
      'placed',
      'placed',
      'TOO_MANY_ORDERS',
    ]);
  });

  test('loses no place to an order that was counted and never written', async () => {
    const at = open(100, 1);
    const { insert } = at.deps.store;
    at.deps.store.insert = async () => {
      throw new StoreError('STORE_UNAVAILABLE', 'same_request', 'away');
    };
    await expect(at.place('COUNTED0')).rejects.toThrow(StoreError);
    at.deps.store.insert = insert;
    expect((await at.place('COUNTED1')).done).toBe('TOO_MANY_ORDERS');
    at.pass(61);
    expect(await at.placeAll('COUNTED1')).toEqual(['placed']);
  });

  test('begins no more at once than one after the other', async () => {
    const at = open(5, 100);
    const all = await Promise.all(numbers(40).map((outTradeNo) => at.place(outTradeNo)));
    expect(all.filter(({ done }) => done === 'placed')).toHaveLength(5);
    expect(at.store.raw.size).toBe(5);
  });
});

/** Keeps calls waiting until it is opened. */
function aGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Lets `first` count before `twin` does, and `twin` write before `first` does, whichever was begun before. */
async function placeTwice(
  at: ReturnType<typeof open>,
  outTradeNo: string,
  begun: 'first' | 'twin',
) {
  const { store, payers } = at.deps;
  const counted = aGate();
  const written = aGate();
  const by = (deps: Partial<typeof at.deps>) => () =>
    placeOrder(
      { ...order, outTradeNo },
      { ...at.deps, ...deps } as typeof at.deps,
      anInvocation(payer),
    );
  const insert: typeof store.insert = async (one) => {
    counted.open();
    await written.opened;
    return store.insert(one);
  };
  const first = () =>
    by({ store: { ...at.store, insert } as typeof store })().finally(counted.open);
  const get: typeof payers.get = async (openid) => {
    await counted.opened;
    return payers.get(openid);
  };
  const twin = by({ payers: { ...at.payers, get } });
  const calls: Promise<unknown>[] = [];
  for (const call of begun === 'first' ? [first, twin] : [twin, first]) {
    calls.push(call());
    at.pass(1);
  }
  await calls[begun === 'first' ? 1 : 0];
  written.open();
  await Promise.all(calls);
}

describe.each(['first', 'twin'] as const)('pairs of equal calls, the %s begun before', (begun) => {
  test('begin no more orders than single calls do', async () => {
    const at = open(100, 3);
    for (const outTradeNo of numbers(6)) await placeTwice(at, outTradeNo, begun);
    expect(at.store.raw.size).toBe(3);
  });

  test('nor do they where each order is closed at once', async () => {
    const at = open(3, 100);
    const { insert } = at.store;
    at.store.insert = async (one) => {
      const done = await insert(one);
      await closeOrder({ outTradeNo: one.outTradeNo }, at.deps, anInvocation(payer));
      return done;
    };
    for (const outTradeNo of numbers(6)) await placeTwice(at, outTradeNo, begun);
    expect(at.store.raw.size).toBe(3);
  });
});

test('each payer is counted alone; admins and the server never are', async () => {
  const at = open(1, 1);
  expect(await at.placeAll('COUNTED0', 'COUNTED1')).toEqual(['placed', 'TOO_MANY_ORDERS']);
  expect((await at.place('COUNTED2', stranger)).done).toBe('placed');
  const admin: Caller = { kind: 'admin', openid: 'oAdmin', source: 'wx_client' };
  for (const outTradeNo of numbers(5, 'ADMIN0')) {
    expect((await at.place(outTradeNo, admin)).done).toBe('placed');
    const service = anInvocation({ kind: 'service', source: 'wx_http' });
    const input = { ...order, openid: 'oPayer', outTradeNo: `S${outTradeNo}` };
    expect(await placeOrder(input, at.deps, service)).toMatchObject({ totalFee: 100 });
  }
  expect([...at.payers.raw.keys()]).toEqual([payerIdOf('oPayer'), payerIdOf('oStranger')]);
});

describe('what it costs', () => {
  const callsOf = async (act: (at: ReturnType<typeof open>) => Promise<unknown>) => {
    const at = open(2, 2);
    await at.placeAll('COUNTED0');
    at.calls.length = 0;
    await act(at);
    return at.calls;
  };

  test('a new order of a user: two calls more, before it is written', async () => {
    expect(await callsOf(({ place }) => place('COUNTED1'))).toEqual([
      'payers.get',
      'payers.write',
      'orders.insert',
      'orders.replace',
    ]);
  });

  test('a repeat: one more', async () => {
    expect(await callsOf(({ place }) => place('COUNTED0'))).toEqual([
      'payers.get',
      'orders.insert',
      'orders.get',
    ]);
  });

  test('one too many: a read, and whether it is a repeat', async () => {
    expect(
      await callsOf(async ({ place, calls }) => {
        await place('COUNTED1');
        calls.length = 0;
        await place('COUNTED2');
      }),
    ).toEqual(['payers.get', 'orders.get']);
  });

  test('a payer who goes on at the limit of unpaid ones has them looked at once in 10 s', async () => {
    const at = open(100, 3);
    await at.placeAll(...numbers(3));
    at.pass(61);
    at.calls.length = 0;
    await at.placeAll('COUNTED7', 'COUNTED8', 'COUNTED9');
    expect(at.calls.filter((call) => call === 'payers.write')).toHaveLength(1);
    expect(at.calls.filter((call) => call === 'orders.get')).toHaveLength(3 + 3);
  });
});

const away = async (): Promise<never> => {
  throw new StoreError('STORE_UNAVAILABLE', 'same_request', 'the database is away');
};

test.each<[string, Partial<PayerStore>]>([
  ['read', { get: away }],
  ['written', { write: away }],
])('where the count cannot be %s, orders go through, and the log says so', async (_what, fault) => {
  const at = open(1, 1);
  await at.place('COUNTED0');
  at.deps.payers = { ...at.payers, ...fault };
  at.deps.settings = { ...at.deps.settings, orderLimits: { perMinute: 2, unpaid: 2 } };
  for (const outTradeNo of ['COUNTED1', 'COUNTED2']) {
    const { done, lines } = await at.place(outTradeNo);
    expect(done).toBe('placed');
    expect(lines).toEqual([
      {
        level: 'warn',
        outTradeNo,
        error: 'ORDER_UNCOUNTED STORE_UNAVAILABLE the database is away',
      },
    ]);
  }
});

test('a fault of ours is none of the database, and is thrown on', async () => {
  const at = open(1, 1);
  at.deps.payers = { ...at.payers, get: () => Promise.reject(new TypeError('x')) };
  await expect(at.place('COUNTED0')).rejects.toThrow(TypeError);
});

test('whoever changes a payer all the time is one too many, not one uncounted', async () => {
  const at = open(100, 100);
  at.deps.payers = { ...at.payers, write: async () => 'conflict' };
  const { answer } = await at.place('COUNTED0');
  const details = { retryAt: beijingRfc3339(plus(1)) };
  expect(answer).toMatchObject({ refused: 'TOO_MANY_ORDERS', details });
  expect(at.store.raw.size).toBe(0);
});

describe('at the limit a stranger cannot tell a free number from one that is taken', () => {
  test.each(Object.entries(ordersByState))('%s', async (_state, taken) => {
    const tried = async (document?: Order) => {
      const at = open(1, 1);
      await at.place('COUNTED0', stranger);
      if (document) await at.store.insert(document);
      at.calls.length = 0;
      const { answer } = await at.place(taken.outTradeNo, stranger);
      return [answer, at.calls];
    };
    const free = await tried();
    expect(free[0]).toMatchObject({ refused: 'TOO_MANY_ORDERS' });
    expect(await tried(taken)).toEqual(free);
  });
});

test('the times are those of the order', async () => {
  const at = open(1, 1);
  await at.place('COUNTED0');
  const { expiresAt } = (await at.store.get('COUNTED0')) as Order;
  expect(at.payers.raw.get(payerIdOf('oPayer'))).toEqual({
    _id: payerIdOf('oPayer'),
    version: 1,
    orders: [{ outTradeNo: 'COUNTED0', at: placedAt, expiresAt }],
  });
});
