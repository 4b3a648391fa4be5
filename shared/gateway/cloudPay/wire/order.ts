/**
 * Writes and reads the JSON of cloud pay (云支付, APIv2 in service-provider form) for orders and bills; only
 * this file and refund.ts have its snake_case. Pure.
 * Sources: Cloud.CloudPay and the CloudPay logs.
 */

import { beijingDigits, fromBeijingDigits } from '../../../domain/beijing.ts';
import { TEXT_LIMITS } from '../../../domain/limits.ts';
import type { Fen } from '../../../domain/money.ts';
import { fen } from '../../../domain/money.ts';
import {
  type Evidence,
  meaningOfTradeState,
  type PaidEvidence,
  type Via,
} from '../../../domain/order/evidence.ts';
import type { PaymentParams, Terms } from '../../../domain/order/order.ts';
import { clipToBytes } from '../../../domain/text.ts';
import type { TradeBillQuery } from '../../../ports/gateway.ts';
import { type Fields, Malformed } from '../../read.ts';

/** The environment that WeChat calls back, and what makes a request unlike any other. */
export interface Frozen {
  envId: string;
  nonce: string;
  secret: string;
}

/** Makes the request that places an order. Its bytes are stored: WeChat takes only an equal repeat. */
export function orderBody(terms: Terms, { envId, nonce, secret }: Frozen): string {
  return JSON.stringify({
    body: clipToBytes(terms.body, TEXT_LIMITS.body),
    attach: secret,
    out_trade_no: terms.outTradeNo,
    sub_mch_id: terms.mchid,
    sub_appid: terms.appid,
    sub_openid: terms.openid,
    // A text here is refused with -202.
    total_fee: terms.totalFee,
    fee_type: 'CNY',
    // A function has no address of the payer that it could know for sure; the samples send this one.
    spbill_create_ip: '127.0.0.1',
    trade_type: 'JSAPI',
    time_start: beijingDigits(terms.createdAt),
    time_expire: beijingDigits(terms.expiresAt),
    nonce_str: nonce,
    env_id: envId,
    function_name: 'payCallback',
  });
}

/** Makes the request that queries an order, or closes it. */
export function numberBody(order: { outTradeNo: string; mchid: string }, nonce: string): string {
  return JSON.stringify({
    sub_mch_id: order.mchid,
    out_trade_no: order.outTradeNo,
    nonce_str: nonce,
  });
}

/** Makes the request that queries an order by WeChat's own number. */
export function transactionBody(transactionId: string, mchid: string, nonce: string): string {
  return JSON.stringify({ sub_mch_id: mchid, transaction_id: transactionId, nonce_str: nonce });
}

/** Makes the request for a trade bill, as plain text. */
export function billBody(
  { billDate, billType }: TradeBillQuery,
  mchid: string,
  nonce: string,
): string {
  const date = billDate.replaceAll('-', '');
  return JSON.stringify({
    sub_mch_id: mchid,
    nonce_str: nonce,
    bill_date: date,
    bill_type: billType,
  });
}

/** Reads the answer to an order: the params of `wx.requestPayment`, signed by the platform. */
export function readPayment(answer: Fields): PaymentParams {
  const payment = answer.object('payment');
  const signType = payment.has('sign_type') ? payment.word('sign_type') : 'MD5';
  if (signType !== 'MD5' && signType !== 'RSA') throw new Malformed('payment.sign_type');
  const read: PaymentParams = {
    appId: payment.word('app_id'),
    timeStamp: payment.word('time_stamp'),
    nonceStr: payment.word('nonce_str'),
    package: payment.word('package'),
    signType,
    paySign: payment.word('pay_sign'),
  };
  if (!read.package.startsWith('prepay_id=')) throw new Malformed('payment.package');
  return read;
}

/** Reads the answer to a query of an order. */
export function readOrder(answer: Fields): Evidence {
  const outTradeNo = answer.word('out_trade_no');
  const tradeState = answer.word('trade_state');
  const kind = meaningOfTradeState(tradeState);
  if (kind !== 'paid') return { kind, via: 'query', outTradeNo, code: tradeState };
  return readPaid(answer, 'query', tradeState === 'REFUND' ? 'REFUND' : 'SUCCESS');
}

/** Reads a payment, as queries answer it and callbacks bring it. */
export function readPaid(
  order: Fields,
  via: Via,
  tradeState: PaidEvidence['tradeState'] = 'SUCCESS',
): PaidEvidence {
  // A refunded order may lack what a payment always has: that it was paid is certain all the same.
  const read = <T>(how: (each: Fields) => T): T | undefined =>
    tradeState === 'REFUND' ? order.optional(how) : how(order);
  const totalFee = read((each) => fenIn(each, 'total_fee'));
  const paidAt = read((each) => instantIn(each, 'time_end'));
  return {
    kind: 'paid',
    via,
    outTradeNo: order.word('out_trade_no'),
    tradeState,
    transactionId: order.word('transaction_id'),
    ...(totalFee === undefined ? {} : { totalFee }),
    currency: order.has('fee_type') ? order.word('fee_type') : 'CNY',
    mchid: order.word('sub_mch_id'),
    ...(order.has('sub_appid') ? { appid: order.word('sub_appid') } : {}),
    ...(order.has('sub_openid') ? { openid: order.word('sub_openid') } : {}),
    ...(paidAt ? { paidAt } : {}),
  };
}

/** Reads an amount; v2 has XML beneath, so that digits may come as a text. */
export function fenIn(fields: Fields, name: string): Fen {
  if (!fields.isText(name)) return fields.fen(name);
  const digits = fields.word(name);
  if (!/^\d{1,15}$/.test(digits)) throw new Malformed(name);
  return fen(Number(digits));
}

function instantIn(fields: Fields, name: string): Date {
  const at = fromBeijingDigits(fields.word(name));
  if (!at) throw new Malformed(name);
  return at;
}
