import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order, Payment } from '../../domain/order/order.ts';
import type { Bill, BillQuery, Gateway, Numbered } from '../../ports/gateway.ts';
import { failure, malformedAnswer } from '../failure.ts';
import { hasCode, understand } from '../understand.ts';
import { type CloudPay, call, isBytes, read, send, succeeded } from './call.ts';
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
export function createCloudPay(link: CloudPay): Gateway {
  const { envId, randomBytes } = link;
  return {
    freeze: (terms) =>
      orderBody(terms, { envId, nonce: nonceOf(link), secret: drawSecret(randomBytes) }),
    unifiedOrder: (order, timeoutMs) => unifiedOrder(link, order, timeoutMs),
    queryOrder: (order, timeoutMs) => queryOrder(link, order, timeoutMs),
    queryByTransactionId: (id, timeoutMs) => queryByTransactionId(link, id, timeoutMs),
    closeOrder: (order, timeoutMs) => closeOrder(link, order, timeoutMs),
    freezeRefund: (order, wish) => refundBody(order, wish, { envId, nonce: nonceOf(link) }),
    refund: (order, wish, timeoutMs) => refund(link, order, wish, timeoutMs),
    queryRefund: (order, no, timeoutMs) => queryRefund(link, order, no, nonceOf(link), timeoutMs),
    mendRefund: async () => {
      throw failure('CLOUDPAY_NO_REMEDY', 'never');
    },
    downloadBill: (query, bytesMax, timeoutMs) => downloadBill(link, query, bytesMax, timeoutMs),
  };
}

function nonceOf({ randomBytes }: CloudPay): string {
  return Buffer.from(randomBytes(16)).toString('hex');
}

async function unifiedOrder(link: CloudPay, order: Order, timeoutMs: number): Promise<Payment> {
  const asked = { apiName: 'unifiedOrder', operation: 'order', timeoutMs } as const;
  const answer = await call(link, { ...asked, body: order.request });
  const payment = understand(() => readPayment(answer));
  if (payment.appId !== order.appid) throw malformedAnswer('payment.appId');
  return payment;
}

async function queryOrder(link: CloudPay, order: Numbered, timeoutMs: number): Promise<Evidence> {
  const { outTradeNo } = order;
  const asked = { apiName: 'queryOrder', operation: 'query', timeoutMs } as const;
  try {
    const answer = await call(link, { ...asked, body: numberBody(order, nonceOf(link)) });
    const evidence = understand(() => readOrder(answer));
    if (evidence.outTradeNo !== outTradeNo) throw malformedAnswer('out_trade_no');
    // Money for another merchant is a matter for `conclude`; but no word of another's order may close ours.
    if (evidence.is !== 'paid' && understand(() => answer.word('sub_mch_id')) !== order.mchid)
      throw malformedAnswer('sub_mch_id');
    return evidence;
  } catch (error) {
    if (!hasCode(error, 'ORDER_NOT_EXIST')) throw error;
    return { is: 'missing', via: 'query', outTradeNo, word: 'ORDER_NOT_EXIST' };
  }
}

async function queryByTransactionId(
  link: CloudPay,
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

async function closeOrder(link: CloudPay, order: Order, timeoutMs: number): Promise<void> {
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
  link: CloudPay,
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
      ? { is: 'too_large' }
      : { is: 'bill', csv: Buffer.from(answer) };
  }
  succeeded(read(answer, asked), asked);
  throw malformedAnswer('bill');
}
