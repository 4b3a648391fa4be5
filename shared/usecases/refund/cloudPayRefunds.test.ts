import { describe, expect, test } from 'vitest';
import { ordersByState } from '../../../tests/support/orders.ts';
import { refundingWeChat, refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { receiveRefundNotification } from '../notice/receiveRefundNotification.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { queryRefund } from './queryRefund.ts';
import { refundOrder } from './refundOrder.ts';

const paid: Order = { ...ordersByState.paid, link: 'cloudPay' };
const { outTradeNo } = paid;
const admin = { kind: 'admin', openid: 'oAdmin', source: 'wx_client' } as const;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** A paid order whose refunds WeChat takes, and of whose refunds it tells no more than that. */
async function open(order: Order = paid) {
  const wechat = refundingWeChat();
  const silent: Gateway['queryRefund'] = async (_order, outRefundNo) =>
    wechat.taken.has(outRefundNo)
      ? { kind: 'status_unknown', outRefundNo }
      : { kind: 'not_found', outRefundNo };
  let query = silent;
  let queries = 0;
  const world = memoryDeps(
    aGateway({
      ...wechat.gateway,
      queryRefund: (...args) => {
        queries += 1;
        return query(...args);
      },
    }),
    'service',
  );
  await world.store.insert(order);
  world.pass(100);
  const stored = async () => (await world.store.get(outTradeNo)) as Order;
  const run = () =>
    closeStaleOrders(
      { Type: 'Timer' },
      world.deps,
      anInvocation({ kind: 'timer', source: 'timer' }, () => 50_000),
    );
  return {
    ...world,
    wechat,
    stored,
    run,
    queries: () => queries,
    state: async () => (await stored()).refunds?.map(({ status }) => status.state),
    events: async () => (await stored()).events.map(({ type, about }) => `${type} ${about}`),
    /** Sets what WeChat answers to queries from now on. */
    answering: (by: Gateway['queryRefund']) => {
      query = by;
    },
    refund: (refundFee = 40, outRefundNo = 'R1') =>
      refundOrder(
        { outTradeNo, outRefundNo, refundFee: fen(refundFee) },
        world.deps,
        anInvocation(admin),
      ),
    /** Lets the timer run every hour for so many. */
    hours: async (count: number) => {
      for (let hour = 0; hour < count; hour += 1) {
        world.pass(HOUR_S);
        await run();
      }
    },
    called: async (change: object = {}) => {
      const event = {
        returnCode: 'SUCCESS',
        outTradeNo,
        outRefundNo: 'R1',
        refundId: '503-R1',
        transactionId: '420',
        refundFee: 40,
        totalFee: 100,
        refundStatus: 'SUCCESS',
        ...change,
      };
      const input = { from: 'cloudPay', event } as const;
      const caller = { kind: 'wechat', source: 'wx_paycallback' } as const;
      const { status } = await receiveRefundNotification(input, world.deps, anInvocation(caller));
      return status;
    },
  };
}

const listed: Gateway['queryRefund'] = async () => refundProof();
const tokenless: Gateway['queryRefund'] = async () => {
  throw new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'x');
};

describe('a refund on cloud pay', () => {
  test('that nothing confirms ends as unverified after eight days, reported once, its sum still taken', async () => {
    const at = await open();
    expect(await at.refund()).toMatchObject({ state: 'processing', refundStatus: 'PROCESSING' });
    await at.hours(8 * 24 - 1);
    expect(await at.state()).toEqual(['processing']);
    await at.hours(2);
    expect(await at.state()).toEqual(['unverified']);
    await at.hours(48);
    expect(await at.events()).toEqual(['refund.unverified R1']);
    expect((await at.stored()).checkAt).toBeNull();
    expect(await at.refund(61, 'R2')).toMatchObject({ refused: 'REFUND_EXCEEDS_PAID' });
    const queries = await queryRefund({ outTradeNo }, at.deps, anInvocation(admin));
    expect(queries).toMatchObject({ refundedFee: 40, refunds: [{ state: 'unverified' }] });
  });

  test.each(['CLOUDPAY_TOKEN_MISSING', 'NOT_ENOUGH'])(
    'that WeChat never took (%s) goes out with the same number for a week, then ends with an event',
    async (code) => {
      const never = () => new GatewayError(code, 'same_request', 'x');
      const begun = async () => {
        const at = await open();
        at.wechat.failures.push(...Array.from({ length: 1000 }, never));
        if (code === 'CLOUDPAY_TOKEN_MISSING') at.answering(tokenless);
        const refused = code === 'NOT_ENOUGH' ? code : 'REFUND_SCHEDULED';
        expect(await at.refund()).toMatchObject({ refused });
        return at;
      };
      const late = await begun();
      await late.hours(7 * 24 - 1);
      expect(await late.state()).toEqual(['requested']);
      const inTime = late.wechat.sent.length;
      await late.hours(2);
      expect(await late.state()).toEqual(['refused']);
      expect(late.wechat.sent.length - inTime).toBeLessThanOrEqual(1);
      expect(await late.events()).toEqual(['refund.given_up R1']);
      expect((await late.stored()).checkAt).toBeNull();
      late.wechat.failures.length = 0;
      expect(await late.refund()).toMatchObject({ refused: 'REFUND_NO_CLOSED' });
      expect(late.wechat.taken.size).toBe(0);
      const soon = await begun();
      await soon.hours(6 * 24);
      soon.wechat.failures.length = 0;
      soon.answering(async (_order, outRefundNo) => ({ kind: 'not_found', outRefundNo }));
      soon.pass(60);
      expect(await soon.refund()).toMatchObject({ state: 'processing' });
      expect(new Set(soon.wechat.sent).size).toBe(1);
      expect(soon.wechat.taken.size).toBe(1);
    },
  );

  test('that WeChat knows, and of which every send fails, is not sent after a week: it ends as unverified', async () => {
    const at = await open();
    at.answering(async (_order, outRefundNo) => ({ kind: 'status_unknown', outRefundNo }));
    at.wechat.failures.push(
      ...Array.from({ length: 2000 }, () => new GatewayError('SYSTEM_ERROR', 'same_request', 'x')),
    );
    expect(await at.refund()).toMatchObject({ refused: 'SYSTEM_ERROR' });
    await at.hours(7 * 24 - 1);
    expect(await at.state()).toEqual(['requested']);
    const inTime = at.wechat.sent.length;
    await at.hours(2);
    expect(await at.state()).toEqual(['unverified']);
    expect(at.wechat.sent.length - inTime).toBeLessThanOrEqual(2);
    expect(await at.events()).toEqual(['refund.unverified R1']);
    expect((await at.stored()).checkAt).toBeNull();
    const sent = at.wechat.sent.length;
    expect(await at.refund()).toMatchObject({ state: 'unverified', refundStatus: 'PROCESSING' });
    expect(at.wechat.sent).toHaveLength(sent);
    expect(await at.refund(61, 'R2')).toMatchObject({ refused: 'REFUND_EXCEEDS_PAID' });
    at.answering(listed);
    expect(await at.called()).toBe(200);
    expect(await at.state()).toEqual(['success']);
  });

  test('is reported to the merchant’s server as it is known, though it cannot ask', async () => {
    const at = await open();
    await at.refund();
    at.answering(tokenless);
    const service = anInvocation({ kind: 'service', source: 'scf' });
    expect(await queryRefund({ outTradeNo }, at.deps, service)).toMatchObject({
      refundedFee: 40,
      refunds: [{ state: 'processing' }],
    });
    const unknown = { outTradeNo, outRefundNo: 'R9' };
    at.pass(10);
    expect(await queryRefund(unknown, at.deps, service)).toMatchObject({
      refused: 'CLOUDPAY_TOKEN_MISSING',
    });
  });

  test('ends so even where no timer ever had a token', async () => {
    const at = await open();
    await at.refund();
    at.answering(tokenless);
    await at.hours(8 * 24 + 2);
    expect(await at.events()).toEqual(['refund.unverified R1']);
  });

  test('that WeChat lists after all is a success, before eight days and after', async () => {
    for (const hours of [1, 8 * 24 + 2]) {
      const at = await open();
      await at.refund();
      await at.hours(hours);
      at.answering(listed);
      expect(await at.called()).toBe(200);
      expect(await at.state()).toEqual(['success']);
      expect((await at.events()).at(-1)).toBe('refund.success R1');
    }
  });

  test('whose answer was lost is sent again, the same bytes, and refunded once', async () => {
    const at = await open();
    at.wechat.failures.push('lost_answer');
    expect(await at.refund()).toMatchObject({ state: 'processing', refundId: '503-R1' });
    expect(at.wechat.sent).toHaveLength(2);
    expect(new Set(at.wechat.sent).size).toBe(1);
    expect(at.wechat.taken.size).toBe(1);
  });

  test('on the signed link pends as long as WeChat takes', async () => {
    const at = await open({ ...paid, link: 'apiV3' });
    await at.refund();
    await at.hours(9 * 24);
    expect(await at.state()).toEqual(['processing']);
  });
});

describe('a callback of a refund, which nobody signed', () => {
  test.each<[string, Gateway['queryRefund'] | undefined]>([
    ['WeChat says no more than that there is one', undefined],
    ['there is no token to ask with', tokenless],
  ])('changes nothing where %s, comes again, and has it queried', async (_why, query) => {
    const at = await open();
    await at.refund();
    if (query) at.answering(query);
    at.pass(MINUTE_S / 2);
    const { version } = await at.stored();
    expect(await at.called()).toBe(500);
    expect(await at.called()).toBe(500);
    expect(await at.state()).toEqual(['processing']);
    const { checkAt, version: after } = await at.stored();
    expect(checkAt).toEqual(at.deps.clock.now());
    expect(after).toBe(version + 1);
  });

  test('that is confirmed ends the refund once, however often it comes', async () => {
    const at = await open();
    await at.refund();
    at.answering(listed);
    expect([await at.called(), await at.called(), await at.called()]).toEqual([200, 200, 200]);
    expect(await at.events()).toEqual(['refund.success R1']);
    expect(at.queries()).toBe(1);
  });

  test('of a number that we do not know changes nothing where WeChat does not list it', async () => {
    const at = await open();
    expect(await at.called({ outRefundNo: 'R9' })).toBe(500);
    expect(await at.state()).toBeUndefined();
  });

  test('of an order of the signed link, or of none, is not received', async () => {
    const direct = await open({ ...paid, link: 'apiV3' });
    expect(await direct.called()).toBe(500);
    expect([direct.queries(), (await direct.stored()).version]).toEqual([0, 1]);
    const at = await open();
    expect(await at.called({ outTradeNo: 'NOBODY01' })).toBe(500);
    expect(at.queries()).toBe(0);
  });

  test('that is none is refused', async () => {
    const at = await open();
    expect(await at.called({ outRefundNo: undefined, resultCode: 'FAIL' })).toBe(400);
    expect(await at.called({ refundFee: '4 yuan' })).toBe(400);
  });
});
