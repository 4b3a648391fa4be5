import fc from 'fast-check';
import { expect } from 'vitest';
import type { PlatformSwitches } from '../../emulator/runner/invocations/switches.ts';
import type { Answer, Fault, Stage } from '../e2e/stage.ts';

/** One thing that happens; orders are numbered from 0. */
type Step =
  | { does: 'place' | 'pay' | 'query' | 'close' | 'replay'; order: number }
  | { does: 'wait'; seconds: number; timers: 'all' | 'last' | 'none' }
  | { does: 'fault'; fault: Fault }
  /** Another reading of the platform: which timers fire, who has a token. On the direct link nobody needs one. */
  | { does: 'platform'; to: Omit<PlatformSwitches, 'serverApiTokens'> }
  | { does: 'calm' };

const ORDERS = 3;
const payer = { openid: 'oPayer' };

const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    at: fc.constantFrom('wechatpay.jsapi', 'wechatpay.query', 'wechatpay.close'),
    kind: fc.constantFrom('lost_request', 'lost_answer', 'error', 'throttled', 'forged', 'mutated'),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  // A refusal for good, perhaps after an attempt that landed and whose answer was lost.
  fc.record({
    at: fc.constant('wechatpay.jsapi'),
    kind: fc.constant('error'),
    times: fc.integer({ min: 1, max: 2 }),
    code: fc.constantFrom('NO_AUTH', 'PARAM_ERROR'),
  }),
  fc.record({
    at: fc.constant('wechatpay.notify'),
    kind: fc.constantFrom('lost_request', 'lost_answer', 'duplicate', 'forged', 'mutated'),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    at: fc.constant('wechatpay.cashier'),
    kind: fc.constant('slow'),
    times: fc.constant(1),
    delayMs: fc.integer({ min: 1000, max: 600_000 }),
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constantFrom('place', 'place', 'pay', 'query', 'close', 'replay'),
      order: fc.nat({ max: ORDERS - 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('wait'),
      // Aimed at the edges: the schedule's steps, the close, the expiry, the death of a prepay id.
      seconds: fc.constantFrom(1, 29, 61, 299, 301, 599, 1799, 1801, 7201),
      timers: fc.constantFrom('all', 'last', 'none'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('fault'), fault: faults }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('platform'),
      to: fc.record({
        devtoolsTimers: fc.boolean(),
        devtoolsTrigger: fc.constantFrom('tcb', 'timer'),
        bothTimers: fc.boolean(),
        callbackTokens: fc.boolean(),
        emptyVariables: fc.boolean(),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'calm' }) },
) as fc.Arbitrary<Step>;

/** Any history of a few orders: what people do, what breaks, how time passes. */
export const history = fc.array(step, { minLength: 5, maxLength: 30 });

/** Plays a history, checking at every step what must always hold, and at its end what must become. */
export async function play(stage: Stage, steps: readonly Step[], serial: number): Promise<void> {
  await stage.reset();
  const numberOf = (order: number) => `H${String(serial).padStart(6, '0')}${order}`;
  const prepayIds = new Map<number, string>();
  let active: Fault[] = [];
  for (const one of steps) {
    await act(stage, one, numberOf, prepayIds);
    if (one.does === 'calm') active = [];
    if (one.does === 'fault') active = [...active, one.fault];
    if (one.does === 'fault' || one.does === 'calm') await stage.faults(active);
    for (let order = 0; order < ORDERS; order += 1) await always(stage, numberOf(order));
  }
  await stage.faults([]);
  await stage.platform({ devtoolsTimers: true });
  for (let hour = 0; hour < 4; hour += 1) await stage.advance('PT1H', 'all');
  for (let order = 0; order < ORDERS; order += 1) await atTheEnd(stage, numberOf(order));
}

async function act(
  stage: Stage,
  one: Step,
  numberOf: (order: number) => string,
  prepayIds: Map<number, string>,
): Promise<void> {
  switch (one.does) {
    case 'place': {
      const outTradeNo = numberOf(one.order);
      const answer = await stage.call(
        'unifiedOrder',
        { outTradeNo, body: '咖啡', totalFee: 1990 },
        payer,
      );
      const prepayId = prepayIdIn(answer);
      if (prepayId) prepayIds.set(one.order, prepayId);
      return;
    }
    case 'pay': {
      const prepayId = prepayIds.get(one.order);
      if (prepayId) await stage.cashier(prepayId);
      return;
    }
    case 'query':
      await stage.call('queryOrder', { outTradeNo: numberOf(one.order) }, payer);
      return;
    case 'close':
      await stage.call('closeOrder', { outTradeNo: numberOf(one.order) }, payer);
      return;
    case 'replay': {
      const sent = await stage.sent();
      const notice = sent[one.order];
      if (notice) await stage.again(notice);
      return;
    }
    case 'platform':
      await stage.platform(one.to);
      return;
    case 'wait':
      await stage.advance(`PT${one.seconds}S`, one.timers);
  }
}

function prepayIdIn(answer: Answer): string | undefined {
  const payment = answer.payment as { package: string } | undefined;
  return payment?.package.replace('prepay_id=', '');
}

/** Expects what must hold at every moment. */
async function always(stage: Stage, outTradeNo: string): Promise<void> {
  const stored = await stage.stored(outTradeNo);
  const truth = await stage.truth(outTradeNo);
  const theirs = truth?.trade_state ?? 'none';
  if (!stored) return expect(theirs, 'placed at WeChat, and never written down').toBe('none');
  if (stored.state === 'paid') expect(theirs, 'paid here').toBe('SUCCESS');
  // Closed here while the money can still come is how payments get lost.
  if (stored.state === 'closed') expect(theirs, 'closed here').not.toBe('NOTPAY');
  // Re-entry after its expiry would make an order payable for ever.
  if (theirs === 'NOTPAY') expect(truth?.time_expire, 'payable for ever').toBeDefined();
  const paidEvents = stored.events.filter((type) => type.startsWith('order.paid')).length;
  expect(paidEvents).toBe(stored.state === 'paid' ? 1 : 0);
  expect(stored.quarantined).toBe(false);
  if (stored.state === 'created' || stored.state === 'paying')
    expect(stored.checkAt).not.toBeNull();
}

/** Expects what must hold once nothing breaks any more and time has passed. */
async function atTheEnd(stage: Stage, outTradeNo: string): Promise<void> {
  const stored = await stage.stored(outTradeNo);
  const truth = await stage.truth(outTradeNo);
  if (!stored) return;
  expect(['paid', 'closed']).toContain(stored.state);
  expect(stored.state === 'paid').toBe(truth?.trade_state === 'SUCCESS');
  expect(stored.checkAt).toBeNull();
}
