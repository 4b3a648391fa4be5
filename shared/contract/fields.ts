import * as z from 'zod/mini';
import { fromBeijingDigits } from '../domain/beijing.ts';
import { DISPLAY_TEXT_LENGTH_MAX, TEXT_LIMITS, TOTAL_FEE_MAX } from '../domain/limits.ts';
import { type Fen, fen } from '../domain/money.ts';
import { OUT_TRADE_NO } from '../domain/order/outTradeNo.ts';
import { OUT_REFUND_NO } from '../domain/order/refund.ts';
import { byteLength } from '../domain/text.ts';

/**
 * Makes a text that may be left out; null and empty text leave it out too, as editors of pages (WeDa) send what nobody
 * filled in. Never one that decides about money, about the payer, or whose order is changed. Source: weda/add-methods.
 */
export function mayBeEmpty<O>(text: z.ZodMiniType<O, string>) {
  const isEmpty = (value: unknown) => value === null || value === '';
  const filled = z.transform((value: string | undefined) => (isEmpty(value) ? undefined : value));
  return z.optional(z.pipe(filled, z.optional(text)));
}

/** 商户订单号. */
export const outTradeNo = z
  .string('应为字符串 (a string)')
  .check(z.regex(OUT_TRADE_NO, '6-32 位数字、字母、_-|* (6 to 32 of digits, letters, _-|*)'));

/** 商户退款单号. */
export const outRefundNo = z
  .string('应为字符串 (a string)')
  .check(z.regex(OUT_REFUND_NO, '1-64 位数字、字母、_-|*@ (1 to 64 of digits, letters, _-|*@)'));

/** 微信支付订单号. */
export const transactionId = z
  .string('应为字符串 (a string)')
  .check(z.regex(/^[0-9A-Za-z]{1,32}$/, '1-32 位数字、字母 (1 to 32 of digits, letters)'));

/** An amount in fen: a whole number of at least 1. */
const amount = z.pipe(
  z
    .number('应为数字，单位分 (a number of fen)')
    .check(
      z.int('应为整数分 (a whole number of fen)'),
      z.minimum(1, '至少 1 分 (at least 1 fen)'),
      z.maximum(TOTAL_FEE_MAX, `不超过 ${TOTAL_FEE_MAX} 分 (at most ${TOTAL_FEE_MAX} fen)`),
    ),
  z.transform((value: number): Fen => fen(value)),
);

/** 总金额. */
export const totalFee = amount;

/** 退款金额. */
export const refundFee = amount;

/** WeChat stores 1 to 3 byte UTF-8 only: no emoji above U+FFFF, no lone surrogate, no control. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const PLAIN = /^[^\u{10000}-\u{10FFFF}\uD800-\uDFFF\u0000-\u001F\u007F]*$/u;

function text(max: number) {
  return z
    .string('应为字符串 (a string)')
    .check(
      z.minLength(1, '不能为空 (must not be empty)'),
      z.maxLength(max, `最多 ${max} 个字符 (at most ${max} characters)`),
      z.regex(PLAIN, '不支持表情或控制字符 (no emoji, no control characters)'),
    );
}

/** Text that WeChat has to give back whole: beyond its bytes it is refused here, before anything is written. */
function textOfBytes(bytesMax: number) {
  return text(DISPLAY_TEXT_LENGTH_MAX).check(
    z.refine((value) => byteLength(value) <= bytesMax, {
      error: ({ input }) => {
        const bytes = byteLength(String(input));
        return `最多 ${bytesMax} 字节，现有 ${bytes} 字节 (at most ${bytesMax} bytes, this has ${bytes})`;
      },
    }),
  );
}

/** 商品描述: stored whole, and shown by WeChat as far as it takes. */
export const body = text(DISPLAY_TEXT_LENGTH_MAX);

/** 退款原因: stored whole, and shown by WeChat as far as it takes. */
export const refundDesc = text(DISPLAY_TEXT_LENGTH_MAX);

/** The reason of a person's decision, in their words. */
export const decisionReason = text(DISPLAY_TEXT_LENGTH_MAX);

/** A number of our own that names something: of a payment, a refund, an event. */
export const aboutText = z
  .string('应为字符串 (a string)')
  .check(z.regex(/^[\x20-\x7e]{1,128}$/, '1-128 个 ASCII 字符 (1 to 128 ASCII characters)'));

/** 商户数据包. */
export const attach = textOfBytes(TEXT_LIMITS.attach);

/** 用户标识. */
export const openid = z
  .string('应为字符串 (a string)')
  .check(z.regex(/^[0-9A-Za-z_-]{1,128}$/, '不是有效的 openid (not an openid)'));

/** 交易结束时间, `yyyyMMddHHmmss` in Beijing time. */
export const timeExpire = z.pipe(
  z
    .string('应为字符串 (a string)')
    .check(
      z.refine(
        (digits) => fromBeijingDigits(digits) !== undefined,
        '应为北京时间 yyyyMMddHHmmss (Beijing time, yyyyMMddHHmmss)',
      ),
    ),
  z.transform((digits: string): Date => fromBeijingDigits(digits) ?? new Date(Number.NaN)),
);

/** 账单日期: `yyyyMMdd` as CloudPay has it, or `yyyy-MM-dd`; read as the latter. */
export const billDate = z.pipe(
  z
    .string('应为字符串 (a string)')
    .check(
      z.refine(
        (day) =>
          /^\d{4}(-?)\d\d\1\d\d$/.test(day) &&
          fromBeijingDigits(`${day.replaceAll('-', '')}000000`) !== undefined,
        '应为 yyyyMMdd 或 yyyy-MM-dd (a day, yyyyMMdd or yyyy-MM-dd)',
      ),
    ),
  z.transform((day: string) =>
    day.replaceAll('-', '').replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'),
  ),
);

const short = z
  .string('应为字符串 (a string)')
  .check(z.maxLength(256, '最多 256 个字符 (at most 256 characters)'));

/**
 * Fields that code written for `cloud.cloudPay` sends and that our configuration decides: accepted
 * when they agree, refused by name when they differ (see usecases/step/fixedFields.ts). A nonce and
 * an IP have nothing to be compared with: they are accepted and not used.
 */
export const fixedFields = {
  functionName: z.optional(short),
  envId: z.optional(short),
  subMchId: z.optional(short),
  subAppid: z.optional(short),
  openid: z.optional(openid),
  subOpenid: z.optional(openid),
  tradeType: z.optional(short),
  feeType: z.optional(short),
  nonceStr: z.optional(short),
  spbillCreateIp: z.optional(short),
};
