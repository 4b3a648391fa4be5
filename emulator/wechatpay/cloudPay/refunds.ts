import { onLink } from '../orders/ledger.ts';
import type { Requester } from '../refunds/acceptRefund.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import { outRefundNoRule, type RefundRequest } from '../refunds/request.ts';
import { type Json, matching, textOf } from '../wire/fields.ts';
import { BusinessRefusalError, MalformedRequestError } from './errors.ts';
import { namesOrder, orderNamed } from './existingOrder.ts';
import {
  amountRule,
  COMMON_RULES,
  check,
  comparable,
  type MethodDeps,
  type MethodRequest,
  ORDER_NUMBER_RULES,
  type Shape,
  text,
} from './request.ts';
import { refundFields, refundQueryFields } from './wire.ts';

/** Source: Cloud.CloudPay.refund. It asks for a function; refunds are known to work without one. */
const REFUND_SHAPE: Shape = {
  required: {
    ...COMMON_RULES,
    out_refund_no: outRefundNoRule,
    total_fee: amountRule,
    refund_fee: amountRule,
  },
  optional: {
    ...ORDER_NUMBER_RULES,
    function_name: textOf(1, 60),
    env_id: textOf(1, 64),
    sub_appid: textOf(1, 32),
    refund_fee_type: matching(/^CNY$/, '只支持CNY'),
    refund_desc: textOf(1, 80),
    refund_account: matching(/^REFUND_SOURCE_(UNSETTLED|RECHARGE)_FUNDS$/, '不是合法的枚举值'),
  },
};

/** Any one of four numbers names refunds; the first of these that is given counts, as in APIv2. */
const QUERY_SHAPE: Shape = {
  required: COMMON_RULES,
  optional: {
    ...ORDER_NUMBER_RULES,
    refund_id: textOf(1, 32),
    out_refund_no: textOf(1, 64),
    sub_appid: textOf(1, 32),
  },
};

/** Accepts a refund (申请退款): SUCCESS means that it was accepted, not that the money is back. */
export function refund({ lifecycle }: MethodDeps, request: MethodRequest): Json {
  check(request, REFUND_SHAPE);
  const { mchid, json } = request;
  const functionName = text(json, 'function_name');
  const envId = text(json, 'env_id');
  const requester: Requester = {
    mchid,
    origin: 'api',
    signer: 'publicKey',
    parameters: comparable(json),
    cloudPay: {
      ...(functionName === undefined ? {} : { functionName }),
      ...(envId === undefined ? {} : { envId }),
    },
  };
  return refundFields(lifecycle.accept(requester, readRefundRequest(json)));
}

function readRefundRequest(json: Json): RefundRequest {
  const transactionId = text(json, 'transaction_id');
  const outTradeNo = text(json, 'out_trade_no');
  const reason = text(json, 'refund_desc');
  if (!namesOrder(json)) throw new MalformedRequestError('transaction_id和out_trade_no须填其一');
  const isFromBalance = json.refund_account === 'REFUND_SOURCE_RECHARGE_FUNDS';
  return {
    outRefundNo: String(json.out_refund_no),
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(outTradeNo === undefined ? {} : { outTradeNo }),
    ...(reason === undefined ? {} : { reason }),
    fundsAccount: isFromBalance ? 'AVAILABLE' : 'UNSETTLED',
    refund: Number(json.refund_fee),
    total: Number(json.total_fee),
  };
}

/**
 * Answers how many refunds there are (查询退款), and leaves what they are empty, as the real one does.
 */
export function queryRefund(deps: MethodDeps, request: MethodRequest): Json {
  check(request, QUERY_SHAPE);
  const { mchid, json } = request;
  const found = refundsNamed(deps, mchid, json).filter((each) => onLink('cloudPay', each));
  const [first] = found;
  const order = first && deps.orders.find(mchid, first.outTradeNo);
  if (!order) throw new BusinessRefusalError('REFUNDNOTEXIST', '退款订单查询失败');
  return refundQueryFields(order, found.length);
}

function refundsNamed({ refunds, orders }: MethodDeps, mchid: string, json: Json): LedgerRefund[] {
  const refundId = text(json, 'refund_id');
  if (refundId !== undefined) return listOf(refunds.findId(mchid, refundId));
  const outRefundNo = text(json, 'out_refund_no');
  if (outRefundNo !== undefined) return listOf(refunds.find(mchid, outRefundNo));
  if (!namesOrder(json)) {
    const message = 'transaction_id、out_trade_no、out_refund_no、refund_id须填其一';
    throw new MalformedRequestError(message);
  }
  const order = orderNamed(orders, mchid, json);
  return order ? refunds.ofOrder(mchid, order.outTradeNo) : [];
}

function listOf(found: LedgerRefund | undefined): LedgerRefund[] {
  return found ? [found] : [];
}
