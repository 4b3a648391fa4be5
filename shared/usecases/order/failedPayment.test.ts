import { expect, test } from 'vitest';
import { ordersByState, plus, proof, unpaid } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { queryOrder } from './queryOrder.ts';

const { paying } = ordersByState;
const { outTradeNo } = paying;

/** Makes a paying order that WeChat calls PAYERROR, and whose close it answers so. */
async function open(close: () => Promise<void>, answers: Evidence[] = []) {
  const asked: string[] = [];
  const world = memoryDeps(
    aGateway({
      queryOrder: async () => {
        asked.push('query');
        return answers.shift() ?? unpaid('failed', 'PAYERROR');
      },
      closeOrder: () => {
        asked.push('close');
        return close();
      },
    }),
  );
  await world.store.insert(paying);
  const run = () =>
    closeStaleOrders({ Type: 'Timer' }, world.deps, anInvocation({ kind: 'timer', source: '' }));
  const stored = () => world.store.get(outTradeNo);
  return { ...world, asked, run, stored };
}

test('an order whose payment failed stays open until WeChat has closed it', async () => {
  const world = await open(async () => {});
  world.pass(31);
  await world.run();
  expect(await world.stored()).toMatchObject({ status: { state: 'paying' } });
  await queryOrder({ outTradeNo }, world.deps, anInvocation());
  expect(await world.stored(), 'a query closes nothing').toMatchObject({
    status: { state: 'paying' },
  });
  world.pass(61);
  await world.run();
  expect(world.asked).toEqual(['query', 'query', 'close']);
  expect(await world.stored()).toMatchObject({
    status: { state: 'closed', reason: 'PAYERROR' },
    checkAt: null,
  });
});

test('one that WeChat does not close, and calls so again, is closed: no more can be tried', async () => {
  const world = await open(async () => {
    throw new GatewayError('TRADE_ERROR', 'never', 'x');
  });
  for (const seconds of [31, 61]) {
    world.pass(seconds);
    await world.run();
  }
  expect(await world.stored()).toMatchObject({ status: { state: 'closed', reason: 'PAYERROR' } });
});

test.each<[string, GatewayError['retry']]>([
  ['WECHAT_UNREACHABLE', 'same_request'],
  ['SYSTEM_ERROR', 'same_request'],
  ['FREQUENCY_LIMITED', 'same_request'],
  ['ANSWER_LOST', 'query_first'],
  ['SIGN_ERROR', 'never'],
])(
  'one whose close is answered %s stays open, and is closed a minute later',
  async (code, retry) => {
    let isOut = true;
    const world = await open(async () => {
      if (isOut) throw new GatewayError(code, retry, 'x');
    });
    for (const seconds of [31, 61]) {
      world.pass(seconds);
      await world.run();
    }
    expect(world.asked).toContain('close');
    expect(await world.stored()).toMatchObject({ status: { state: 'paying' }, events: [] });
    isOut = false;
    world.pass(61);
    await world.run();
    expect(await world.stored()).toMatchObject({ status: { state: 'closed', reason: 'PAYERROR' } });
  },
);

test('one that was paid all the same is paid', async () => {
  const world = await open(async () => {
    throw new GatewayError('ORDERPAID', 'never', 'x');
  }, [unpaid('failed', 'REVOKED'), proof({ paidAt: plus(40) })]);
  for (const seconds of [31, 61]) {
    world.pass(seconds);
    await world.run();
  }
  expect(await world.stored()).toMatchObject({ status: { state: 'paid' } });
});
