import * as z from 'zod/mini';

/** The ways in which `wx.requestPayment` fails without the payer's doing; wechatpay/ has their words. */
export const CASHIER_OUTCOMES = ['balance', 'parameter', 'situation', 'banned'] as const;

/** The answer of `wx.requestPayment`, as the mini program gets it. */
export const CASHIER_ANSWER = z.object({
  errMsg: z.string(),
  errno: z.optional(z.number()),
  err_code: z.optional(z.string()),
  err_desc: z.optional(z.string()),
});
