import * as z from 'zod/mini';
import type { Call } from './call.ts';
import { CASHIER_ANSWER, CASHIER_OUTCOMES } from './cashier.ts';
import { WECHAT_ORDER, WECHAT_REFUND } from './wechat.ts';

const CALL_BODY = z.strictObject({
  name: z.string(),
  data: z.optional(z.unknown()),
  openid: z.optional(z.string()),
  source: z.optional(z.string()),
  service: z.optional(z.boolean()),
});
/** The outcome of an invocation: the function's answer, or the platform's error in its place. */
export const INVOCATION = z.object({
  requestId: z.string(),
  durationMs: z.number(),
  log: z.array(z.string()),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ code: z.string(), message: z.string() })),
});
const CASHIER_BODY = z.strictObject({
  action: z.enum(['pay', 'fail', 'cancel']),
  openid: z.optional(z.string()),
  /** Moves time there first, no timer on the way, and acts at that very moment. */
  at: z.optional(z.string()),
  /** How a failure reads that has another cause than the payer: left out, the payment failed. */
  outcome: z.optional(z.enum(CASHIER_OUTCOMES)),
});
const STEER_BODY = z.strictObject({ to: z.enum(['SUCCESS', 'CLOSED', 'ABNORMAL']) });
const STEER_ORDER_BODY = z.strictObject({
  /** Paid, also once it was closed (money that was under way), or closed. */
  to: z.enum(['SUCCESS', 'CLOSED']),
  /** Left out: WeChat notifies of the payment. */
  callback: z.optional(z.enum(['sent', 'none'])),
  /** Left out: the sum that was asked for. */
  total: z.optional(z.int().check(z.minimum(1))),
});
const CONSOLE_BODY = z.strictObject({ outTradeNo: z.string(), refundFee: z.int() });

/** The calls by which money moves, on our side and at WeChat. */
export const paymentCalls = {
  'POST /_local/call': {
    summary: '以小程序用户或其他来源调用函数 (invoke a function as a user, or another source)',
    body: CALL_BODY,
    answer: INVOCATION,
  },
  'POST /_local/cashier/{prepayId}': {
    summary: '付款人在收银台的操作 (what the payer does on the cashier sheet)',
    body: CASHIER_BODY,
    answer: CASHIER_ANSWER,
  },
  'GET /_local/wechatpay/orders/{outTradeNo}': {
    summary: '微信侧的订单 (the order as WeChat Pay has it)',
    answer: WECHAT_ORDER,
  },
  'POST /_local/wechatpay/orders/{outTradeNo}': {
    summary:
      '微信侧把订单变为已支付（可不发回调、可改实付金额）或已关闭 (have an order paid at WeChat, without a callback or by another sum if wanted, or closed)',
    body: STEER_ORDER_BODY,
    answer: WECHAT_ORDER,
  },
  'POST /_local/wechatpay/orders/{outTradeNo}/notifications': {
    summary:
      '微信立即再发一次支付回调，无论之前是否送达 (notify of a payment once more, now, whether or not it arrived before)',
    answer: WECHAT_ORDER,
  },
  'GET /_local/wechatpay/notifications': {
    summary:
      '微信发出的通知原文与云支付回调 (the notifications that WeChat made, byte for byte, and callbacks)',
    query: z.strictObject({ limit: z.optional(z.string().check(z.regex(/^[1-9]\d{0,3}$/))) }),
    answer: z.array(z.looseObject({})),
  },
  'POST /_local/refunds/{outRefundNo}': {
    summary: '微信侧推动退款到某状态 (move a refund to a state at WeChat)',
    body: STEER_BODY,
    answer: WECHAT_REFUND,
  },
  'POST /_local/console/refunds': {
    summary:
      '在商户平台手工退款，以 APIv2 的 XML 通知 (refund in the merchant console; notified in XML)',
    body: CONSOLE_BODY,
    answer: WECHAT_REFUND,
  },
  'POST /_local/wechatpay/refunds/{outRefundNo}/notifications': {
    summary: '微信立即再发一次退款回调 (notify once more of the state that a refund is in, now)',
    answer: WECHAT_REFUND,
  },
  'GET /_local/wechatpay/refunds/{outRefundNo}': {
    summary: '微信侧的退款 (the refund as WeChat Pay has it)',
    answer: WECHAT_REFUND,
  },
} as const satisfies Record<string, Call>;
