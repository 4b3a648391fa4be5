import fc from 'fast-check';
import type { DecisionName } from '../../shared/domain/decision.ts';
import type { Fault, Switches } from '../e2e/stage.ts';
import { BEHAVIOURS, type Behaviour } from './fulfilment.ts';
import { NO_PRICES, type NoPrice } from './purchase.ts';

/** One thing that happens; orders are numbered from 0. */
export type Step =
  /** `buy` pays at once. */
  | { does: 'place' | 'buy'; order: number; seconds: number }
  /** A purchase, at the price that is quoted at that moment; `buy` pays the order at once. */
  | { does: 'purchase'; price: number; by: string; next: 'buy' | 'wait' }
  /** The purchase, while the merchant's function names no price. */
  | { does: 'purchaseUnquoted'; noPrice: NoPrice; by: string }
  /** Pays an order of the purchase whose sheet is open still, counted from the newest. */
  | { does: 'payPurchase'; back: number }
  | { does: 'pay' | 'query' | 'close' | 'replay' | 'queryRefund'; order: number }
  | { does: 'refund'; order: number; part: number; fee: number; by: 'admin' | 'server' }
  /** An admin decides, at any moment: sensibly or not. */
  | { does: 'decide'; order: number; part: number; decision: DecisionName }
  | { does: 'console'; order: number; fee: number }
  | { does: 'end'; order: number; part: number; to: 'SUCCESS' | 'CLOSED' | 'ABNORMAL' }
  /** The merchant's function behaves so, an attempt each; then it accepts. */
  | { does: 'merchant'; behaviours: Behaviour[] }
  /** The merchant's server has an order, or this day, delivered again. */
  | { does: 'redeliver'; order: number; what: 'order' | 'day' }
  | { does: 'wait'; seconds: number; timers: 'all' | 'last' | 'none' }
  /** One after another: the first that is not used up happens. */
  | { does: 'fault'; faults: Fault[] }
  /** Another reading of the platforms: which timers fire, who has a token, how WeChat Pay behaves. */
  | { does: 'platform'; to: Partial<Switches> }
  | { does: 'calm' };

export const ORDERS = 3;
export const PARTS = 2;

const calls = ['jsapi', 'query', 'close', 'refund', 'queryRefund'].map((one) => `wechatpay.${one}`);
const times = fc.integer({ min: 1, max: 4 });

const alone = (fault: fc.Arbitrary<Fault>) => fault.map((one) => [one]);

/** Faults of calls: nothing was done, or all was, or the answer is none. */
const callFaults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    at: fc.constantFrom(...calls),
    kind: fc.constantFrom(
      'lost_request',
      'lost_answer',
      'error',
      'throttled',
      'forged',
      'probe',
      'mutated',
    ),
    times,
  }),
  fc.record({
    at: fc.constantFrom(...calls),
    kind: fc.constant('error_after'),
    code: fc.constantFrom('SYSTEM_ERROR', 'BANKERROR', 'HTTP_202', 'HTTP_502', 'HTTP_504'),
    times,
  }),
  fc.record({
    at: fc.constantFrom(...calls),
    kind: fc.constant('error'),
    code: fc.constantFrom(
      'HTTP_404',
      'HTTP_502',
      'HTTP_503',
      'HTTP_202',
      'USERPAYING',
      'BANKERROR',
    ),
    times,
  }),
  // A 5xx that stays until all is calm again.
  fc.record({
    at: fc.constantFrom(...calls),
    kind: fc.constantFrom('error', 'error_after'),
    code: fc.constantFrom('SYSTEM_ERROR', 'HTTP_502'),
  }),
  fc.record({
    at: fc.constantFrom('wechatpay.query', 'wechatpay.queryRefund'),
    kind: fc.constant('mutated'),
    code: fc.constantFrom('NOT_JSON', 'UNKNOWN_STATE', 'BARE_REFUND'),
    times,
  }),
);

/** A refusal for good, perhaps after an attempt that landed and whose answer was lost. */
const refusals: fc.Arbitrary<Fault> = fc.record({
  at: fc.constantFrom('wechatpay.jsapi', 'wechatpay.refund'),
  kind: fc.constant('error'),
  times: fc.integer({ min: 1, max: 2 }),
  code: fc.constantFrom('NO_AUTH', 'PARAM_ERROR', 'RULE_LIMIT', 'SIGN_ERROR'),
});

/** An attempt that acted and does not say so, and then, at the same call, a refusal for good. */
const actedThenRefused: fc.Arbitrary<Fault[]> = fc
  .record({
    at: fc.constantFrom('wechatpay.jsapi', 'wechatpay.refund'),
    kind: fc.constantFrom('lost_answer', 'error_after'),
    code: fc.constantFrom('RULE_LIMIT', 'NO_AUTH', 'PARAM_ERROR'),
  })
  .map(({ at, kind, code }) => [
    { at, kind, times: 1 },
    { at, kind: 'error', code, times: 3 },
  ]);

const messageFaults: fc.Arbitrary<Fault> = fc.record({
  at: fc.constantFrom('wechatpay.notify', 'wechatpay.refundNotify'),
  kind: fc.constantFrom('lost_request', 'lost_answer', 'duplicate', 'forged', 'mutated'),
  times,
});

/** Faults of the call that starts deliveries at once. */
const startFaults: fc.Arbitrary<Fault> = fc.record({
  at: fc.constant('cloudbase.invokeFunction'),
  kind: fc.constantFrom('lost_request', 'lost_answer', 'error', 'duplicate'),
  times,
});

const moneyFaults: fc.Arbitrary<Fault> = fc.record({
  at: fc.constantFrom('wechatpay.cashier', 'wechatpay.refundMoney'),
  kind: fc.constant('slow'),
  times: fc.constant(1),
  delayMs: fc.integer({ min: 1000, max: 600_000 }),
});

const order = fc.nat({ max: ORDERS - 1 });
const part = fc.nat({ max: PARTS - 1 });
const fee = fc.constantFrom(500, 990, 1990);

const acts: fc.Arbitrary<Step>[] = [
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constant('purchase'),
        price: fc.constantFrom(1990, 1990, 2990),
        by: fc.constantFrom('oPayer', 'oPayer', 'oOther'),
        next: fc.constantFrom('buy', 'wait', 'wait', 'wait'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('payPurchase'), back: fc.nat({ max: 2 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant('purchaseUnquoted'),
        noPrice: fc.constantFrom(...(Object.keys(NO_PRICES) as NoPrice[])),
        by: fc.constantFrom('oPayer', 'oOther'),
      }),
    },
  ) as fc.Arbitrary<Step>,
  fc.record({
    does: fc.constantFrom('place', 'buy', 'buy'),
    order,
    seconds: fc.constantFrom(1800, 1800, 90),
  }),
  fc.record({
    does: fc.constantFrom('pay', 'pay', 'query', 'close', 'replay', 'queryRefund'),
    order,
  }),
  fc.record({
    does: fc.constant('refund'),
    order,
    part,
    fee,
    by: fc.constantFrom('admin', 'server'),
  }),
];

const step: fc.Arbitrary<Step> = fc.oneof(
  ...acts.map((arbitrary) => ({ weight: 4, arbitrary })),
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ does: fc.constant('console'), order, fee }),
      fc.record({
        does: fc.constant('end'),
        order,
        part,
        to: fc.constantFrom('SUCCESS', 'CLOSED', 'ABNORMAL'),
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('decide'),
      order,
      part,
      decision: fc.constantFrom(
        'giveUpRefund',
        'giveUpRefund',
        'leave',
        'acceptPayment',
        'refundPayment',
        'redeliver',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          does: fc.constant('merchant'),
          behaviours: fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 1, maxLength: 8 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          does: fc.constant('redeliver'),
          order,
          what: fc.constantFrom('order', 'order', 'day'),
        }),
      },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('wait'),
      // Aimed at the edges: the schedule's steps, the close, the expiry, the death of a prepay id.
      seconds: fc.constantFrom(1, 29, 61, 91, 299, 301, 599, 1799, 1801, 7201),
      timers: fc.constantFrom('all', 'last', 'none'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('fault'),
      faults: fc.oneof(
        { weight: 4, arbitrary: alone(callFaults) },
        { weight: 1, arbitrary: alone(refusals) },
        { weight: 3, arbitrary: actedThenRefused },
        { weight: 2, arbitrary: alone(messageFaults) },
        { weight: 1, arbitrary: alone(moneyFaults) },
        { weight: 1, arbitrary: alone(startFaults) },
      ),
    }),
  },
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
        timeExpire: fc.constantFrom('moved', 'refused'),
        answerProbes: fc.boolean(),
        clockAheadMs: fc.constantFrom(0, 240_000, -240_000),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'calm' }) },
) as fc.Arbitrary<Step>;

/** An order that is paid, so that each history has one to refund. */
const paidFirst: Step = { does: 'buy', order: 0, seconds: 1800 };

/** A refund whose outcome is not known, or that WeChat cannot pay: what people decide about. */
const undecided: fc.Arbitrary<Step[]> = fc
  .record({
    fault: fc.constantFrom<Fault>(
      { at: 'wechatpay.refund', kind: 'error', code: 'NOT_ENOUGH', times: 2 },
      { at: 'wechatpay.refund', kind: 'lost_request', times: 4 },
      { at: 'wechatpay.refund', kind: 'lost_answer', times: 4 },
    ),
    seconds: fc.constantFrom(1, 601, 3700),
    decision: fc.constantFrom('giveUpRefund', 'leave'),
  })
  .map(({ fault, seconds, decision }): Step[] => [
    { does: 'fault', faults: [fault] },
    { does: 'refund', order: 0, part: 0, fee: 500, by: 'admin' },
    { does: 'wait', seconds, timers: 'none' },
    { does: 'decide', order: 0, part: 0, decision },
  ]);

/** Events that nobody was told of at once, and then two runs of deliveries in one minute. */
const undelivered: fc.Arbitrary<Step[]> = fc
  .array(fc.constantFrom(...BEHAVIOURS), { minLength: 0, maxLength: 4 })
  .map((behaviours): Step[] => [
    {
      does: 'fault',
      faults: [{ at: 'cloudbase.invokeFunction', kind: 'lost_request', times: 4 }],
    },
    { does: 'buy', order: 1, seconds: 1800 },
    { does: 'refund', order: 1, part: 0, fee: 500, by: 'admin' },
    { does: 'wait', seconds: 29, timers: 'none' },
    { does: 'platform', to: { devtoolsTimers: true, bothTimers: true } },
    { does: 'merchant', behaviours },
    { does: 'wait', seconds: 1, timers: 'last' },
  ]);

/** Any history of a few orders: what people do, what breaks, how time passes. */
export const history = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: undecided },
      { weight: 1, arbitrary: undelivered },
    ),
    fc.array(step, { minLength: 5, maxLength: 30 }),
  )
  .map(([first, steps]): Step[] => [paidFirst, ...first, ...steps]);
