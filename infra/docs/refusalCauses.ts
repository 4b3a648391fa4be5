import type { RefusalCode } from '../../shared/contract/refusals.ts';
import type { Bilingual } from './errorRows.ts';

/** Tells why each refusal of ours comes about; total, so that a new one cannot go undocumented. */
export const refusalCauses: Record<RefusalCode, Bilingual> = {
  PARAM_ERROR: {
    zh: '字段缺失、类型或长度不对、多了未知字段；`field` 是字段名，`errCodeDes` 说明应为什么',
    en: 'a field is absent, of the wrong type or length, or unknown: `field` names it, `errCodeDes` says what it should be',
  },
  CALLER_REFUSED: {
    zh: '例如手机端调用退款、浏览器调用定时器函数、管理员 openid 未登记；`errCodeDes` 写明看到的来源和正确的入口',
    en: 'for instance a phone asks for a refund, or an admin is not listed: `errCodeDes` names the source that was seen and the way in',
  },
  SERVICE_SIGNATURE: {
    zh: '密钥不一致、服务器时钟偏差超过 5 分钟、签名时的函数名或环境不同、签名后改动了数据',
    en: 'another key, a clock more than 5 minutes off, signed for another function or environment, or data changed after signing',
  },
  PRICE_SOURCE_MISSING: {
    zh: '`WXPAY_PRICE_SOURCE` 为 service，却由手机端直接下单',
    en: '`WXPAY_PRICE_SOURCE` is service and a phone tries to begin an order',
  },
  PRICE_CHANGED: {
    zh: '页面显示的价格已过期：调用带的 `totalFee` 与询价结果不同，或同一采购在此期间已按另一价格下单',
    en: 'the page shows an older price: the `totalFee` of the call differs from the quote, or the same purchase was ordered at another price meanwhile',
  },
  QUOTE_REFUSED: {
    zh: '询价函数答了自己的错误码，例如 `SOLD_OUT`；`quoteCode`、`quoteMsg` 是它的原话',
    en: 'the quote function answered a code of its own, such as `SOLD_OUT`: `quoteCode` and `quoteMsg` are its words',
  },
  QUOTE_TIMED_OUT: {
    zh: '询价函数 5 秒内没有答完：冷启动、慢查询，或在等别的服务',
    en: 'the quote function took more than 5 seconds: a cold start, a slow query, or another service',
  },
  QUOTE_FAILED: {
    zh: '`WXPAY_QUOTE_FUNCTION` 写错、函数未部署，或它抛出了异常',
    en: '`WXPAY_QUOTE_FUNCTION` is wrong, the function is not deployed, or it threw',
  },
  QUOTE_MALFORMED: {
    zh: '应答缺 `body` 或 `totalFee`、金额不是正整数（分）、`attach` 超过 127 字节、`timeExpire` 不在 1 分钟到 15 天之内，或应答超过 16 KB',
    en: '`body` or `totalFee` is missing, the amount is no positive whole number of fen, `attach` has more than 127 bytes, `timeExpire` is not 1 minute to 15 days ahead, or the answer has more than 16 KB',
  },
  QUOTE_UNVERIFIED: {
    zh: '两个函数的 `WXPAY_EVENTS_KEY` 不同，或 `WXPAY_QUOTE_FUNCTION` 指向了履约函数',
    en: '`WXPAY_EVENTS_KEY` differs between the two functions, or `WXPAY_QUOTE_FUNCTION` names the fulfilling one',
  },
  PURCHASE_REPLACING: {
    zh: '价格或付款人变了，而上一单还付得了：云支付 5 分钟内不能关单，或上一单发出后没有应答',
    en: 'price or payer changed while the older order can still be paid: cloud pay closes none younger than 5 minutes, or the older one was sent and never answered',
  },
  PURCHASE_TOO_OFTEN: {
    zh: '同一 `purchaseId` 已有 100 单：价格反复变化，或每次过期后又重下',
    en: 'one `purchaseId` has 100 orders: its price went to and fro, or it expired and was ordered again',
  },
  ORDER_NOT_EXIST: {
    zh: '单号写错、不在此环境，或属于另一位付款人（别人的订单与不存在的一样）',
    en: 'a wrong number, another environment, or another payer’s order, which looks like none',
  },
  OUT_TRADE_NO_USED: {
    zh: '同一单号换了金额、描述或附加数据再次下单，或此单号在微信侧已被使用',
    en: 'the number was placed with another amount, body or attach, here or at WeChat',
  },
  TOO_MANY_ORDERS: {
    zh: '同一付款人一分钟内新下 10 单，或有 10 个未支付、未关闭的订单（`WXPAY_ORDER_LIMITS`）；重复下同一单不计',
    en: 'a payer began 10 orders in a minute, or has 10 that are neither paid nor closed (`WXPAY_ORDER_LIMITS`); a repeat of the same order does not count',
  },
  ORDERPAID: {
    zh: '用户已付款：重复下单或关单来晚了',
    en: 'the payer has paid: a repeat of the order, or a close, came too late',
  },
  ORDERCLOSED: {
    zh: '已关单、已过期关闭，或微信明确拒绝过此单',
    en: 'closed on request, after its expiry, or refused by WeChat for good',
  },
  ORDER_EXPIRED: {
    zh: '超过 `timeExpire`（默认 30 分钟）仍未付款',
    en: 'not paid before `timeExpire` (30 minutes by default)',
  },
  ORDER_QUARANTINED: {
    zh: '到账金额、付款人、商户号或 AppID 与订单不同，日志有 `order.mismatch`',
    en: 'amount, payer, merchant or appid of a payment differ from the order; the log has `order.mismatch`',
  },
  ORDER_PLACING: {
    zh: '两个调用同时为同一单下单，另一个还在等微信应答',
    en: 'two calls place the same order at once and the other still waits for WeChat',
  },
  CLOSE_SCHEDULED: {
    zh: '云支付下单 5 分钟内不能关单',
    en: 'cloud pay closes no order younger than 5 minutes',
  },
  PAYMENT_NOT_EXIST: {
    zh: 'transactionId 写错，或属于另一单',
    en: 'a wrong transactionId, or one of another order',
  },
  PAYMENT_NOT_QUARANTINED: {
    zh: '订单已按正常付款确认，或这笔是已支付订单的重复付款',
    en: 'the order was paid as agreed, or this is a second payment of a paid order',
  },
  PAYMENT_COUNTS: {
    zh: '对正常付款、或已认可的付款调用了 refundPayment',
    en: '`refundPayment` was called for a payment that agreed, or that was accepted',
  },
  PAYMENT_REFUNDED: {
    zh: '要认可的付款已经退款，或微信说已有退款而不知是哪一笔',
    en: 'the payment that was to be accepted is refunded, or WeChat says that money of it went back, by no refund that is known',
  },
  PAYMENT_FEE_UNKNOWN: {
    zh: '微信只回答了「转入退款」，没有金额',
    en: 'WeChat answered REFUND alone, without a sum',
  },
  EVENT_NOT_PARKED: {
    zh: 'eventId 写错，或事件已送达、仍在按计划重试',
    en: 'a wrong eventId, or the event was delivered, or is attempted still',
  },
  ATTENTION_NOT_EXIST: {
    zh: 'kind 或 about 写错，或此事已自行了结',
    en: 'a wrong kind or about, or it has come to its end by itself',
  },
  DOCUMENT_UNREADABLE: {
    zh: '文档被手工改坏，或写入时被截断',
    en: 'the document was changed by hand, or by other code',
  },
  ORDER_NOT_PAID: {
    zh: '订单未支付、已关闭，或支付尚未确认',
    en: 'the order is unpaid, closed, or not confirmed yet',
  },
  OUT_REFUND_NO_USED: {
    zh: '退款单号重复使用，或重试时改了金额',
    en: 'a refund number is used twice, or a repeat has another amount',
  },
  REFUND_NO_CLOSED: {
    zh: '这个退款单号已被微信关闭或最终拒绝，或已放弃，重试永远不会成功',
    en: 'WeChat closed or finally refused this number, or it was given up: it never succeeds',
  },
  REFUND_EXCEEDS_PAID: {
    zh: '多次部分退款之和加上这一笔大于实付；处理中的退款也计入',
    en: 'this and earlier refunds, those in progress included, are more than what was paid',
  },
  REFUND_TOO_MANY: { zh: '拆成了太多笔部分退款', en: 'too many partial refunds' },
  REFUND_TOO_SOON: { zh: '连续提交部分退款', en: 'partial refunds follow too fast' },
  REFUND_REFUSED_TOO_OFTEN: {
    zh: '程序不断换新单号，重试微信最终拒绝的退款',
    en: 'a program draws new numbers for a refund that WeChat finally refuses',
  },
  REFUND_OVERDUE: { zh: '订单太旧', en: 'the order is too old' },
  REFUND_PLACING: {
    zh: '两个调用同时提交同一退款',
    en: 'two calls send the same refund at once',
  },
  REFUND_TAKEN: {
    zh: '要放弃的退款微信已经受理',
    en: 'the refund that was to be given up is at WeChat',
  },
  REFUND_UNCERTAIN: {
    zh: '要放弃的退款 10 分钟内发出过，应答未知',
    en: 'the refund that was to be given up was sent within 10 minutes, and no answer is known',
  },
  REFUND_SCHEDULED: {
    zh: '云支付的服务端调用或普通定时器没有平台令牌',
    en: 'a server’s call or a plain timer has no platform token for cloud pay',
  },
  CLOUDPAY_NO_ABNORMAL_REFUND: {
    zh: '对云支付订单调用了异常退款',
    en: 'an abnormal refund was asked for on cloud pay',
  },
  REFUND_NOT_EXIST: {
    zh: '退款单号写错，或退款从未登记',
    en: 'a wrong refund number, or a refund that was never asked for',
  },
  REFUND_NOT_ABNORMAL: {
    zh: '退款已成功、仍在处理或已关闭',
    en: 'the refund has succeeded, is in progress, or is closed',
  },
  REFUND_MISMATCH: {
    zh: '同一退款单号在微信侧属于另一笔交易或金额不同：多套系统共用一个商户号',
    en: 'at WeChat the number belongs to another payment or amount: two systems share a merchant number',
  },
  BILL_TOO_LARGE: {
    zh: '当日交易多，账单文件大',
    en: 'a busy day: the file is large',
  },
  STORE_UNAVAILABLE: {
    zh: '云开发数据库超时、限流或套餐用尽',
    en: 'the CloudBase database timed out, throttled, or the plan is used up',
  },
  DEADLINE: {
    zh: '微信或数据库慢，函数超时时间将到',
    en: 'WeChat or the database is slow and the function’s time is up',
  },
  INTERNAL_ERROR: {
    zh: '缺陷，或数据库拒绝了写入（权限、索引）',
    en: 'a defect, or the database refused a write (permission, index)',
  },
};
