import { expect, test } from 'vitest';
import { aPayment, aPrepay, placedAt } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { placeOrder } from '../placing/placeOrder.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { closeOrder } from './closeOrder.ts';

const outTradeNo = 'SERVER0001';
const goods = { body: '咖啡', totalFee: fen(100), outTradeNo };
const service = { kind: 'service', source: '' } as const;
const timer = { kind: 'timer', source: 'wx_trigger' } as const;

/** Stages cloud pay: calls with the token reach a WeChat that knows what was sent, others reach nothing. */
function cloudPayWorld() {
  const asked: string[] = [];
  let landed = false;
  let answered = true;
  const gateway = aGateway({
    requestPrepay: async () => {
      refuseWithoutToken('order');
      landed = answered;
      if (answered) return aPrepay;
      throw new GatewayError('ANSWER_LOST', 'query_first', 'x');
    },
    queryOrder: async () => {
      refuseWithoutToken('query');
      return landed
        ? { kind: 'unpaid', via: 'query', outTradeNo, code: 'NOTPAY' }
        : { kind: 'not_found', via: 'query', outTradeNo, code: 'ORDER_NOT_EXIST' };
    },
    closeOrder: async () => {
      refuseWithoutToken('close');
      if (!landed) throw new GatewayError('ORDER_NOT_EXIST', 'never', 'x');
    },
  });
  const world = memoryDeps(gateway, 'service');
  const { deps } = world;
  deps.settings = { ...deps.settings, merchant: { ...deps.settings.merchant, link: 'cloudPay' } };
  function refuseWithoutToken(call: string) {
    if (!deps.hasPayToken) throw new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'x');
    asked.push(call);
  }
  return {
    ...world,
    asked,
    loseAnswers: () => {
      answered = false;
    },
    async byServer() {
      deps.hasPayToken = false;
      const input = { ...goods, openid: 'oPayer' };
      const placed = await placeOrder(input, deps, anInvocation(service));
      deps.hasPayToken = true;
      return placed;
    },
    byPayer: () => placeOrder(goods, deps, anInvocation()),
    runTimer: () => closeStaleOrders({ Type: 'Timer' }, deps, anInvocation(timer)),
    stored: () => world.store.get(outTradeNo),
  };
}

/** Lets so many minutes pass, with a run of the timer in each. */
async function minutes(world: ReturnType<typeof cloudPayWorld>, count: number) {
  for (let minute = 0; minute < count; minute += 1) {
    world.pass(60);
    await world.runTimer();
  }
}

test('what the server wrote and no token has sent is payable until it expires, and WeChat is not asked', async () => {
  const world = cloudPayWorld();
  expect(await world.byServer()).toMatchObject({ refused: 'CLOUDPAY_TOKEN_MISSING' });
  expect(await world.byServer()).toMatchObject({ refused: 'CLOUDPAY_TOKEN_MISSING' });
  await minutes(world, 28);
  expect(await world.stored()).toMatchObject({ status: { state: 'created' } });
  expect(world.asked).toEqual([]);
  expect(await world.byPayer()).toMatchObject({ outTradeNo, payment: aPayment });
});

test('it ends with its expiry, by a timer without a token too', async () => {
  const world = cloudPayWorld();
  await world.byServer();
  await minutes(world, 31);
  expect(await world.stored()).toMatchObject({ status: { state: 'closed', reason: 'expired' } });
  const tokenless = cloudPayWorld();
  await tokenless.byServer();
  tokenless.deps.hasPayToken = false;
  await minutes(tokenless, 92);
  expect(await tokenless.stored()).toMatchObject({ status: { state: 'closed' } });
  expect([...world.asked, ...tokenless.asked]).toEqual([]);
});

test('its server closes it at once, without a token: there is nothing to close at WeChat', async () => {
  const world = cloudPayWorld();
  await world.byServer();
  world.deps.hasPayToken = false;
  const closed = await closeOrder({ outTradeNo }, world.deps, anInvocation(service));
  const merchant = { appid: 'wx0000000000000001', mchId: '1900000109' };
  expect(closed).toEqual({ outTradeNo, state: 'closed', ...merchant });
  expect(await world.stored()).toMatchObject({ status: { reason: 'asked' } });
  world.deps.hasPayToken = true;
  expect(await world.byPayer()).toMatchObject({ refused: 'ORDERCLOSED' });
});

test('once a token may have sent it, WeChat is asked as of any order, and it ends when it never landed', async () => {
  const world = cloudPayWorld();
  await world.byServer();
  world.pass(300);
  world.loseAnswers();
  expect(await world.byPayer()).toMatchObject({ retry: 'same_request' });
  expect((await world.stored())?.checkAt?.getTime()).toBeLessThan(placedAt.getTime() + 910_000);
  await minutes(world, 26);
  expect(await world.stored()).toMatchObject({ status: { reason: 'ORDER_NOT_EXIST' } });
  expect(world.asked).toContain('query');
});

test('a refusal of the one attempt that was sent ends the order, whatever was never sent before', async () => {
  const world = cloudPayWorld();
  await world.byServer();
  world.deps.gatewayOf = () =>
    aGateway({
      requestPrepay: async () => {
        throw new GatewayError('PARAM_ERROR', 'never', 'x');
      },
    });
  expect(await world.byPayer()).toMatchObject({ refused: 'PARAM_ERROR' });
  expect(await world.stored()).toMatchObject({
    status: { state: 'closed', reason: 'PARAM_ERROR' },
  });
});

test('code that does not count what was never sent is taken to have sent it', async () => {
  const world = cloudPayWorld();
  await world.byServer();
  const stored = await world.stored();
  if (stored?.kind !== 'order' || stored.status.state !== 'created') throw new Error('no order');
  // As a takeover of the code before this field leaves it behind.
  const status = { ...stored.status, attempts: stored.status.attempts + 1 };
  await world.store.replace({ ...stored, status, checkAt: placedAt }, stored.version);
  await minutes(world, 12);
  expect(await world.stored()).toMatchObject({ status: { reason: 'ORDER_NOT_EXIST' } });
});

test('what may be payable is not closed unasked after a call without a token, whose link is gone, gave up', async () => {
  const world = cloudPayWorld();
  world.loseAnswers();
  await world.byServer();
  world.pass(10);
  await world.byPayer();
  world.pass(60);
  const { gatewayOf, settings } = world.deps;
  world.deps.settings = { ...settings, merchant: { ...settings.merchant, link: 'apiV3' } };
  world.deps.gatewayOf = (link) => {
    if (link === 'apiV3') return gatewayOf(link);
    throw new GatewayError('LINK_NOT_CONFIGURED', 'never', 'x');
  };
  expect(await world.byServer()).toMatchObject({ refused: 'LINK_NOT_CONFIGURED' });
  world.deps.gatewayOf = gatewayOf;
  expect(await world.stored()).toMatchObject({ status: { attempts: 3, unsentAttempts: 2 } });
  world.pass(660);
  world.asked.length = 0;
  await closeOrder({ outTradeNo }, world.deps, anInvocation());
  expect(world.asked).not.toEqual([]);
});
