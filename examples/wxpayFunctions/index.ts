/**
 * wxpayFunctions of the WeDa template (微搭「小程序微信支付」模板), on this project: it takes the same `type` words and
 * answers the same fields, so that pages stay as they are. Copy the folder to `functions/`; the guide,
 * docs/zh/migrate-wxpayfunctions.md, has the lines of `serverless.yml`. The same words are the routes of pay-common.
 */
import cloudbase from '@cloudbase/node-sdk';
import { openidOf } from '../../shared/contract/callers.ts';
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import { attemptOf } from '../../shared/domain/order/purchase.ts';
import { dropIdleConnections } from '../../shared/runtime/idleConnections.ts';
import { callerOf } from '../../shared/runtime/invocation/caller.ts';
import { type ScfContext, variablesOf } from '../../shared/runtime/invocation/invocation.ts';

const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
const products = app.database().collection('products');
const admins = (process.env.WXPAY_ADMIN_OPENIDS ?? '').split(',').map((openid) => openid.trim());

type Fields = Record<string, unknown>;
/** An answer of the payment functions. */
type Answer = Fields & { errCode: unknown; errMsg?: string; advice?: string };

/** A no, in the words that the page gets. */
class RefusalError extends Error {
  readonly errCode: string;
  readonly advice: string | undefined;
  constructor(errCode: string, message: string, advice?: string) {
    super(message);
    this.errCode = errCode;
    this.advice = advice;
  }
}

/**
 * 价格（改成你自己的）: what a request costs, by the price book in `products`, in fen. No price of the page's counts;
 * where it names one, it is what the payer was shown.
 */
async function priceOf({
  product_id: id,
  amount,
}: Fields): Promise<{ body: string; totalFee: number }> {
  const _id = typeof id === 'string' ? id : '';
  const found = await products.where({ _id, onSale: true }).get();
  const [product] = found.data as { name: string; price: number }[];
  if (!product) throw new RefusalError('NOT_ON_SALE', '该商品不存在或已下架');
  const shown = Object(amount).total;
  if (shown === undefined || shown === product.price) {
    return { body: product.name, totalFee: product.price };
  }
  throw new RefusalError('PRICE_CHANGED', '价格已变，请刷新');
}

/** Pages of the template send numbers of orders as numbers too. */
const textOf = (value: unknown) => (Number.isSafeInteger(value) ? String(value) : value);

/** Numbers of purchases are the server's own: no page may take one. */
function numberOf({ out_trade_no: number }: Fields): unknown {
  const text = textOf(number);
  if (typeof text !== 'string' || attemptOf(text) === undefined) return text;
  throw new RefusalError('PARAM_ERROR', 'out_trade_no 是采购的单号 (the number of a purchase)');
}

/** Calls a payment function, signed: it is this function that says who pays. */
async function ask(name: string, input: Fields): Promise<Answer> {
  const { TCB_ENV: envId = '', WXPAY_APPID: appid = '', WXPAY_SERVICE_KEY: key = '' } = process.env;
  const data = signServiceCall({ name, envId, appid }, input, key, Date.now());
  const { result } = await app.callFunction({ name, data });
  const answer = result as Answer;
  if (answer.errCode === 0) return answer;
  throw new RefusalError(String(answer.errCode), answer.errMsg ?? '', answer.advice);
}

/** Who calls, as the platform says. */
interface By {
  openid: string;
  isAdmin: boolean;
}
/** Takes the fields of WeChat Pay's APIv3, as pages send them. */
type Act = (data: Fields, by: By) => Promise<Fields>;

const acts: Readonly<Record<string, Act>> = {
  wxpay_order: async (data, { openid }) => {
    const price = await priceOf(data);
    const order = await ask('unifiedOrder', {
      ...price,
      outTradeNo: numberOf(data),
      attach: data.attach,
      openid,
    });
    const { payment, prepayId } = order;
    return { ...(payment as Fields), prepay_id: prepayId, out_trade_no: order.outTradeNo };
  },
  wxpay_query_order_by_out_trade_no: async (data, { openid }) =>
    orderOf(await ask('queryOrder', { outTradeNo: textOf(data.out_trade_no), openid }), openid),
  wxpay_query_order_by_transaction_id: async (data, { openid }) =>
    orderOf(await ask('queryOrder', { transactionId: data.transaction_id, openid }), openid),
  wxpay_close_order: async (data, { openid }) => {
    const { outTradeNo } = await ask('closeOrder', {
      outTradeNo: textOf(data.out_trade_no),
      openid,
    });
    return { out_trade_no: outTradeNo };
  },
  wxpay_refund: async (data, { isAdmin }) => {
    if (!isAdmin)
      throw new RefusalError('CALLER_REFUSED', '只有管理员可以退款（WXPAY_ADMIN_OPENIDS）');
    const { total: totalFee, refund: refundFee } = Object(data.amount);
    const numbers = { outTradeNo: textOf(data.out_trade_no), transactionId: data.transaction_id };
    const asked = {
      outRefundNo: textOf(data.out_refund_no),
      refundDesc: data.reason,
      totalFee,
      refundFee,
    };
    const refund = await ask('refund', { ...numbers, ...asked });
    return refundOf(refund, refund);
  },
  wxpay_refund_query: async (data, { openid, isAdmin }) => {
    const payer = isAdmin ? {} : { openid };
    const found = await ask('queryRefund', { outRefundNo: textOf(data.out_refund_no), ...payer });
    const [refund = {}] = found.refunds as Fields[];
    return refundOf(found, refund);
  },
};

/** `yyyyMMddHHmmss` in Beijing, as APIv3 writes it. */
const timeOf = (digits: unknown) =>
  typeof digits === 'string'
    ? digits.replace(/^(\d{4})(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6+08:00')
    : undefined;

function orderOf(order: Answer, openid: string): Fields {
  return {
    appid: order.appid,
    mchid: order.mchId,
    out_trade_no: order.outTradeNo,
    transaction_id: order.transactionId,
    trade_type: order.tradeType,
    trade_state: order.tradeState,
    success_time: timeOf(order.timeEnd),
    attach: order.attach,
    payer: { openid },
    amount: { total: order.totalFee, currency: 'CNY' },
  };
}

function refundOf({ outTradeNo, totalFee, ...order }: Answer, refund: Fields): Fields {
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId ?? order.transactionId,
    out_trade_no: outTradeNo,
    status: refund.refundStatus,
    success_time: timeOf(refund.successTime),
    amount: { total: totalFee, refund: refund.refundFee, currency: 'CNY' },
  };
}

/** Answers `{code: 0, data}`, or a failure whose `code` is not 0. */
export const main = async (event: unknown, context: ScfContext): Promise<Fields> => {
  dropIdleConnections();
  try {
    const { type, ...data } = Object(event) as Fields;
    const act = Object.hasOwn(acts, String(type)) ? acts[String(type)] : undefined;
    if (!act) throw new RefusalError('TYPE_UNKNOWN', `没有 type ${String(type)}`);
    const caller = callerOf(variablesOf(context), admins);
    const openid = openidOf(caller);
    if (openid === undefined)
      throw new RefusalError('CALLER_REFUSED', '没有付款人：须由小程序端调用');
    return {
      code: 0,
      msg: 'success',
      data: await act(data, { openid, isAdmin: caller.kind === 'admin' }),
    };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { errCode, message: msg, advice } = error;
    return { code: -1, msg, errCode, advice };
  }
};
