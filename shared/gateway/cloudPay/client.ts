import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order, PaymentParams } from '../../domain/order/order.ts';
import type { Bill, BillQuery, Gateway, OrderIds } from '../../ports/gateway.ts';
import { failure, malformedAnswer } from '../failure.ts';
import { hasCode, understand } from '../understand.ts';
import { type CloudPayOptions, call, isBytes, read, send, succeeded } from './call.ts';
import { queryRefund, refund } from './refunds.ts';
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
 * Makes the private link of the CloudBase platform (云支付): no certificate, no signature, the words of
 * APIv2 as JSON. Every call needs the platform's token and is refused as `CLOUDPAY_TOKEN_MISSING` without.
 */
export function createCloudPay(link: CloudPayOptions): Gateway {
  const { envId, randomBytes } = link;
  return {
    freezeOrder: (terms) =>
      orderBody(terms, { envId, nonce: nonceOf(link), secret: drawSecret(randomBytes) }),
    requestPrepay: (order, timeoutMs) => unifiedOrder(link, order, timeoutMs),
    queryOrder: (order, timeoutMs) => queryOrder(link, order, timeoutMs),
    queryByTransactionId: (id, timeoutMs) => queryByTransactionId(link, id, timeoutMs),
    closeOrder: (order, timeoutMs) => closeOrder(link, order, timeoutMs),
    freezeRefund: (order, wish) => refundBody(order, wish, { envId, nonce: nonceOf(link) }),
    refund: (order, wish, timeoutMs) => refund(link, order, wish, timeoutMs),
    queryRefund: (order, no, timeoutMs) => queryRefund(link, order, no, nonceOf(link), timeoutMs),
    applyAbnormalRefund: async () => {
      throw failure('CLOUDPAY_NO_ABNORMAL_REFUND', 'never');
    },
    downloadBill: (query, bytesMax, timeoutMs) => downloadBill(link, query, bytesMax, timeoutMs),
  };
}

function nonceOf({ randomBytes }: CloudPayOptions): string {
  return Buffer.from(randomBytes(16)).toString('hex');
}

async function unifiedOrder(
  link: CloudPayOptions,
  order: Order,
  timeoutMs: number,
): Promise<PaymentParams> {
  const asked = { apiName: 'unifiedOrder', operation: 'order', timeoutMs } as const;
  const answer = await call(link, { ...asked, body: order.request });
  const payment = understand(() => readPayment(answer));
  if (payment.appId !== order.appid) throw malformedAnswer('payment.appId');
  return payment;
}

async function queryOrder(
  link: CloudPayOptions,
  order: OrderIds,
  timeoutMs: number,
): Promise<Evidence> {
  const { outTradeNo } = order;
  const asked = { apiName: 'queryOrder', operation: 'query', timeoutMs } as const;
  try {
    const answer = await call(link, { ...asked, body: numberBody(order, nonceOf(link)) });
    const evidence = understand(() => readOrder(answer));
    if (evidence.outTradeNo !== outTradeNo) throw malformedAnswer('out_trade_no');
    // Money for another merchant is a matter for `conclude`; but no word of another's order may close ours.
    if (evidence.kind !== 'paid' && understand(() => answer.word('sub_mch_id')) !== order.mchid)
      throw malformedAnswer('sub_mch_id');
    return evidence;
  } catch (error) {
    if (!hasCode(error, 'ORDER_NOT_EXIST')) throw error;
    return { kind: 'not_found', via: 'query', outTradeNo, code: 'ORDER_NOT_EXIST' };
  }
}

async function queryByTransactionId(
  link: CloudPayOptions,
  id: string,
  timeoutMs: number,
): Promise<Evidence> {
  const body = transactionBody(id, link.mchid, nonceOf(link));
  const asked = { apiName: 'queryOrder', operation: 'query', body, timeoutMs } as const;
  const answer = await call(link, asked);
  if (understand(() => answer.word('transaction_id')) !== id) {
    throw malformedAnswer('transaction_id');
  }
  return understand(() => readOrder(answer));
}

async function closeOrder(link: CloudPayOptions, order: Order, timeoutMs: number): Promise<void> {
  const body = numberBody(order, nonceOf(link));
  try {
    await call(link, { apiName: 'closeOrder', operation: 'close', body, timeoutMs });
  } catch (error) {
    // Closed before: by us in a call whose answer was lost, or by WeChat.
    if (!hasCode(error, 'ORDER_CLOSED')) throw error;
  }
}

/** A bill's first words; WeChat prints a byte order mark before them. */
const BILL = /^\uFEFF?交易时间/;

/** The bill comes as text, a refusal as JSON; there is no hash to check, so its first words are. */
async function downloadBill(
  link: CloudPayOptions,
  query: BillQuery,
  bytesMax: number,
  timeoutMs: number,
): Promise<Bill> {
  if (query.billType === 'FUNDFLOW') throw failure('CLOUDPAY_NO_FUNDFLOW', 'never');
  const body = billBody(query, link.mchid, nonceOf(link));
  const asked = { apiName: 'downloadBill', operation: 'bill', body, timeoutMs } as const;
  const answer = await send(link, asked);
  if (isBytes(answer) && BILL.test(Buffer.from(answer.subarray(0, 32)).toString())) {
    return answer.length > bytesMax
      ? { kind: 'too_large' }
      : { kind: 'bill', csv: Buffer.from(answer) };
  }
  succeeded(read(answer, asked), asked);
  throw malformedAnswer('bill');
}
