import { type LedgerOrder, through } from '../orders/ledger.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import type { RefundRequest } from '../refunds/request.ts';
import type { Json } from '../wire/fields.ts';
import { matching, textOf } from '../wire/fields.ts';
import { Failure, Malformed } from './errors.ts';
import type { Asked, Desk } from './operation.ts';
import {
  amountRule,
  check,
  common,
  comparable,
  outTradeNoRule,
  type Shape,
  text,
} from './request.ts';
import { refundFields, refundQueryFields } from './wire.ts';

const naming = { transaction_id: textOf(1, 32), out_trade_no: outTradeNoRule };

/** Source: Cloud.CloudPay.refund. It asks for a function; refunds are known to work without one. */
const refunding: Shape = {
  required: {
    ...common,
    out_refund_no: matching(/^[0-9A-Za-z_\-|*@]{1,64}$/, '1-64位，只能是数字、大小写字母_-|*@'),
    total_fee: amountRule,
    refund_fee: amountRule,
  },
  optional: {
    ...naming,
    function_name: textOf(1, 60),
    env_id: textOf(1, 64),
    sub_appid: textOf(1, 32),
    refund_fee_type: matching(/^CNY$/, '只支持CNY'),
    refund_desc: textOf(1, 80),
    refund_account: matching(/^REFUND_SOURCE_(UNSETTLED|RECHARGE)_FUNDS$/, '不是合法的枚举值'),
  },
};

/** 申请退款: SUCCESS says that it was accepted, not that the money is back. */
export function refund({ book }: Desk, { mchid, request, apiName }: Asked): Json {
  check(apiName, request, refunding);
  const parameters = comparable(request);
  const [functionName, envId] = [text(request, 'function_name'), text(request, 'env_id')];
  const cloudPay = {
    ...(functionName === undefined ? {} : { functionName }),
    ...(envId === undefined ? {} : { envId }),
  };
  const asking = { mchid, origin: 'api', signer: 'publicKey', parameters, cloudPay } as const;
  return refundFields(book.accept(asking, wishIn(request)));
}

function wishIn(request: Json): RefundRequest {
  const transactionId = text(request, 'transaction_id');
  const outTradeNo = text(request, 'out_trade_no');
  const reason = text(request, 'refund_desc');
  if (transactionId === undefined && outTradeNo === undefined)
    throw new Malformed('transaction_id和out_trade_no须填其一');
  const available = request.refund_account === 'REFUND_SOURCE_RECHARGE_FUNDS';
  return {
    outRefundNo: String(request.out_refund_no),
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(outTradeNo === undefined ? {} : { outTradeNo }),
    ...(reason === undefined ? {} : { reason }),
    fundsAccount: available ? 'AVAILABLE' : 'UNSETTLED',
    refund: Number(request.refund_fee),
    total: Number(request.total_fee),
  };
}

/** Any one of four numbers names refunds; the first of these that is given counts, as in APIv2. */
const queried: Shape = {
  required: common,
  optional: {
    ...naming,
    refund_id: textOf(1, 32),
    out_refund_no: textOf(1, 64),
    sub_appid: textOf(1, 32),
  },
};

/** 查询退款: says how many there are, and leaves what they are empty, as the real one does. */
export function queryRefund(desk: Desk, { mchid, request, apiName }: Asked): Json {
  check(apiName, request, queried);
  const found = named(desk, mchid, request).filter((one) => through('cloudPay', one));
  const [first] = found;
  const order = first && desk.ledger.find(mchid, first.outTradeNo);
  if (!order) throw new Failure('REFUNDNOTEXIST', '退款订单查询失败');
  return refundQueryFields(order, found.length);
}

function named({ refunds, ledger }: Desk, mchid: string, request: Json): LedgerRefund[] {
  const refundId = text(request, 'refund_id');
  if (refundId !== undefined) return only(refunds.findId(mchid, refundId));
  const outRefundNo = text(request, 'out_refund_no');
  if (outRefundNo !== undefined) return only(refunds.find(mchid, outRefundNo));
  const transactionId = text(request, 'transaction_id');
  const outTradeNo = text(request, 'out_trade_no');
  if (transactionId === undefined && outTradeNo === undefined)
    throw new Malformed('transaction_id、out_trade_no、out_refund_no、refund_id须填其一');
  const order: LedgerOrder | undefined =
    transactionId === undefined
      ? ledger.find(mchid, outTradeNo ?? '')
      : ledger.findTransaction(mchid, transactionId);
  return order ? refunds.ofOrder(mchid, order.outTradeNo) : [];
}

function only(found: LedgerRefund | undefined): LedgerRefund[] {
  return found ? [found] : [];
}
