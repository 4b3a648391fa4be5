import type { AnswerHead } from '../answer.ts';
import type { DownloadBillAnswer } from '../bill/downloadBill.ts';
import type { DecideOrderAnswer } from '../decision/decideOrder.ts';
import type { NotificationAnswer } from '../notice/notification.ts';
import type { CloseOrderAnswer } from '../order/closeOrder.ts';
import type { QueryOrderAnswer } from '../order/queryOrder.ts';
import type { UnifiedOrderAnswer } from '../order/unifiedOrder.ts';
import type { CloseStaleOrdersAnswer } from '../timer/closeStaleOrders.ts';
import type { DeliverEventsAnswer } from '../timer/deliverEvents.ts';
import { listAttentionAnswer } from './attention.ts';
import { type AnswerMeanings, mean } from './meaning.ts';
import { queryRefundAnswer, receiver, refundAnswer, refundView } from './refunds.ts';
import { always, maybe, states } from './words.ts';

/** Explains the fields with which every answer to a call begins. */
export const headMeanings: AnswerMeanings<AnswerHead> = {
  errCode: always.text('成功为数字 0，否则为错误码', 'the number 0 for success, else a code'),
  errMsg: always.text('函数名:ok，或 函数名:fail 与原因', 'name:ok, or name:fail and why'),
  returnCode: {
    ...always.text('恒为 SUCCESS，与 CloudPay 相同', 'SUCCESS, as CloudPay has it'),
    words: { SUCCESS: mean('已应答', 'answered'), FAIL: mean('不使用', 'not used') },
  },
  resultCode: {
    ...always.text('业务结果', 'whether it was done'),
    words: { SUCCESS: mean('成功', 'done'), FAIL: mean('被拒绝', 'refused') },
  },
  requestId: always.text(
    '本次调用的编号，日志中可查',
    'the number of this call, as the log has it',
  ),
  errCodeDes: maybe.text('拒绝的原因与处置', 'why it was refused, and what to do'),
  advice: {
    ...maybe.text('能否重试', 'whether to repeat it'),
    words: {
      never: mean('不要重试', 'do not repeat it'),
      same_request: mean('用相同参数重试', 'repeat the same request'),
      query_first: mean('结果未知，先查询', 'the outcome is unknown: query first'),
    },
  },
  field: maybe.text('哪个字段有误', 'the field that is to blame'),
};

const outTradeNo = always.text('商户订单号', 'the merchant’s number of the order');
const transactionId = always.text('微信支付订单号', 'WeChat Pay’s number of the payment');

const unifiedOrder: AnswerMeanings<UnifiedOrderAnswer> = {
  outTradeNo,
  payment: {
    ...always.object('wx.requestPayment 的参数', 'the arguments of wx.requestPayment'),
    fields: {
      appId: always.text('小程序', 'the mini program'),
      timeStamp: always.text('签名时间，秒', 'when it was signed, in seconds'),
      nonceStr: always.text('随机串', 'a nonce'),
      package: always.text('prepay_id=…', 'prepay_id=…'),
      packageVal: always.text(
        '同 package，微搭页面用此名',
        'as package; pages made with WeDa go by this name',
      ),
      signType: {
        ...always.text('签名方式', 'how it is signed'),
        words: { RSA: mean('直连', 'direct link'), MD5: mean('云支付', 'CloudPay') },
      },
      paySign: always.text('签名', 'the signature'),
    },
  },
  prepayId: always.text('预支付交易会话标识，2 小时内有效', 'the prepay id, good for 2 hours'),
  nonceStr: always.text('payment 中的随机串', 'the nonce in payment'),
  tradeType: {
    ...always.text('交易类型', 'the trade type'),
    words: { JSAPI: mean('小程序支付', 'mini program') },
  },
  ...receiver,
  totalFee: always.number('总金额，单位分', 'the price in fen'),
  timeExpire: always.text(
    '交易结束时间，北京时间 yyyyMMddHHmmss',
    'until when it can be paid, yyyyMMddHHmmss in Beijing time',
  ),
};

const queryOrder: AnswerMeanings<QueryOrderAnswer> = {
  outTradeNo,
  state: { ...always.text('本后端的结论', 'our conclusion'), words: states },
  tradeState: {
    ...always.text('微信对同一状态的叫法', 'WeChat’s name of the state'),
    words: {
      SUCCESS: mean('支付成功', 'paid'),
      REFUND: mean('转入退款', 'refunded, or partly so'),
      NOTPAY: mean('未支付', 'not paid'),
      CLOSED: mean('已关闭', 'closed'),
    },
  },
  tradeType: unifiedOrder.tradeType,
  appid: unifiedOrder.appid,
  mchId: unifiedOrder.mchId,
  totalFee: unifiedOrder.totalFee,
  paidFee: maybe.number(
    '实付，单位分；仅当认可了金额不同的付款',
    'what was paid, in fen, where a payment of another sum was accepted',
  ),
  body: always.text('商品描述', 'what is bought'),
  attach: maybe.text('商户数据包', 'the merchant’s own text'),
  timeExpire: unifiedOrder.timeExpire,
  transactionId: { ...transactionId, isAlways: false },
  timeEnd: maybe.text(
    '支付完成时间，北京时间 yyyyMMddHHmmss',
    'when it was paid, yyyyMMddHHmmss in Beijing time',
  ),
  confirmedBy: {
    ...maybe.text('怎样确认已支付', 'how the payment was confirmed'),
    words: {
      callback: mean('微信回调', 'WeChat’s callback'),
      query: mean('主动查单', 'our query'),
    },
  },
  closedReason: maybe.text(
    '为何关闭：expired、asked 或微信的错误码',
    'why it is closed: expired, asked, or WeChat’s code',
  ),
  quarantined: maybe.boolean(
    '收到与约定不符的付款，待人工处理',
    'a payment that differs arrived: a person has to decide',
  ),
  refundedExternally: maybe.boolean(
    '在本后端之外退过款',
    'money went back outside of us, all of it or a part',
  ),
};

const closeOrder: AnswerMeanings<CloseOrderAnswer> = {
  outTradeNo,
  state: { ...always.text('已在微信关闭', 'closed at WeChat'), words: { closed: states.closed } },
  ...receiver,
};

const decideOrder: AnswerMeanings<DecideOrderAnswer> = {
  ...refundView,
  outRefundNo: { ...refundView.outRefundNo, isAlways: false },
  refundFee: { ...refundView.refundFee, isAlways: false },
  state: maybe.text('订单或退款的状态', 'how the order, or the refund, stands'),
  refundStatus: { ...refundView.refundStatus, isAlways: false },
  origin: { ...refundView.origin, isAlways: false },
  decision: {
    ...always.text('作了什么决定', 'what was decided'),
    words: {
      acceptPayment: mean('认可付款', 'the payment counts'),
      refundPayment: mean('退回付款', 'the payment goes back'),
      leave: mean('保持现状', 'left as it is'),
      redeliver: mean('重新投递', 'delivered again'),
      giveUpRefund: mean('放弃退款', 'the refund is given up'),
    },
  },
  outTradeNo,
  transactionId: { ...transactionId, isAlways: false },
  refundedFee: maybe.number('仍然有效的退款之和，单位分', 'the refunds that count still, in fen'),
  kind: maybe.text('哪一类事', 'the kind'),
  about: maybe.text('哪一件事', 'which one'),
  eventId: maybe.text('重新投递的事件', 'the event that is due again'),
};

const downloadBill: AnswerMeanings<DownloadBillAnswer> = {
  data: always.text('账单原文，或压缩后的 base64', 'the bill’s text, or base64 of it compressed'),
  tarType: {
    ...maybe.text('是否压缩', 'whether it is compressed'),
    words: { GZIP: mean('gzip 压缩', 'by gzip') },
  },
};

const notification: AnswerMeanings<NotificationAnswer> = {
  status: always.number(
    'HTTP 状态码：200 之后微信不再重发',
    'the HTTP status; 200 ends WeChat’s repeats',
  ),
  code: {
    ...always.text('微信读的结果', 'the result as WeChat reads it'),
    words: { SUCCESS: mean('已收到', 'taken'), FAIL: mean('请重发', 'send it again') },
  },
  message: always.text('说明', 'why'),
};

const counts = always.object('每种结果各几次', 'how often each outcome came about');

const closeStaleOrders: AnswerMeanings<CloseStaleOrdersAnswer> = {
  counts,
  more: always.boolean('还有到期的订单，留给下一次', 'due orders are left for the next run'),
};

const deliverEvents: AnswerMeanings<DeliverEventsAnswer> = {
  counts,
  more: always.boolean('还有没投递的', 'there is more to deliver'),
  from: maybe.text('下次从这里继续', 'where to go on'),
  disabled: maybe.list(
    '商户不再接收（410）的通道',
    'channels on which the merchant wants no more (410)',
  ),
};

/** Explains each field of each function's answer. */
export const answerMeanings = {
  unifiedOrder,
  queryOrder,
  closeOrder,
  refund: refundAnswer,
  queryRefund: queryRefundAnswer,
  listAttention: listAttentionAnswer,
  decideOrder,
  downloadBill,
  payCallback: notification,
  refundCallback: notification,
  closeStaleOrders,
  deliverEvents,
};
