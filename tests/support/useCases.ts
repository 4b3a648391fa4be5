import type { Caller } from '../../shared/contract/callers.ts';
import { PREPAY_FRESH_MS } from '../../shared/domain/limits.ts';
import type { Evidence } from '../../shared/domain/order/evidence.ts';
import type { Order } from '../../shared/domain/order/order.ts';
import { createUnsignedNoticeParser } from '../../shared/gateway/apiV2/refundNotice.ts';
import { createClaimParser } from '../../shared/gateway/cloudPay/claims.ts';
import type { DisabledChannel, DisabledChannels } from '../../shared/ports/disabledChannels.ts';
import type { Gateway, GatewayOf } from '../../shared/ports/gateway.ts';
import { GatewayError } from '../../shared/ports/gateway.ts';
import type { Counter, LogFields } from '../../shared/ports/log.ts';
import type { AskPrice, MerchantChannels } from '../../shared/ports/merchant.ts';
import type { PriceSource } from '../../shared/ports/settings.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { createMemoryPayers } from '../../shared/store/payers/memoryPayers.ts';
import type { Invocation, UseCaseDeps } from '../../shared/usecases/step/deps.ts';
import { aPayment, aPrepay, placedAt } from './orders.ts';

/** A merchant without functions of its own. */
export const aMerchant: MerchantChannels = {
  channels: [],
  placeOf: (channel) => channel,
  deliver: async () => ({ kind: 'refused', reason: 'FUNCTION_NOT_FOUND' }),
};

/** A merchant without a function that names prices. */
export const noQuotes: AskPrice = async () => ({ kind: 'failed', reason: 'FUNCTION_NOT_FOUND' });

/** Keeps the disabled channels in memory. */
export function memoryDisabledChannels(): DisabledChannels {
  let all: readonly DisabledChannel[] = [];
  return {
    list: async () => all,
    disable: async (one) => {
      all = [...all.filter(({ channel }) => channel !== one.channel), one];
    },
    enable: async (channels) => {
      all = all.filter(({ channel }) => !channels.includes(channel));
    },
  };
}

/** Makes a gateway of a few lines, for use cases; each answer may be replaced. */
export function aGateway(answers: Partial<Gateway> = {}): Gateway {
  const nothing = async (): Promise<never> => {
    throw new GatewayError('NOT_ASKED', 'never', 'this test does not ask that');
  };
  return {
    freezeOrder: ({ outTradeNo }) => `frozen ${outTradeNo}`,
    requestPrepay: async () => aPrepay,
    paymentOf: () => aPayment,
    prepayFreshMs: () => PREPAY_FRESH_MS,
    queryOrder: async ({ outTradeNo }): Promise<Evidence> => ({
      kind: 'unpaid',
      via: 'query',
      outTradeNo,
      code: 'NOTPAY',
    }),
    queryByTransactionId: nothing,
    closeOrder: async () => {},
    freezeRefund: (_order, { outRefundNo }) => `frozen refund ${outRefundNo}`,
    refund: nothing,
    queryRefund: nothing,
    applyAbnormalRefund: nothing,
    downloadBill: nothing,
    ...answers,
  };
}

/** APIv2 密钥 of the merchant below. */
export const API_V2_KEY = 'v2Key-32Characters-1234567890abc';

/** Makes the dependencies of use cases over a store in memory, at an instant that a test moves. */
export function memoryDeps(gateway: Gateway = aGateway(), priceSource: PriceSource = 'client') {
  let nowMs = placedAt.getTime();
  const store = createMemoryStore({ now: () => new Date(nowMs) });
  const payers = createMemoryPayers();
  let drawn = 0;
  const gatewayOf: GatewayOf = () => gateway;
  const deps: UseCaseDeps & { store: typeof store } = {
    verifyNotification: async () => ({
      kind: 'refused',
      status: 400,
      reason: 'none of this test',
      probe: false,
    }),
    store,
    payers,
    gatewayOf,
    hasPayToken: true,
    callSelf: async () => {
      throw new Error('this test starts no worker');
    },
    merchant: aMerchant,
    askPrice: noQuotes,
    disabledChannels: memoryDisabledChannels(),
    claims: createClaimParser(),
    parseUnsignedNotice: createUnsignedNoticeParser({ mchid: '1900000109', apiV2Key: API_V2_KEY }),
    settings: {
      merchant: { link: 'apiV3', mchid: '1900000109', appid: 'wx0000000000000001' },
      orderTtlMs: 1_800_000,
      orderLimits: { perMinute: 1000, unpaid: 1000 },
      priceSource,
    },
    clock: {
      now: () => new Date(nowMs),
      monotonicMs: () => nowMs,
      wait: async (ms) => {
        nowMs += ms;
      },
    },
    randomBytes: (count) => {
      drawn += 1;
      return new Uint8Array(count).fill(drawn);
    },
  };
  return {
    deps,
    store,
    payers,
    /** Moves the clock so many seconds on. */
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

/** Makes an invocation by a caller, with a deadline; `fields` holds its wide line, `lines` those beside it. */
export function anInvocation(
  caller: Caller = { kind: 'user', openid: 'oPayer', source: 'wx_client' },
  remainingMs: () => number = () => 20_000,
): Invocation & { fields: Partial<LogFields>; lines: Partial<LogFields>[]; counters: object } {
  const fields: Partial<LogFields> = {};
  const lines: Partial<LogFields>[] = [];
  const add = (more: Partial<LogFields>) => Object.assign(fields, more);
  const line = (own: Partial<LogFields>) => lines.push(own);
  const counters: Partial<Record<Counter, number>> = {};
  const count = (what: Counter) => {
    counters[what] = (counters[what] ?? 0) + 1;
  };
  const log = { add, count, line };
  return { requestId: '', caller, remainingMs, fields, lines, counters, log };
}

/** Stores an order that is due for a check at once, unless another time is given. */
export async function storeOrder(
  { store }: ReturnType<typeof memoryDeps>,
  order: Order,
  checkAt = placedAt,
): Promise<Order> {
  await store.insert({ ...order, checkAt });
  return order;
}
