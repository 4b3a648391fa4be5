/**
 * Calls the payment functions from a server, over CloudBase's HTTP API. Copy this file into yours: it needs
 * nothing but Node 20.
 */
import { createHmac } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

const ANSWER_MS = 20_000;
/** The waits before a call is repeated; then its failure is the caller's. */
const WAITS_MS = [1000, 4000];

/**
 * A call that came to nothing. `advice` says what may follow: `never` (do not repeat it), `same_request` (repeat
 * it unchanged), `query_first` (nobody knows whether it took effect: query the same number).
 */
export class CallFailed extends Error {
  constructor(code, advice, answer) {
    super(answer.errMsg ?? `${code}: ${answer.message}`);
    Object.assign(this, { code, advice, answer });
  }
}

/** Signs a call of one function; `data` is JSON text, which is signed and sent byte for byte. */
export function sign({ name, envId, appid, time, data, key }) {
  const text = [name, envId, appid, time, data].join('\n');
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return { signed: { envId, appid, time, data, signature } };
}

/** Reads where the functions are and the two keys: of the local cloud where its variables are there. */
export function settingsFrom(env) {
  const { TCB_ENV: envId, WXPAY_APPID: appid, WXPAY_SERVICE_KEY: key } = env;
  const apiKey = env.LOCAL_API_KEY ?? env.CLOUDBASE_APIKEY;
  const needed = {
    TCB_ENV: envId,
    WXPAY_APPID: appid,
    WXPAY_SERVICE_KEY: key,
    CLOUDBASE_APIKEY: apiKey,
  };
  for (const [name, value] of Object.entries(needed)) {
    if (!value) throw new Error(`${name} 未设置 (is not set)`);
  }
  const url = env.LOCAL_URL ?? `https://${envId}.api.tcloudbasegateway.com`;
  return { url, apiKey, envId, appid, key };
}

/**
 * Makes the calls of a merchant's server. Each answers the function's own answer or throws {@link CallFailed}; what
 * may be repeated is repeated twice, under the same number, so that it is one order and one refund all the same.
 */
export function paymentsOf(settings, { now = Date.now, wait = waitMs } = {}) {
  const ask = (name, input) => callOnce({ ...settings, time: now() }, name, input);
  const queryOrder = (order) => insist(() => ask('queryOrder', order), { wait });
  const queryRefund = (refund) => insist(() => ask('queryRefund', refund), { wait });
  return {
    /** 统一下单: `payment` of the answer is what the payer's phone passes to `wx.requestPayment`. */
    placeOrder: (order) => insist(() => ask('unifiedOrder', order), { wait }),
    queryOrder,
    /** 关闭订单: one that is paid meanwhile is refused as ORDERPAID. */
    closeOrder: (order) => insist(() => ask('closeOrder', order), { wait }),
    /** 申请退款: accepted is not yet refunded; the event `refund.success` or a query says that it is. */
    refund: (refund) => {
      const known = () => refundOf(queryRefund({ outRefundNo: refund.outRefundNo }));
      return insist(() => ask('refund', refund), { wait, known });
    },
    queryRefund,
    /**
     * 下载账单: the text of a day's bill as WeChat made it; `billDate` is `yyyyMMdd` in Beijing. By `tarType: 'GZIP'`
     * it travels compressed, so that larger ones can.
     */
    downloadBill: async (bill) => {
      const { data, tarType } = await insist(() => ask('downloadBill', bill), { wait });
      return tarType === 'GZIP' ? gunzipSync(Buffer.from(data, 'base64')).toString() : data;
    },
  };
}

async function callOnce({ url, apiKey, ...place }, name, input) {
  const body = JSON.stringify(sign({ ...place, name, data: JSON.stringify(input) }));
  const { status, answer } = await post(`${url}/v1/functions/${name}`, apiKey, body);
  if (status === 200 && answer.errCode === 0) return answer;
  // The gateway's own refusals have a `code`; below 500 nothing ran, else the function may have done its work.
  const {
    errCode,
    code = `HTTP_${status}`,
    advice = status < 500 ? 'never' : 'query_first',
  } = answer;
  throw new CallFailed(errCode ?? code, advice, answer);
}

async function post(address, apiKey, body) {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, answer: Object(await response.json()) };
  } catch (cause) {
    throw new CallFailed('NO_ANSWER', 'query_first', { message: String(cause.cause ?? cause) });
  }
}

/** Repeats a call while its advice allows it, after asking what is known of it already. */
async function insist(ask, { wait, known }) {
  for (const ms of WAITS_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallFailed) || error.advice === 'never') throw error;
      // It names an hour, which is longer than anybody waits here.
      if (error.answer.retryAt) throw error;
      if (error.advice === 'query_first') {
        const found = await known?.();
        if (found) return found;
      }
      await wait(ms);
    }
  }
  return ask();
}

/** Finds one refund in the form that `refund` answers it; nothing where there is none. */
async function refundOf(query) {
  try {
    const { outTradeNo, totalFee, refunds } = await query;
    return { outTradeNo, totalFee, ...refunds[0] };
  } catch (error) {
    if (error.code === 'REFUND_NOT_EXIST') return undefined;
    throw error;
  }
}

function waitMs(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
