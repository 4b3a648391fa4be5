import * as z from 'zod/mini';
import type { Call } from './call.ts';
import { WECHAT_ORDER } from './wechat.ts';

/** Where an order stands with its money: its state, and what became of a payment. */
export const STANDINGS = [
  'created',
  'paying',
  'paid',
  'refunding',
  'partly_refunded',
  'refunded',
  'closed',
  'quarantined',
  'orphan',
] as const;
const STANDING = z.enum(STANDINGS);

const ORDER_ROW = z.object({
  outTradeNo: z.string(),
  standing: STANDING,
  body: z.string(),
  openid: z.string(),
  totalFee: z.int(),
  /** The sum that was paid; absent while nothing is. */
  paidFee: z.optional(z.int()),
  /** The sum of the refunds that succeeded, and of those under way. */
  refundedFee: z.int(),
  refundingFee: z.int(),
  createdAt: z.optional(z.string()),
  paidAt: z.optional(z.string()),
  confirmedBy: z.optional(z.string()),
  expiresAt: z.optional(z.string()),
  /** When WeChat is queried again, and when the next delivery is due. */
  checkAt: z.optional(z.string()),
  deliveryAt: z.optional(z.string()),
  /** How far the merchant's function is with the payment; `fulfilled` by the sample's own collection. */
  delivery: z.enum(['none', 'waiting', 'delivered', 'parked', 'fulfilled']),
});
const ORDERS_QUERY = z.object({
  limit: z.optional(z.string()),
  /** The number of the last order of the page before, or how many orders to leave out. */
  after: z.optional(z.string()),
  skip: z.optional(z.string()),
  standing: z.optional(STANDING),
  /** Part of a number, a body or an openid. */
  text: z.optional(z.string()),
  openid: z.optional(z.string()),
  feeFrom: z.optional(z.string()),
  feeTo: z.optional(z.string()),
});
const ORDERS = z.object({
  orders: z.array(ORDER_ROW),
  /** So many match in all, and so many orders there are of each standing. */
  total: z.int(),
  counts: z.record(z.string(), z.int()),
});
const DIFFERENCE = z.object({
  field: z.string(),
  ours: z.optional(z.string()),
  wechat: z.optional(z.string()),
});
const ORDER_DETAIL = z.object({
  row: ORDER_ROW,
  /** The document as it is stored. */
  stored: z.looseObject({ _id: z.string() }),
  wechat: z.optional(WECHAT_ORDER),
  /** The function that recorded the payment; absent once the timeline has forgotten it. */
  confirmedIn: z.optional(z.string()),
  /** Both truths, field by field; `isDifferent` where they contradict each other now. */
  compared: z.array(z.extend(DIFFERENCE, { isDifferent: z.boolean() })),
});

/** The calls about the orders in our database, and about documents as they lie there. */
export const orderCalls = {
  'GET /_local/orders': {
    summary:
      '数据库中的订单，最新在前，分页（默认 100，最多 1000）并可筛选 (our orders, newest first, by pages of 100 unless asked otherwise, at most 1000, and by filters)',
    query: ORDERS_QUERY,
    answer: ORDERS,
  },
  'GET /_local/documents/{collection}': {
    summary:
      '一个集合中的文档原文，最新在前（默认 100） (the documents of a collection as they are stored, newest first, 100 unless asked otherwise)',
    query: z.object({ limit: z.optional(z.string()) }),
    answer: z.array(z.looseObject({})),
  },
  'GET /_local/orders/{outTradeNo}': {
    summary:
      '一个订单：摘要、存储的原文、微信侧实情、逐项对比 (one order: in brief, as stored, as WeChat has it, compared)',
    answer: ORDER_DETAIL,
  },
} as const satisfies Record<string, Call>;
