import * as z from 'zod/mini';

/** One attempt of WeChat to notify the merchant. */
export const NOTIFICATION_ATTEMPT = z.looseObject({
  at: z.string(),
  status: z.union([z.number(), z.string()]),
});

/** A refund as WeChat Pay has it, in APIv3's names. */
export const WECHAT_REFUND = z.looseObject({
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  refund_id: z.string(),
  status: z.enum(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']),
  amount: z.looseObject({ refund: z.int(), total: z.int() }),
  create_time: z.string(),
  success_time: z.optional(z.string()),
  notifications: z.array(NOTIFICATION_ATTEMPT),
});

/** An order as WeChat Pay has it, in APIv3's names. */
export const WECHAT_ORDER = z.looseObject({
  out_trade_no: z.string(),
  trade_state: z.enum(['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED']),
  description: z.string(),
  payer: z.looseObject({ openid: z.string() }),
  amount: z.looseObject({ total: z.int() }),
  transaction_id: z.optional(z.string()),
  create_time: z.string(),
  time_expire: z.optional(z.string()),
  success_time: z.optional(z.string()),
  notifications: z.array(NOTIFICATION_ATTEMPT),
  refunds: z.array(WECHAT_REFUND),
});
