import type { Retry } from '../domain/retry.ts';
import type { Refusal } from './answer.ts';

/** Lists our own refusals: the advice, then what happened and what to do in Chinese and in English. */
export const refusals = {
  PARAM_ERROR: ['never', '参数有误，请按 field 修改', 'an input field is wrong: see field'],
  CALLER_REFUSED: ['never', '调用来源无权使用此函数', 'this caller may not use this function'],
  SERVICE_SIGNATURE: [
    'never',
    '服务端签名无效、属于别的函数、环境或小程序，或已超过 5 分钟，请检查 WXPAY_SERVICE_KEY、envId、appid 和服务器时间',
    'the service signature is wrong, of another function, environment or mini program, or older than 5 minutes: check WXPAY_SERVICE_KEY, envId, appid and the clock',
  ],
  PRICE_SOURCE_MISSING: [
    'never',
    '手机端不能定价：请由服务端签名调用下单，付款人再以同一单号和参数调用即可付款；或设置 WXPAY_PRICE_SOURCE=quote（询价函数定价）、client（客户端定价，仅供迁移）',
    'a phone names no price: let a signed service call place the order, which its payer then pays by the same number and fields, or set WXPAY_PRICE_SOURCE=quote (your function names it) or client',
  ],
  PRICE_CHANGED: [
    'never',
    '价格与此前所见不同，现价见 totalFee（分）；请让付款人确认后重新下单',
    'the price is another by now, totalFee in fen: let the payer see it and order again',
  ],
  QUOTE_REFUSED: [
    'never',
    '商户拒绝了此次购买，原因见 quoteCode 与 quoteMsg',
    'the merchant refuses this sale: quoteCode and quoteMsg say why',
  ],
  QUOTE_TIMED_OUT: [
    'same_request',
    '询价函数没有及时应答，未下单；请稍后用相同参数重试',
    'the quote function did not answer in time, nothing was ordered: repeat the same request in a moment',
  ],
  QUOTE_FAILED: [
    'same_request',
    '询价函数不存在或执行出错，未下单；原因见 unifiedOrder 的日志 quoteReason',
    'the quote function is missing or failed, nothing was ordered: the log of unifiedOrder says why (quoteReason)',
  ],
  QUOTE_MALFORMED: [
    'never',
    '询价函数的应答不是有效的报价，未下单；原因见 unifiedOrder 的日志 quoteReason',
    'the answer of the quote function is no valid price, nothing was ordered: the log of unifiedOrder says why (quoteReason)',
  ],
  QUOTE_UNVERIFIED: [
    'never',
    '询价函数不接受签名，未下单；请让 unifiedOrder 与询价函数的 WXPAY_EVENTS_KEY 一致',
    'the quote function does not take our signature, nothing was ordered: give WXPAY_EVENTS_KEY the same value in both functions',
  ],
  PURCHASE_REPLACING: [
    'same_request',
    '该采购的上一单还不能在微信侧关闭，请在 retryAt 之后用相同参数重试；关闭之前不会下第二单',
    'the older order of this purchase cannot be closed at WeChat yet, and no second one is placed before: repeat the same request after retryAt',
  ],
  PURCHASE_TOO_OFTEN: [
    'never',
    '该采购已下单并关闭太多次，请换新的 purchaseId',
    'this purchase was ordered and closed too often: take a new purchaseId',
  ],
  ORDER_NOT_EXIST: ['never', '订单不存在', 'there is no such order'],
  OUT_TRADE_NO_USED: [
    'never',
    '商户订单号已被使用，且参数与首次下单不同；请用相同参数重试，或换新单号',
    'the number is used with other parameters: repeat the first ones, or take a new number',
  ],
  ORDERPAID: ['never', '订单已支付，请调用 queryOrder 确认', 'the order is paid: call queryOrder'],
  ORDERCLOSED: ['never', '订单已关闭，请换新单号下单', 'the order is closed: take a new number'],
  ORDER_EXPIRED: [
    'never',
    '订单已过支付截止时间，请换新单号下单',
    'the order is past its time_expire: take a new number',
  ],
  ORDER_QUARANTINED: [
    'never',
    '该订单收到与约定不符的付款，等待人工处理',
    'a payment that differs from this order arrived: an admin has to decide',
  ],
  ORDER_PLACING: [
    'same_request',
    '同一订单正在下单，请稍后用相同参数重试',
    'the same order is being placed: repeat the same request in a moment',
  ],
  TOO_MANY_ORDERS: [
    'same_request',
    '下单过于频繁或未支付的订单过多：请先支付或关闭已有订单，或在 retryAt 之后用相同参数重试',
    'too many orders in a minute, or too many unpaid ones: pay or close one, or repeat the same request after retryAt',
  ],
  CLOSE_SCHEDULED: [
    'never',
    '关单已登记，closableAt 之后由定时器完成，此单不再给出支付参数；若届时仍未关闭，请再次调用 closeOrder',
    'the close is scheduled and done by the timer after closableAt, no payment is handed out meanwhile; if it is open still by then, call closeOrder again',
  ],
  PAYMENT_NOT_EXIST: [
    'never',
    '该单号下没有这笔付款，见 listAttention 的 about',
    'this number has no such payment: listAttention names them (about)',
  ],
  PAYMENT_NOT_QUARANTINED: [
    'never',
    '这笔付款不在隔离中，无需也不能认可',
    'this payment is not quarantined: there is nothing to accept',
  ],
  PAYMENT_COUNTS: [
    'never',
    '这笔付款就是订单本身的付款，请用 refund 退款',
    'this is the payment that counts for the order: refund it by `refund`',
  ],
  PAYMENT_REFUNDED: [
    'never',
    '这笔付款已退或正在退回，不能再认可；若只退了一部分，先用 queryRefund 按退款单号查到那笔退款',
    'this payment has gone back, or is on its way, and cannot be accepted; if only a part went back, let queryRefund find that refund by its number first',
  ],
  PAYMENT_FEE_UNKNOWN: [
    'never',
    '微信没有给出这笔付款的金额，请在商户平台处理，再用 leave 记录',
    'the sum of this payment is not known, for WeChat did not say it: handle it in the merchant console and record that by `leave`',
  ],
  EVENT_NOT_PARKED: [
    'never',
    '该事件没有搁置，无需重新投递',
    'this event is not parked: it was delivered, or is attempted still',
  ],
  ATTENTION_NOT_EXIST: [
    'never',
    '该单没有这件待处理的事，kind、about 见 listAttention',
    'this document has nothing of this kind to leave: listAttention gives kind and about',
  ],
  DOCUMENT_UNREADABLE: [
    'never',
    '该订单文档无法读取，只能修复它，或用 leave（kind 为 unreadable）记录',
    'this document cannot be read: repair it, or record that it stays so by `leave` with the kind unreadable',
  ],
  ORDER_NOT_PAID: [
    'never',
    '订单未支付，不能退款',
    'the order is not paid: there is nothing to refund',
  ],
  OUT_REFUND_NO_USED: [
    'never',
    '商户退款单号已用于另一笔退款或金额不同；请用首次的金额重试，或换新单号',
    'the refund number is used for another refund or amount: repeat the first amount, or take a new number',
  ],
  REFUND_NO_CLOSED: [
    'never',
    '该退款单号已关闭、被微信拒绝或已放弃，请换新的退款单号',
    'this refund number is closed, refused by WeChat or given up: take a new number',
  ],
  REFUND_EXCEEDS_PAID: [
    'never',
    '退款总额超过支付金额，可退余额见 refundableFee（分）',
    'the refunds would exceed what was paid: refundableFee says how many fen are left',
  ],
  REFUND_TOO_MANY: ['never', '一笔订单最多 50 次退款', 'an order has at most 50 refunds'],
  REFUND_TOO_SOON: [
    'same_request',
    '同一订单两次退款须间隔 1 分钟，请在 retryAt 之后用相同参数重试',
    'refunds of one order are a minute apart: repeat the same request after retryAt',
  ],
  REFUND_REFUSED_TOO_OFTEN: [
    'same_request',
    '微信已多次拒绝该订单的退款，原因见 queryRefund 的 refusedReason；请先解决，在 retryAt 之后再试，勿不断换新单号',
    'refunds of this order were refused again and again, queryRefund says why (refusedReason): put that right and repeat after retryAt, drawing no new numbers meanwhile',
  ],
  REFUND_OVERDUE: [
    'never',
    '支付已超过 365 天，微信不再受理退款',
    'paid more than 365 days ago: WeChat takes no refund any more',
  ],
  REFUND_PLACING: [
    'same_request',
    '同一退款正在提交，请稍后用相同参数重试',
    'the same refund is being sent: repeat the same request in a moment',
  ],
  REFUND_TAKEN: [
    'never',
    '微信已受理或已结束该退款，不能放弃；当前状态见 refundStatus',
    'the refund is at WeChat or has ended, so it cannot be given up: refundStatus says how it stands',
  ],
  REFUND_UNCERTAIN: [
    'same_request',
    '该退款已发出而结果未知，微信仍可能受理；请在 retryAt 之后用相同参数重试',
    'the refund was sent with an unknown outcome and WeChat may take it still: repeat the same request after retryAt',
  ],
  REFUND_SCHEDULED: [
    'same_request',
    '退款已登记，尚未提交：本次调用没有云支付的平台令牌，将由有令牌的定时器提交；要立即提交，请由管理员在小程序端以同一退款单号调用，勿换新单号',
    'the refund is kept and not sent yet, for this call has no platform token: a timer that has one sends it; to send it now let an admin call with the same refund number from the mini program, never a new one',
  ],
  CLOUDPAY_NO_ABNORMAL_REFUND: [
    'never',
    '云支付没有异常退款接口，请在商户平台「交易中心-退款查询」处理该笔退款',
    'cloud pay has no call for abnormal refunds: handle it in the merchant console',
  ],
  REFUND_NOT_EXIST: ['never', '退款单不存在', 'there is no such refund'],
  REFUND_NOT_ABNORMAL: [
    'never',
    '该退款不是退款异常状态，无需也不能改退至银行卡；当前状态见 refundStatus',
    'this refund is not abnormal and cannot go elsewhere: refundStatus says how it stands',
  ],
  REFUND_MISMATCH: [
    'query_first',
    '微信对该退款单号的回答与本订单不符，未采信，等待人工处理',
    'what WeChat says of this refund number differs from ours and does not count: an admin has to look',
  ],
  BILL_TOO_LARGE: [
    'never',
    '账单超过 1 MB，无法直接返回；加 tarType: "GZIP" 可得压缩的账单（base64），仍超过则请在商户平台下载',
    'the bill is larger than 1 MB and cannot be answered inline: ask with tarType "GZIP" for it compressed, in base64, or take it from the merchant console',
  ],
  STORE_UNAVAILABLE: [
    'same_request',
    '数据库暂不可用，请稍后用相同参数重试',
    'the database did not answer: repeat the same request',
  ],
  DEADLINE: [
    'same_request',
    '处理超时，结果未知，请用相同参数重试或查询订单',
    'out of time, the outcome is unknown: repeat the same request or query the order',
  ],
  INTERNAL_ERROR: [
    'query_first',
    '内部错误，请先查询订单再决定；凭 requestId 查日志',
    'an internal error: query the order before acting, the log has the requestId',
  ],
} as const satisfies Record<string, readonly [Retry, string, string]>;

export type RefusalCode = keyof typeof refusals;

/** Makes a refusal of the catalogue. */
export function refuse(
  code: RefusalCode,
  more: { field?: string; why?: string; details?: Record<string, unknown> } = {},
): Refusal {
  const [advice, chinese, english] = refusals[code];
  const text = `${chinese} (${english})${more.why === undefined ? '' : `: ${more.why}`}`;
  return {
    refused: code,
    text,
    retry: advice,
    ...(more.field === undefined ? {} : { field: more.field }),
    ...(more.details === undefined ? {} : { details: more.details }),
  };
}
