import type { RefundState } from '../../domain/order/refund.ts';
import type { QueryRefundAnswer } from '../refund/queryRefund.ts';
import type { RefundAnswer } from '../refund/refund.ts';
import type { RefundView } from '../refund/refundView.ts';
import { type AnswerMeanings, type Meaning, mean } from './meaning.ts';
import { always, maybe } from './words.ts';

const refundStates: Record<RefundState, Meaning> = {
  requested: mean('已登记，微信尚未受理', 'kept; WeChat has not taken it yet'),
  processing: mean('微信已受理，退款中', 'taken by WeChat, under way'),
  success: mean('退款成功', 'the money has gone back'),
  closed: mean('退款关闭，须换新单号', 'failed for good: take a new number'),
  abnormal: mean('退款异常，须改退到别的账户', 'the account cannot take it: say where it is to go'),
  unverified: mean('结果一直没有得到确认', 'its end was never confirmed'),
  refused: mean('微信没有受理，金额可再退', 'WeChat never took it: the sum is free again'),
};

/** Explains the fields of a refund. */
export const refundView: AnswerMeanings<RefundView> = {
  outRefundNo: always.text('商户退款单号', 'the merchant’s number of the refund'),
  refundFee: always.number('退款金额，单位分', 'the sum of the refund, in fen'),
  state: { ...always.text('本后端的结论', 'our conclusion'), words: refundStates },
  refundStatus: {
    ...always.text('微信对同一状态的叫法', 'WeChat’s name of the state'),
    words: {
      PROCESSING: mean('退款处理中', 'under way'),
      SUCCESS: mean('退款成功', 'done'),
      CLOSED: mean('退款关闭', 'closed'),
      ABNORMAL: mean('退款异常', 'abnormal'),
    },
  },
  origin: {
    ...always.text('谁发起的', 'who asked for it'),
    words: {
      ours: mean('本后端', 'this backend'),
      external: mean('商户平台或别的程序', 'the merchant console, or other code'),
    },
  },
  transactionId: maybe.text(
    '退的是哪一笔付款；不是订单本身那笔时才有',
    'the payment that it is of, where that is not the order’s own',
  ),
  refundId: maybe.text('微信支付退款单号', 'WeChat Pay’s number of the refund'),
  refundDesc: maybe.text('退款原因', 'why it is refunded'),
  successTime: maybe.text(
    '退款成功时间，北京时间 yyyyMMddHHmmss',
    'when it succeeded, yyyyMMddHHmmss in Beijing time',
  ),
  refusedReason: maybe.text('微信为何不受理', 'why WeChat refused it for good'),
  lastErrorCode: maybe.text(
    '微信暂未受理的最近一个错误码，如 NOT_ENOUGH',
    'WeChat’s last code why it did not take it yet, as NOT_ENOUGH',
  ),
};

const outTradeNo = always.text('商户订单号', 'the merchant’s number of the order');
const totalFee = always.number('订单金额，单位分', 'the order’s sum in fen');

/** Explains who gets the money of an order. */
export const receiver = {
  appid: always.text('收款的小程序', 'the mini program'),
  mchId: always.text('收款的商户号', 'the merchant who gets the money'),
};

/** Explains the fields of `refund`'s answer. */
export const refundAnswer: AnswerMeanings<RefundAnswer> = {
  ...refundView,
  outTradeNo,
  transactionId: always.text('微信支付订单号', 'WeChat Pay’s number of the payment'),
  totalFee,
  ...receiver,
};

/** Explains the fields of `queryRefund`'s answer. */
export const queryRefundAnswer: AnswerMeanings<QueryRefundAnswer> = {
  outTradeNo,
  transactionId: maybe.text('微信支付订单号', 'WeChat Pay’s number of the payment'),
  ...receiver,
  totalFee,
  refundedFee: always.number(
    '已退与退款中之和，单位分；不含已关闭和被拒绝的',
    'the refunds but closed and refused ones, in fen',
  ),
  refundedExternally: maybe.boolean(
    '微信说在本后端之外退过款，不在 refunds 之内',
    'money went back outside of us, which `refunds` does not list',
  ),
  refundCount: always.number('退款笔数', 'how many refunds there are'),
  refunds: {
    ...always.list('各笔退款，先发起的在前', 'the refunds in the order of their beginning'),
    fields: refundView,
  },
};
