import type { DownloadBillInput } from '../bill/downloadBill.ts';
import type { DecideOrderInput } from '../decision/decideOrder.ts';
import type { ListAttentionInput } from '../decision/listAttention.ts';
import type { NotificationInput } from '../notice/notification.ts';
import type { CloseOrderInput } from '../order/closeOrder.ts';
import type { QueryOrderInput } from '../order/queryOrder.ts';
import type { UnifiedOrderInput } from '../order/unifiedOrder.ts';
import type { QueryRefundInput } from '../refund/queryRefund.ts';
import type { RefundInput } from '../refund/refund.ts';
import type { CloseStaleOrdersInput } from '../timer/closeStaleOrders.ts';
import type { DeliverEventsInput } from '../timer/deliverEvents.ts';
import { type InputMeanings, mean } from './meaning.ts';

const outTradeNo = mean(
  '商户订单号，同一商户号下唯一',
  'the merchant’s number of the order, unique for the merchant',
);
const transactionId = mean('微信支付订单号', 'WeChat Pay’s number of the payment');
const outRefundNo = mean(
  '商户退款单号；重试必须用同一个',
  'the merchant’s number of the refund; a repeat must use the same',
);
const refundFee = mean('退款金额，单位分', 'the sum to refund, in fen');
const reason = mean('作此决定的原因，记入订单', 'why it is decided so; kept with the order');

/** Fields of CloudPay's callers, which the configuration decides. */
const subMchId = mean(
  '商户号；可省略，填写时须与配置一致',
  'the merchant number; may be left out, must be the configured one',
);
const subAppid = mean(
  '小程序 AppID；可省略，填写时须与配置一致',
  'the mini program; may be left out, must be the configured one',
);
const nonceStr = mean('随机串；接受但不使用', 'a nonce; accepted and not used');
const functionName = mean(
  '云支付的回调函数名；可省略，填写时须与配置一致',
  'the function that CloudPay notifies; may be left out, must be the configured one',
);
const envId = mean(
  '云开发环境 ID；可省略，填写时须与配置一致',
  'the CloudBase environment; may be left out, must be the configured one',
);
const fixed = { subMchId, subAppid, nonceStr };

const unifiedOrder: InputMeanings<UnifiedOrderInput> = {
  body: mean('商品描述，付款人在收银台看到', 'what is bought, as the payer reads it on the sheet'),
  totalFee: mean(
    '总金额，单位分；由谁定价见 WXPAY_PRICE_SOURCE',
    'the price in fen; WXPAY_PRICE_SOURCE says who names it',
  ),
  request: mean(
    '交给询价函数的内容：商品、优惠券、地址等',
    'what the merchant’s quote function needs to know: goods, coupon, address',
  ),
  purchaseId: mean(
    '采购标识，仅服务端签名调用：单号由它而定，同一采购只有一单可付',
    'the merchant’s number of the purchase, by a signed call: the order’s number follows from it, and one of its orders is open',
  ),
  outTradeNo: mean(
    '商户订单号；省略时由本后端生成',
    'the merchant’s number of the order; made here where it is left out',
  ),
  attach: mean('商户数据包，随订单原样返回', 'the merchant’s own text, given back with the order'),
  timeExpire: mean(
    '交易结束时间，1 分钟到 15 天之内；省略时见 WXPAY_ORDER_TTL',
    'when the order can no longer be paid, 1 minute to 15 days ahead; left out: WXPAY_ORDER_TTL',
  ),
  openid: mean(
    '付款人；手机端即调用者本人，服务端签名调用时必填',
    'the payer; on a phone the caller, needed in a signed call',
  ),
  subOpenid: mean('付款人在特约商户小程序的 openid，同 openid', 'the payer, as openid'),
  tradeType: mean('交易类型，只支持 JSAPI', 'the trade type: JSAPI alone'),
  feeType: mean('币种，只支持 CNY', 'the currency: CNY alone'),
  spbillCreateIp: mean('终端 IP；接受但不使用', 'the device’s IP; accepted and not used'),
  functionName,
  envId,
  ...fixed,
};

const openid = mean(
  '付款人；服务端签名调用时填写，别人的订单即视为不存在',
  'the payer, in a signed call: another user’s order is then none',
);

const queryOrder: InputMeanings<QueryOrderInput> = { outTradeNo, transactionId, openid, ...fixed };

const closeOrder: InputMeanings<CloseOrderInput> = { outTradeNo, openid, ...fixed };

const refund: InputMeanings<RefundInput> = {
  outTradeNo,
  transactionId,
  outRefundNo: mean(
    '商户退款单号；全额退款可省略，重试必须用同一个',
    'the merchant’s number of the refund; may be left out for the full sum, and a repeat must use the same',
  ),
  totalFee: mean(
    '订单金额，单位分；填写时须与订单一致',
    'the order’s sum in fen; must be the order’s where it is given',
  ),
  refundFee,
  refundDesc: mean('退款原因，付款人看得到', 'why it is refunded; the payer reads it'),
  abnormal: mean(
    '异常退款处理：该笔退款改付到此账户',
    'for an abnormal refund: the account that is paid instead',
  ),
  functionName,
  envId,
  ...fixed,
};

const queryRefund: InputMeanings<QueryRefundInput> = {
  outTradeNo,
  transactionId,
  outRefundNo: mean(
    '商户退款单号；只查这一笔',
    'the merchant’s number of the refund; that one alone is answered',
  ),
  openid,
  ...fixed,
};

const listAttention: InputMeanings<ListAttentionInput> = {
  limit: mean('每页至多几个订单，默认 20', 'at most so many documents a page; 20 where left out'),
  cursor: mean('上一页应答的 cursor', 'the cursor of the last page'),
};

const decideOrder: InputMeanings<DecideOrderInput> = {
  decision: mean('作什么决定', 'what is decided'),
  outTradeNo,
  transactionId,
  refundFee: mean(
    '退多少，单位分；省略时全部退回',
    'how much goes back, in fen; all of it where left out',
  ),
  outRefundNo,
  refundDesc: mean('退款原因，付款人看得到', 'why it is refunded; the payer reads it'),
  kind: mean('哪一类事，见 listAttention', 'the kind, as listAttention gives it'),
  about: mean('哪一件事，见 listAttention', 'which one, as listAttention gives it'),
  eventId: mean('重新投递的事件', 'the event to deliver again'),
  reason,
};

const downloadBill: InputMeanings<DownloadBillInput> = {
  billDate: mean('账单日期（北京时间）', 'the day of the bill, in Beijing'),
  billType: mean(
    '账单类型：交易账单（全部、支付成功、退款、充值退款）或资金账单 FUNDFLOW',
    'the bill: of trades (all, paid, refunded, top-ups refunded), or FUNDFLOW',
  ),
  accountType: mean(
    '资金账户：基本、运营、手续费；仅用于资金账单',
    'the account of a fund-flow bill: basic, operation, fees',
  ),
  tarType: mean('GZIP：压缩后以 base64 返回', 'GZIP: compressed, in base64'),
  ...fixed,
};

const notification: InputMeanings<NotificationInput> = {
  from: mean(
    '怎样到达：HTTP 访问服务，或云支付回调',
    'how it came: by the HTTP route, or as a callback of CloudPay',
  ),
  headers: mean('请求头，名称为小写', 'the request’s headers, names in lower case'),
  body: mean('请求体的原始字节', 'the raw bytes of the body'),
  event: mean('云支付回调的内容', 'the event of CloudPay'),
};

const closeStaleOrders: InputMeanings<CloseStaleOrdersInput> = {
  Type: mean('定时触发，或它自己的一个分片', 'the timer, or a shard of its own'),
  index: mean('第几个分片', 'the number of the shard'),
  of: mean('共几个分片', 'of how many shards'),
  untilMs: mean('发起它的那次运行何时结束', 'when the run that started it ends'),
};

const deliverEvents: InputMeanings<DeliverEventsInput> = {
  Type: mean('定时触发', 'the timer'),
  outTradeNo: mean('重新投递此订单的事件', 'the order whose events are delivered again'),
  day: mean(
    '重新投递这一天（北京时间）支付的所有订单',
    'the day (Beijing) whose paid orders are delivered again',
  ),
  from: mean('上次应答的 from，从那里继续', 'the from of the last answer, to go on there'),
};

/** Explains each field of each function's input. */
export const inputMeanings = {
  unifiedOrder,
  queryOrder,
  closeOrder,
  refund,
  queryRefund,
  listAttention,
  decideOrder,
  downloadBill,
  payCallback: notification,
  refundCallback: notification,
  closeStaleOrders,
  deliverEvents,
};

/** Explains the fields within `refund`'s `abnormal`. */
export const abnormalMeanings: InputMeanings<NonNullable<RefundInput['abnormal']>> = {
  type: mean('付给商户的银行卡，或用户的', 'to the merchant’s bank card, or the user’s'),
  bankType: mean('开户银行', 'the bank'),
  bankAccount: mean(
    '收款银行卡号；加密后发送，不保存',
    'the card’s number; sent encrypted, never stored',
  ),
  realName: mean(
    '收款人姓名；加密后发送，不保存',
    'the owner’s name; sent encrypted, never stored',
  ),
};
