import * as z from 'zod/mini';
import type { Call } from '../call.ts';

const MERCHANT_CHANGE = z.strictObject({
  to: z.enum(['new_keys', 'new_number', 'back', 'apiV3', 'cloudPay']),
});
const FUNCTION = z.object({
  name: z.string(),
  timers: z.array(z.object({ name: z.string(), cron: z.string() })),
  routes: z.array(z.looseObject({ path: z.string() })),
});
const WORLD = z.object({
  envId: z.string(),
  appid: z.string(),
  mchid: z.string(),
  serialNo: z.string(),
  notifyUrl: z.string(),
  publicKeyId: z.string(),
  publicKeyPem: z.string(),
  platformSerial: z.string(),
  platformCertificatePem: z.string(),
  functions: z.array(FUNCTION),
  deploy: z.object({
    state: z.enum(['none', 'running', 'done', 'failed']),
    done: z.int(),
    total: z.int(),
    /** The end of what a deploy wrote that failed. */
    reason: z.optional(z.string()),
  }),
  /** WXPAY_PRICE_SOURCE: who names the price of an order. */
  priceSource: z.enum(['quote', 'client', 'service']),
});
/** A sale that the shop on the page offers; its price is what the merchant's price book says. */
const GOODS = z.object({ productId: z.string(), name: z.string(), price: z.int() });
const QUOTE_BODY = z.strictObject({
  /** Whatever the merchant's function reads, as `unifiedOrder` takes it. */
  request: z.unknown(),
  /** The payer. */
  openid: z.optional(z.string()),
});
const QUOTE = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('quoted'),
    body: z.string(),
    totalFee: z.int(),
    purchaseId: z.optional(z.string()),
  }),
  z.object({
    kind: z.literal('refused'),
    /** The code that `unifiedOrder` would answer, and the merchant's own words where they are a no. */
    code: z.string(),
    message: z.string(),
    quoteCode: z.optional(z.string()),
    quoteMsg: z.optional(z.string()),
    /** The reason, as `unifiedOrder` would log it. */
    reason: z.optional(z.string()),
  }),
]);

/** The calls about the world as a whole. */
export const worldCalls = {
  'GET /_local/world': {
    summary: '商户、密钥编号、函数与触发器 (merchant, keys, functions and triggers)',
    answer: WORLD,
  },
  'GET /_local/shop': {
    summary: '商店在售的商品与价格，来自价格本 products (what the shop sells, by the price book)',
    answer: z.array(GOODS),
  },
  'POST /_local/quote': {
    summary:
      '像 unifiedOrder 一样向商户的询价函数询价，不下单 (ask the merchant’s function for a price, as unifiedOrder does, and order nothing)',
    body: QUOTE_BODY,
    answer: QUOTE,
  },
  'POST /_local/merchant': {
    summary:
      '更换配置中的商户证书、商户号或支付链路 (change the merchant’s keys, number or link in the configuration)',
    body: MERCHANT_CHANGE,
    answer: z.object({ mchid: z.string(), serialNo: z.string() }),
  },
  'GET /_local/instances': {
    summary: '函数进程 (the processes of functions)',
    answer: z.array(z.looseObject({ name: z.string(), pid: z.int(), busy: z.boolean() })),
  },
  'POST /_local/reset': {
    summary: '清空世界 (empty the world)',
    answer: z.looseObject({ now: z.string() }),
  },
} as const satisfies Record<string, Call>;
