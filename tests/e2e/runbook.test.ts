/** Holds that each alarm of docs/zh/runbook.md reads a field that a real run logs. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contracts } from '../../shared/contract/contracts.ts';
import type { DeliveryOutcome } from '../../shared/domain/delivery/deliveryState.ts';
import { fen } from '../../shared/domain/money.ts';
import { orphanOf } from '../../shared/domain/order/conclude.ts';
import { withEvent } from '../../shared/domain/order/event.ts';
import type { PaidEvidence } from '../../shared/domain/order/evidence.ts';
import type { Order } from '../../shared/domain/order/order.ts';
import type { RefundEvidence } from '../../shared/domain/refund/refundEvidence.ts';
import type { DisabledChannels } from '../../shared/ports/disabledChannels.ts';
import { type Gateway, GatewayError, type Notification } from '../../shared/ports/gateway.ts';
import { StoreError } from '../../shared/ports/store.ts';
import { pipeline, type UseCase } from '../../shared/runtime/invocation/pipeline.ts';
import { createCallWatch } from '../../shared/runtime/wiring/callWatch.ts';
import { decideOrder } from '../../shared/usecases/decision/decideOrder.ts';
import { deliverEvents } from '../../shared/usecases/event/deliverEvents.ts';
import { receiveNotification } from '../../shared/usecases/notice/receiveNotification.ts';
import { receiveRefundNotification } from '../../shared/usecases/notice/receiveRefundNotification.ts';
import { queryOrder } from '../../shared/usecases/order/queryOrder.ts';
import { placeOrder } from '../../shared/usecases/placing/placeOrder.ts';
import { refundOrder } from '../../shared/usecases/refund/refundOrder.ts';
import { closeStaleOrders } from '../../shared/usecases/timer/closeStaleOrders.ts';
import { ordersByState, placedAt, proof } from '../support/orders.ts';
import { aRefundRequest, refundProof } from '../support/refunds.ts';
import { aGateway, memoryDeps } from '../support/useCases.ts';

const useCases = {
  decideOrder,
  unifiedOrder: placeOrder,
  queryOrder,
  refund: refundOrder,
  payCallback: receiveNotification,
  refundCallback: receiveRefundNotification,
  closeStaleOrders,
  deliverEvents,
} as const;
type Name = keyof typeof useCases;
type World = ReturnType<typeof memoryDeps>;
type Line = Record<string, unknown>;

const { outTradeNo } = ordersByState.paid;
const DAY_S = 24 * 3600;
const callers: Record<'timer' | 'user' | 'admin' | 'http' | 'wechat', Record<string, string>> = {
  timer: { TRIGGER_SRC: 'timer' },
  user: { TCB_SOURCE: 'wx_client', WX_OPENID: 'oPayer' },
  admin: { TCB_SOURCE: 'wx_client', WX_OPENID: 'oAdmin' },
  http: {},
  wechat: { TCB_SOURCE: 'wx_paycallback', WX_OPENID: 'oPayer' },
};

/** Invokes a function in the real pipeline, over this world; answers the lines that it printed. */
async function linesOf(
  name: Name,
  { world = memoryDeps(), by, event, remainingMs = 20_000 }: Run,
): Promise<Line[]> {
  const lines: Line[] = [];
  const main = pipeline(contracts[name] as never, useCases[name] as UseCase<never>, {
    config: { adminOpenids: ['oAdmin'] } as never,
    clock: world.deps.clock,
    print: (line) => lines.push(JSON.parse(line) as Line),
    depsOf: () => world.deps,
  });
  await main(event, {
    request_id: 'r1',
    environment: JSON.stringify(callers[by]),
    getRemainingTimeInMillis: () => remainingMs,
  });
  return lines;
}

interface Run {
  world?: World;
  by: keyof typeof callers;
  event: unknown;
  remainingMs?: number;
}

/** Makes a world that holds these orders, each due, and a WeChat that answers so. */
async function holding(orders: Order[], gateway: Partial<Gateway> = {}): Promise<World> {
  const world = memoryDeps(aGateway(gateway));
  for (const order of orders) await world.store.insert({ ...order, checkAt: placedAt });
  return world;
}

const posted = { httpMethod: 'POST', headers: {}, body: '{}', isBase64Encoded: false };
const notified = async (orders: Order[], name: Name, notification: Notification) => {
  const world = await holding(orders);
  world.deps.verifyNotification = async () => notification;
  return linesOf(name, { world, by: 'http', event: posted });
};
const numbers = { notificationId: 'EV-1', eventType: 'TRANSACTION.SUCCESS' };
const payment = (order: Order[], more: Partial<PaidEvidence> = {}) =>
  notified(order, 'payCallback', {
    kind: 'payment',
    ...numbers,
    evidence: proof({ via: 'callback', ...more }),
  });
const refunded = (order: Order, more: Partial<RefundEvidence>) =>
  notified([order], 'refundCallback', {
    kind: 'refund',
    ...numbers,
    evidence: refundProof({ via: 'callback', ...more }),
  });
const refused = (reason: string) =>
  notified([], 'payCallback', {
    kind: 'refused',
    status: 401,
    reason,
    probe: reason === 'probe',
  });
const timed = async (orders: Order[], gateway: Partial<Gateway> = {}, remainingMs = 20_000) =>
  linesOf('closeStaleOrders', {
    world: await holding(orders, gateway),
    by: 'timer',
    event: { Type: 'Timer' },
    remainingMs,
  });
const failing = (code: string) => async (): Promise<never> => {
  throw new GatewayError(code, 'same_request', 'x');
};
const broken = (code: StoreError['code']) => async (): Promise<never> => {
  throw new StoreError(code, code === 'STORE_UNAVAILABLE' ? 'same_request' : 'never', 'x');
};

const { created, paying, paid, closed } = ordersByState;
const refunding: Order = {
  ...paid,
  refunds: [
    {
      ...aRefundRequest(),
      requestedAt: placedAt,
      origin: 'ours',
      status: { state: 'processing', refundId: refundProof().refundId },
    },
  ],
};

/** A refund that could not be sent for half a year. */
async function tooOld(): Promise<Line[]> {
  const status = { state: 'requested', placingUntil: placedAt, attempts: 1 } as const;
  const refunds = refunding.refunds?.map((refund) => ({ ...refund, status })) ?? [];
  const world = await holding([{ ...paid, refunds }], {
    queryRefund: async (_order, outRefundNo) => ({ kind: 'not_found', outRefundNo }),
  });
  world.pass(182 * DAY_S);
  return linesOf('closeStaleOrders', { world, by: 'timer', event: { Type: 'Timer' } });
}

/** A refund that the timer sends in its caller's place, and that WeChat refuses for good. */
async function refusedLater(): Promise<Line[]> {
  const status = {
    state: 'requested',
    placingUntil: placedAt,
    attempts: 1,
    untakenAttempts: 1,
  } as const;
  const refunds = refunding.refunds?.map((refund) => ({ ...refund, status })) ?? [];
  const world = await holding([{ ...paid, refunds }], {
    queryRefund: async (_order, outRefundNo) => ({ kind: 'not_found', outRefundNo }),
    refund: async () => {
      throw new GatewayError('PARAM_ERROR', 'never', 'x');
    },
  });
  world.pass(60);
  return linesOf('closeStaleOrders', { world, by: 'timer', event: { Type: 'Timer' } });
}

/** A payment that belongs to nobody, and somebody accepts. */
async function decided(): Promise<Line[]> {
  const world = memoryDeps();
  await world.store.insert(orphanOf(proof({ via: 'callback' }), placedAt));
  const { transactionId } = proof();
  const reason = 'the customer called';
  const event = { decision: 'acceptPayment', outTradeNo, transactionId, reason };
  return linesOf('decideOrder', { world, by: 'admin', event });
}

/** A run that delivers what is due. */
async function delivering(seconds = 5): Promise<Line[]> {
  const world = memoryDeps();
  await world.store.insert(withEvent(paid, 'order.paid', placedAt));
  world.deps.merchant = {
    ...world.deps.merchant,
    channels: ['function'],
    placeOf: () => 'fulfilOrder',
    deliver: async () => ({ kind: 'accepted' }),
  };
  world.pass(seconds);
  const event = { Type: 'Timer' };
  return linesOf('deliverEvents', { world, by: 'timer', event, remainingMs: 55_000 });
}

/** An expired order of which no check of nine days could be answered. */
async function unanswered(): Promise<Line[]> {
  const code = 'MERCHANT_NOT_CONFIGURED';
  const world = await holding([{ ...paying, unanswered: { since: placedAt, code } }], {
    queryOrder: failing(code),
    closeOrder: failing(code),
  });
  world.pass(9 * DAY_S);
  return linesOf('closeStaleOrders', { world, by: 'timer', event: { Type: 'Timer' } });
}

/** A cloud-pay refund that nothing has confirmed for nine days. */
async function unverified(): Promise<Line[]> {
  const world = await holding([{ ...refunding, link: 'cloudPay' }], {
    queryRefund: async (_order, outRefundNo) => ({ kind: 'status_unknown', outRefundNo }),
  });
  world.pass(9 * DAY_S);
  return linesOf('closeStaleOrders', { world, by: 'timer', event: { Type: 'Timer' } });
}

/** A run that has no time for what is due. */
async function cutShort(): Promise<Line[]> {
  const orders = Array.from({ length: 3 }, (_, i) => ({ ...paying, outTradeNo: `MORE00${i}` }));
  return timed(orders, {}, 7000);
}

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ ...paying, outTradeNo: `MANY${i}00` }));

/** A run that is behind and can start no worker. */
async function withoutWorkers(): Promise<Line[]> {
  const world = await holding(many(150));
  world.deps.settings = { ...world.deps.settings, checkConcurrency: 1 };
  return linesOf('closeStaleOrders', { world, by: 'timer', event: { Type: 'Timer' } });
}

/** An order of a payer who cannot be counted. */
async function uncounted(): Promise<Line[]> {
  const world = memoryDeps();
  world.deps.payers = { ...world.payers, get: broken('STORE_UNAVAILABLE') };
  const event = { outTradeNo, body: 'coffee', totalFee: 100 };
  return linesOf('unifiedOrder', { world, by: 'user', event });
}

async function unreadable(code: 'DOCUMENT_NEWER' | 'DOCUMENT_UNREADABLE'): Promise<Line[]> {
  const world = await holding([paying]);
  world.deps.store = { ...world.store, get: broken(code) };
  return linesOf('closeStaleOrders', { world, by: 'timer', event: { Type: 'Timer' } });
}

async function withBrokenStore(name: 'queryOrder' | 'payCallback'): Promise<Line[]> {
  const world = await holding([paying]);
  const evidence = proof({ via: 'callback' });
  world.deps.verifyNotification = async () => ({ kind: 'payment', ...numbers, evidence });
  world.deps.store = { ...world.store, get: broken('STORE_UNAVAILABLE') };
  return name === 'queryOrder'
    ? linesOf(name, { world, by: 'admin', event: { outTradeNo } })
    : linesOf(name, { world, by: 'http', event: posted });
}

/** A run over a paid order whose merchant answers so. */
async function delivered(
  outcome: DeliveryOutcome,
  stored: Partial<DisabledChannels> = {},
): Promise<Line[]> {
  const world = await holding([withEvent(paid, 'order.paid', placedAt)]);
  const deliver = async () => outcome;
  world.deps.disabledChannels = { ...world.deps.disabledChannels, ...stored };
  world.deps.merchant = { ...world.deps.merchant, channels: ['function'], deliver };
  const event = { Type: 'Timer' };
  return linesOf('deliverEvents', { world, by: 'timer', event, remainingMs: 55_000 });
}

/** A payment whose delivery cannot be started. */
async function notStarted(): Promise<Line[]> {
  const world = await holding([paying]);
  const evidence = proof({ via: 'callback' });
  world.deps.verifyNotification = async () => ({ kind: 'payment', ...numbers, evidence });
  world.deps.callDeliverEvents = () => Promise.reject(new Error('FUNCTION_NOT_FOUND'));
  return linesOf('payCallback', { world, by: 'http', event: posted });
}

const refundBy = async (refund: Gateway['refund']) =>
  linesOf('refund', {
    world: await holding([paid], { refund }),
    by: 'admin',
    event: { outTradeNo, refundFee: 100, totalFee: 100 },
  });
const queryBy = async (queryOrder: Gateway['queryOrder'], remainingMs = 20_000) =>
  linesOf('queryOrder', {
    world: await holding([paying], { queryOrder }),
    by: 'admin',
    event: { outTradeNo },
    remainingMs,
  });
const never = (): Promise<never> => new Promise(() => {});

type Alarm = [inRow: string, what: string, run: () => Promise<Line[]>, line: Line];

const event = (type: string, run: () => Promise<Line[]>, level: string): Alarm => [
  `\`${type}\``,
  type,
  run,
  { event: type, level, outTradeNo, eventId: expect.stringMatching(/\.\d+$/) },
];

const row = {
  refused: '`payCallback` 的 `refused`（',
  signature: '`refused: signature`',
  decrypt: '`refused: decrypt_api_v3_key`',
  claim: '`refused: claim:unconfirmed`',
  silent: '`closeStaleOrders` 没有日志',
  more: '`more: true`',
  short: '`TIMEOUT_TOO_SHORT`',
  stopped: '`STOPPED_EARLY`',
  workers: '`WORKER_FAILED`',
  uncounted: '`ORDER_UNCOUNTED`',
  parked: '`deliverEvents` 的 `outcome: parked`',
  disabled: '`deliverEvents` 的 `disabled`',
  channels: '`CHANNELS_UNAVAILABLE`',
  waiting: '`deliverEvents` 的 `oldestDueMs`',
  undelivered: '`deliverEvents` 没有日志',
  notStarted: '`DELIVERY_NOT_STARTED`',
  token: '`CLOUDPAY_TOKEN_MISSING`',
  unreadable: '`DOCUMENT_NEWER`、`DOCUMENT_UNREADABLE`',
  paid: '`payCallback` 写下的占比',
  notEnough: '`NOT_ENOUGH`',
  slow: '`STORE_UNAVAILABLE`、`DEADLINE`、`INTERNAL_ERROR`',
} as const;

const alarms: Alarm[] = [
  event('order.mismatch', () => payment([paying], { totalFee: fen(1) }), 'error'),
  event('order.orphan', () => payment([]), 'error'),
  event('order.duplicate_payment', () => payment([paid], { transactionId: '421' }), 'error'),
  event('order.paid_after_close', () => payment([closed]), 'warn'),
  event('order.refunded_externally', () => payment([paid], { tradeState: 'REFUND' }), 'warn'),
  event('order.unanswered', unanswered, 'warn'),
  event(
    'order.unknown_trade_state',
    () =>
      timed([paying], {
        queryOrder: async () => ({ kind: 'unknown', via: 'query', outTradeNo, code: 'NEWSTATE' }),
      }),
    'error',
  ),
  event(
    'refund.unknown_state',
    () => refunded(refunding, { kind: 'unknown', refundStatus: 'NEWSTATE' }),
    'error',
  ),
  event('refund.abnormal', () => refunded(refunding, { kind: 'abnormal' }), 'warn'),
  event('refund.unverified', unverified, 'warn'),
  event('refund.mismatch', () => refunded(refunding, { refundFee: fen(41) }), 'error'),
  event(
    'refund.unknown_at_wechat',
    () =>
      timed([refunding], { queryRefund: async () => ({ kind: 'not_found', outRefundNo: 'R1' }) }),
    'warn',
  ),
  event('refund.given_up', tooOld, 'warn'),
  event('refund.refused', refusedLater, 'warn'),
  event('order.decided', decided, 'warn'),
  event('refund.external', () => refunded(paid, {}), 'warn'),
  event(
    'order.unknown_at_wechat',
    () =>
      timed([paying], {
        queryOrder: async () => ({
          kind: 'not_found',
          via: 'query',
          outTradeNo,
          code: 'ORDER_NOT_EXIST',
        }),
      }),
    'warn',
  ),
  [
    row.refused,
    'a forgery',
    () => refused('serial_unknown'),
    { function: 'payCallback', refused: 'serial_unknown', probe: false, level: 'warn' },
  ],
  [
    row.refused,
    'a probe',
    () => refused('probe'),
    { function: 'payCallback', refused: 'probe', probe: true },
  ],
  [
    row.signature,
    'a wrong signature',
    () => refused('signature'),
    { function: 'payCallback', refused: 'signature', probe: false },
  ],
  [
    row.decrypt,
    'another APIv3 key',
    () => refused('decrypt_api_v3_key'),
    { function: 'payCallback', refused: 'decrypt_api_v3_key' },
  ],
  [
    row.claim,
    'a claim without proof',
    async () =>
      linesOf('payCallback', {
        world: await holding([{ ...paying, link: 'cloudPay' }], {
          queryOrder: failing('CLOUDPAY_TOKEN_MISSING'),
        }),
        by: 'wechat',
        event: {
          returnCode: 'SUCCESS',
          resultCode: 'SUCCESS',
          outTradeNo,
          subMchId: paying.mchid,
          timeEnd: '20261124100100',
          totalFee: 100,
          transactionId: '420',
        },
      }),
    { function: 'payCallback', refused: 'claim:unconfirmed', outTradeNo, level: 'warn' },
  ],
  [
    row.silent,
    'a run with nothing due',
    () => timed([]),
    { function: 'closeStaleOrders', counts: {}, requestId: 'r1' },
  ],
  [row.more, 'a run that is cut short', cutShort, { function: 'closeStaleOrders', more: true }],
  [
    row.more,
    'a run that ends',
    () => timed([paying]),
    { function: 'closeStaleOrders', more: false },
  ],
  [
    row.short,
    'the platform’s default of 3 s',
    () => timed([paying], {}, 3000),
    { error: expect.stringMatching(/^TIMEOUT_TOO_SHORT/), level: 'error' },
  ],
  [
    row.stopped,
    'twenty failures of WeChat in a row',
    () => timed(many(30), { queryOrder: failing('WECHAT_UNREACHABLE') }),
    { error: expect.stringMatching(/^STOPPED_EARLY.*WECHAT_UNREACHABLE$/), level: 'error' },
  ],
  [
    row.workers,
    'a worker that cannot be started',
    withoutWorkers,
    { error: expect.stringMatching(/^WORKER_FAILED/), level: 'warn' },
  ],
  [
    row.uncounted,
    'a database that counts nobody',
    uncounted,
    {
      function: 'unifiedOrder',
      error: expect.stringMatching(/^ORDER_UNCOUNTED STORE_UNAVAILABLE/),
      level: 'warn',
      outTradeNo,
    },
  ],
  [
    row.parked,
    'what the merchant does not want',
    () => delivered({ kind: 'gone' }),
    { event: 'order.paid', outTradeNo, outcome: 'parked', channel: 'function', level: 'error' },
  ],
  [
    row.disabled,
    'a channel that answers 410',
    () => delivered({ kind: 'gone' }),
    { function: 'deliverEvents', disabled: ['function'], level: 'error' },
  ],
  [
    row.channels,
    'a database that knows of no channels',
    () => delivered({ kind: 'accepted' }, { list: broken('STORE_UNAVAILABLE') }),
    { error: expect.stringMatching(/^CHANNELS_UNAVAILABLE STORE_UNAVAILABLE/), level: 'warn' },
  ],
  [
    row.waiting,
    'an event that nobody has attempted for six minutes',
    () => delivering(360),
    { function: 'deliverEvents', oldestDueMs: 360_000 },
  ],
  [
    row.undelivered,
    'a run of deliveries',
    () => delivered({ kind: 'accepted' }),
    { function: 'deliverEvents', counts: { accepted: 1 }, more: false, requestId: 'r1' },
  ],
  [
    row.notStarted,
    'deliverEvents is not there',
    notStarted,
    { error: expect.stringMatching(/^DELIVERY_NOT_STARTED/), level: 'warn' },
  ],
  [
    row.token,
    'a timer without token',
    () => timed([created], { queryOrder: failing('CLOUDPAY_TOKEN_MISSING') }),
    { failures: [`${outTradeNo}:CLOUDPAY_TOKEN_MISSING`], level: 'error' },
  ],
  ...(['DOCUMENT_NEWER', 'DOCUMENT_UNREADABLE'] as const).map(
    (code): Alarm => [
      row.unreadable,
      code,
      () => unreadable(code),
      { failures: [`${outTradeNo}:${code}`], level: 'error' },
    ],
  ),
  [
    row.paid,
    'paid by a callback',
    () => payment([paying]),
    { function: 'payCallback', paid: 1, outTradeNo },
  ],
  [
    row.paid,
    'paid by a query of the timer',
    () => timed([paying], { queryOrder: async () => proof() }),
    { function: 'closeStaleOrders', paid: 1 },
  ],
  [
    row.notEnough,
    'a refund without money',
    () => refundBy(failing('NOT_ENOUGH')),
    { function: 'refund', errCode: 'NOT_ENOUGH', outTradeNo },
  ],
  [
    row.slow,
    'a call without database',
    () => withBrokenStore('queryOrder'),
    { function: 'queryOrder', errCode: 'STORE_UNAVAILABLE', requestId: 'r1' },
  ],
  [
    row.slow,
    'a callback without database',
    () => withBrokenStore('payCallback'),
    { function: 'payCallback', errCode: 'STORE_UNAVAILABLE', requestId: 'r1', level: 'error' },
  ],
  [row.slow, 'WeChat hangs', () => queryBy(never, 1900), { errCode: 'DEADLINE' }],
  [
    row.slow,
    'a defect',
    () => queryBy(() => Promise.reject(new TypeError('x'))),
    {
      errCode: 'INTERNAL_ERROR',
      level: 'error',
      error: expect.stringMatching(/TypeError/),
      requestId: 'r1',
    },
  ],
];

test.each(alarms)('%s, %s: the line is there', async (_row, _what, run, line) => {
  expect(await run()).toContainEqual(expect.objectContaining(line));
});

/** The first cells of the table of alarms. */
function rowsOfRunbook(): string[] {
  const text = readFileSync('docs/zh/runbook.md', 'utf8');
  const table = text.slice(text.indexOf('## 告警'), text.indexOf('## 待处理的事'));
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((line) => line.split('|')[1]?.trim() ?? '');
}

test('each alarm of the runbook has a run, each event of it its own, and no run is of another', () => {
  // Certificates are the doctor's, and no function logs them.
  const rows = rowsOfRunbook().filter((cell) => !cell.includes('证书到期'));
  const isOf = (cell: string) => alarms.filter(([inRow]) => cell.includes(inRow));
  expect(rows.filter((cell) => isOf(cell).length === 0)).toEqual([]);
  expect(alarms.filter(([inRow]) => !rows.some((cell) => cell.includes(inRow)))).toEqual([]);
  const events = rows.flatMap((cell) => cell.match(/`(order|refund)\.\w+`/g) ?? []);
  expect(events.filter((type) => !alarms.some(([inRow]) => inRow === type))).toEqual([]);
});

const placed = async () =>
  linesOf('unifiedOrder', {
    by: 'user',
    event: { outTradeNo: 'CHARTED001', body: 'coffee', totalFee: 100 },
  });
const late = async () => {
  const world = await holding([paying]);
  world.pass(90);
  return linesOf('closeStaleOrders', { world, by: 'timer', event: { Type: 'Timer' } });
};

/** The line of a request to WeChat that was answered. */
const requested = async () => {
  const lines: Line[] = [];
  const log = { line: (own: object) => lines.push({ ...own }) } as never;
  const watch = createCallWatch({ form: 'call', log }, { monotonicMs: () => 0 });
  watch.begin({ operation: 'query', outTradeNo })({ status: 200, requestId: '08F5' });
  return lines;
};

// The fields of each chart, and a run whose wide line has them. The queries follow 614/58981.
const charts: [inRow: string, run: () => Promise<Line[]>, line: Line][] = [
  ['`orders`', placed, { function: 'unifiedOrder', orders: 1, ms: expect.any(Number) }],
  ['`paid`、`function`', () => payment([paying]), { function: 'payCallback', paid: 1 }],
  [
    '`paid`、`function`',
    () => timed(many(3), { queryOrder: async ({ outTradeNo }) => proof({ outTradeNo }) }),
    { function: 'closeStaleOrders', paid: 3 },
  ],
  ['`oldestDueMs`', () => delivering(), { function: 'deliverEvents', oldestDueMs: 5000 }],
  ['`delivered`、`ageMs`', () => delivering(), { function: 'deliverEvents', delivered: 1 }],
  ['`refunded`', () => refunded(refunding, {}), { function: 'refundCallback', refunded: 1 }],
  ['`mismatches`', () => payment([paying], { totalFee: fen(1) }), { mismatches: 1 }],
  ['`errCode`、`refused`', () => queryBy(never, 1900), { errCode: 'DEADLINE' }],
  ['`errCode`、`refused`', () => refused('signature'), { refused: 'signature' }],
  ['`oldestDueMs`', late, { function: 'closeStaleOrders', oldestDueMs: 90_000 }],
  ['`ms`', placed, { ms: expect.any(Number) }],
  [
    '`wechat`、`status`、`wechatRequestId`',
    requested,
    { wechat: 'query', status: 200, wechatRequestId: '08F5', ms: 0 },
  ],
  ['`traceId`', placed, { traceId: 'r1' }],
];

test.each(charts)('the chart of %s has its fields in a line, flat', async (_row, run, line) => {
  const lines = await run();
  expect(lines).toContainEqual(expect.objectContaining(line));
});

test('each chart of the runbook has a run, and no run is of another', () => {
  const text = readFileSync('docs/zh/runbook.md', 'utf8');
  const table = text.slice(text.indexOf('## 图表'), text.indexOf('## 投递'));
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  const fields = rows.slice(1).map((line) => line.split('|')[2]?.trim() ?? '');
  expect(new Set(fields)).toEqual(new Set(charts.map(([inRow]) => inRow)));
});
