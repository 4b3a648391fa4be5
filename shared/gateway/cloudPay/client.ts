import { promisify } from 'node:util';
import { PREPAY_FRESH_MS } from '../../domain/limits.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order, PaymentParams, Prepay } from '../../domain/order/order.ts';
import type { Bill, BillQuery, Gateway, OrderIds } from '../../ports/gateway.ts';
import { failure, malformedAnswer } from '../failure.ts';
import { hasCode, readOrMalformed } from '../understand.ts';
import { about } from '../watch.ts';
import { queryRefund, refund } from './refunds.ts';
import {
  type CloudPayOptions,
  callApi,
  isBytes,
  nonceOf,
  readPlatformAnswer,
  readSuccess,
  send,
} from './request.ts';
import { drawSecret } from './secret.ts';
import {
  billBody,
  numberBody,
  orderBody,
  readOrder,
  readPayment,
  transactionBody,
} from './wire/order.ts';
import { refundBody } from './wire/refund.ts';

/**
 * Makes the private link of the CloudBase platform (云支付): no certificate, no signature, the fields of
 * APIv2 as JSON. Every call needs the platform's token and is refused as `CLOUDPAY_TOKEN_MISSING` without.
 */
export function createCloudPay(options: CloudPayOptions): Gateway {
  const { envId, randomBytes } = options;
  return {
    freezeOrder: (terms) =>
      orderBody(terms, { envId, nonce: nonceOf(options), secret: drawSecret(randomBytes) }),
    requestPrepay: requestPrepay.bind(undefined, options),
    paymentOf: (_order, prepay) => signedByPlatform(prepay),
    prepayFreshMs: () => PREPAY_FRESH_MS,
    queryOrder: queryOrder.bind(undefined, options),
    queryByTransactionId: queryByTransactionId.bind(undefined, options),
    closeOrder: closeOrder.bind(undefined, options),
    freezeRefund: (order, request) =>
      refundBody(order, request, { envId, nonce: nonceOf(options) }),
    // Not bound: whoever has no refunds has no such functions, and finds that out when it calls one.
    refund: (...given) => refund(options, ...given),
    queryRefund: (...given) => queryRefund(options, ...given),
    applyAbnormalRefund: async () => {
      throw failure('CLOUDPAY_NO_ABNORMAL_REFUND', 'never');
    },
    downloadBill: downloadBill.bind(undefined, options),
  };
}

async function requestPrepay(
  options: CloudPayOptions,
  order: Order,
  timeoutMs: number,
): Promise<Prepay> {
  const call = { apiName: 'unifiedOrder', operation: 'order', timeoutMs } as const;
  const answer = await callApi(about(options, order), { ...call, body: order.request });
  const payment = readOrMalformed(() => readPayment(answer));
  if (payment.appId !== order.appid) throw malformedAnswer('payment.appId');
  return { payment };
}

/** Hands out what the platform signed; an order of this link has nothing else. */
function signedByPlatform(prepay: Prepay): PaymentParams {
  if ('payment' in prepay) return prepay.payment;
  throw malformedAnswer('payment');
}

async function queryOrder(
  options: CloudPayOptions,
  order: OrderIds,
  timeoutMs: number,
): Promise<Evidence> {
  const { outTradeNo } = order;
  const call = { apiName: 'queryOrder', operation: 'query', timeoutMs } as const;
  try {
    const body = numberBody(order, nonceOf(options));
    const answer = await callApi(about(options, order), { ...call, body });
    const evidence = readOrMalformed(() => readOrder(answer));
    if (evidence.outTradeNo !== outTradeNo) throw malformedAnswer('out_trade_no');
    // Money for another merchant is a matter for `conclude`; but no state of another's order may close ours.
    if (
      evidence.kind !== 'paid' &&
      readOrMalformed(() => answer.word('sub_mch_id')) !== order.mchid
    )
      throw malformedAnswer('sub_mch_id');
    return evidence;
  } catch (error) {
    if (!hasCode(error, 'ORDER_NOT_EXIST')) throw error;
    return { kind: 'not_found', via: 'query', outTradeNo, code: 'ORDER_NOT_EXIST' };
  }
}

async function queryByTransactionId(
  options: CloudPayOptions,
  id: string,
  timeoutMs: number,
): Promise<Evidence> {
  const body = transactionBody(id, options.mchid, nonceOf(options));
  const call = { apiName: 'queryOrder', operation: 'query', body, timeoutMs } as const;
  const answer = await callApi(options, call);
  if (readOrMalformed(() => answer.word('transaction_id')) !== id) {
    throw malformedAnswer('transaction_id');
  }
  return readOrMalformed(() => readOrder(answer));
}

async function closeOrder(
  options: CloudPayOptions,
  order: Order,
  timeoutMs: number,
): Promise<void> {
  const body = numberBody(order, nonceOf(options));
  try {
    const call = { apiName: 'closeOrder', operation: 'close', body, timeoutMs } as const;
    await callApi(about(options, order), call);
  } catch (error) {
    // Closed before: by us in a call whose answer was lost, or by WeChat.
    if (!hasCode(error, 'ORDER_CLOSED')) throw error;
  }
}

/** The beginning of a bill; WeChat prints a byte order mark before it. */
const BILL = /^\uFEFF?交易时间/;

/** Downloads a bill, which comes as text, a refusal as JSON; for want of a hash its beginning is checked. */
async function downloadBill(
  options: CloudPayOptions,
  query: BillQuery,
  bytesMax: number,
  timeoutMs: number,
): Promise<Bill> {
  if (query.billType === 'FUNDFLOW') throw failure('CLOUDPAY_NO_FUNDFLOW', 'never');
  const body = billBody(query, options.mchid, nonceOf(options));
  const call = { apiName: 'downloadBill', operation: 'bill', body, timeoutMs } as const;
  const answer = await send(options, call);
  if (isBytes(answer) && BILL.test(Buffer.from(answer.subarray(0, 32)).toString())) {
    if (answer.length > bytesMax) return { kind: 'too_large' };
    const csv = Buffer.from(answer);
    return query.tarType === 'GZIP' ? compressed(csv) : { kind: 'bill', csv };
  }
  readSuccess(readPlatformAnswer(answer, call), call);
  throw malformedAnswer('bill');
}

/** Compresses a bill here: what the platform hands on of a compressed one is documented nowhere. */
async function compressed(csv: Buffer): Promise<Bill> {
  // Loaded here, since every function with this link has this file, and few download bills.
  const { gzip } = await import('node:zlib');
  return { kind: 'gzip', file: await promisify<Buffer, Buffer>(gzip)(csv) };
}
