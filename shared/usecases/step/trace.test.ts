import { describe, expect, test } from 'vitest';
import { ordersByState, proof } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import type { Caller } from '../../contract/callers.ts';
import { fen } from '../../domain/money.ts';
import type { LogFields } from '../../ports/log.ts';
import { receiveNotification } from '../notice/receiveNotification.ts';
import { queryOrder } from '../order/queryOrder.ts';
import { placeOrder } from '../placing/placeOrder.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';

const payer = { kind: 'user', openid: 'oPayer', source: 'wx_client' } as const;
const stranger = { ...payer, openid: 'oStranger' } as const;
const timer = { kind: 'timer', source: 'timer' } as const;
const http = { kind: 'http', source: '' } as const;

/** Makes a world in which each call has an id of its own, and the lines of all calls. */
function open() {
  const world = memoryDeps(aGateway({ queryOrder: async () => proof() }));
  const lines: Partial<LogFields>[] = [];
  const call = (requestId: string, caller: Caller) => {
    const invocation = { ...anInvocation(caller), requestId };
    lines.push(invocation.fields);
    const line = (own: Partial<LogFields>) => lines.push(own);
    return { ...invocation, log: { ...invocation.log, line } };
  };
  return { ...world, lines, call };
}

const { outTradeNo } = ordersByState.paying;
const wanted = { outTradeNo, body: 'coffee', totalFee: fen(100) };
const posted = { from: 'http', headers: {}, body: Buffer.from('{}') } as const;

async function placed() {
  const world = open();
  await placeOrder(wanted, world.deps, world.call('placing', payer));
  return world;
}

const tracesOf = ({ lines }: ReturnType<typeof open>) =>
  lines.filter((line) => line.outTradeNo !== undefined).map(({ traceId }) => traceId);

describe('an order keeps the id of the call that placed it, and each later line about it has that too', () => {
  test('the payer places it again, and a stranger asks for it', async () => {
    const world = await placed();
    expect((await world.store.get(outTradeNo))?.traceId).toBe('placing');
    await placeOrder(wanted, world.deps, world.call('again', payer));
    await queryOrder({ outTradeNo }, world.deps, world.call('asked', stranger));
    expect(tracesOf(world)).toEqual(Array(3).fill('placing'));
    expect((await world.store.get(outTradeNo))?.traceId).toBe('placing');
  });

  test('its callback', async () => {
    const world = await placed();
    const numbers = { notificationId: 'EV-1', eventType: 'TRANSACTION.SUCCESS' };
    const evidence = proof({ via: 'callback' });
    world.deps.verifyNotification = async () => ({ kind: 'payment', ...numbers, evidence });
    await receiveNotification(posted, world.deps, world.call('notified', http));
    expect(world.lines).toMatchObject([
      { outTradeNo },
      { outcome: 'paid', traceId: 'placing' },
      { event: 'order.paid', traceId: 'placing' },
    ]);
  });

  test('a claim of cloud pay that nothing confirms', async () => {
    const world = await placed();
    const event = { returnCode: 'SUCCESS', resultCode: 'SUCCESS', outTradeNo };
    const input = { from: 'cloudPay', event } as const;
    await receiveNotification(input, world.deps, world.call('claimed', http));
    expect(world.lines.at(-1)).toMatchObject({ refused: 'claim:link', traceId: 'placing' });
  });

  test('the timer, of each order in its own line', async () => {
    const world = await placed();
    await storeOrder(world, { ...ordersByState.paying, outTradeNo: 'OLDER00001' });
    world.pass(60);
    world.lines.length = 0;
    await closeStaleOrders({ Type: 'Timer' }, world.deps, world.call('timed', timer));
    const events = world.lines.filter(({ event }) => event !== undefined);
    expect(new Map(events.map((line) => [line.outTradeNo, line.traceId]))).toEqual(
      new Map([
        [outTradeNo, 'placing'],
        ['OLDER00001', undefined],
      ]),
    );
  });
});

test('a payment that belongs to nobody has the trace of the call that wrote it down', async () => {
  const world = open();
  const evidence = proof({ via: 'callback' });
  const numbers = { notificationId: 'EV-1', eventType: 'TRANSACTION.SUCCESS' };
  world.deps.verifyNotification = async () => ({ kind: 'payment', ...numbers, evidence });
  await receiveNotification(posted, world.deps, world.call('notified', http));
  expect(await world.store.get(outTradeNo)).toMatchObject({ kind: 'orphan', traceId: 'notified' });
  expect(tracesOf(world)).toEqual(['notified', 'notified']);
});

test('where the platform gives no id there is no trace', async () => {
  const world = open();
  await placeOrder(wanted, world.deps, world.call('', payer));
  expect(await world.store.get(outTradeNo)).not.toHaveProperty('traceId');
});
