import type { Callback } from '../../emulator/wechatpay/cloudPay/callback.ts';
import type { WeChatPayOptions } from '../../emulator/wechatpay/wechatpay.ts';
import { openWeChat, type WeChatUnderTest } from './wechat.ts';

/** An answer of CloudPay, in APIv2's fields, or as text where it is no JSON. */
export type CloudPayFields = Record<string, unknown> & { text?: string; bytes?: Buffer };

/** A simulated WeChat Pay, asked through CloudPay. */
export interface CloudPayUnderTest extends WeChatUnderTest {
  /** Functions that were called, in order. */
  called: Callback[];
  /** The results of the next calls; `{errcode: 0}` when there is none. */
  returns: unknown[];
  /** Asks a method; `openid` is the caller's. */
  pay(apiName: string, request: unknown, openid?: string | undefined): Promise<CloudPayFields>;
  /** Places an order with these changes; answers the prepay id. */
  order(change?: object): Promise<string>;
  /** Places and pays one; answers WeChat's number of it. */
  paid(change?: object): Promise<string>;
}

const merchant = { sub_mch_id: '1900000109', nonce_str: 'n0nce' };

/** A good order's request, as wx-server-sdk puts it on the wire. */
export const goodCloudOrder = {
  ...merchant,
  body: '咖啡',
  out_trade_no: 'CLOUD00001',
  total_fee: 1990,
  spbill_create_ip: '127.0.0.1',
  trade_type: 'JSAPI',
  env_id: 'env-1',
  function_name: 'payCallback',
};
/** The same order's number, as queries and closes name it. */
export const named = { ...merchant, out_trade_no: 'CLOUD00001' };
/** A good refund of it. */
export const goodCloudRefund = {
  ...named,
  out_refund_no: 'REFUND0001',
  total_fee: 1990,
  refund_fee: 990,
  function_name: 'refundCallback',
  env_id: 'env-1',
};

/**
 * Opens a simulated WeChat Pay behind CloudPay; a function that is called returns what `returns`
 * holds next, `'error'` included.
 */
export function openCloudPay(
  file = ':memory:',
  options: Partial<WeChatPayOptions> = {},
): CloudPayUnderTest {
  const called: Callback[] = [];
  const returns: unknown[] = [];
  const under = openWeChat(
    {
      callFunction: async (callback) => {
        called.push(callback);
        const next = returns.length > 0 ? returns.shift() : { errcode: 0 };
        return next === 'error' || next === 'unreachable' ? next : { result: next };
      },
      ...options,
    },
    file,
  );
  const pay: CloudPayUnderTest['pay'] = async (apiName, request, openid = 'oPayer') => {
    const requestData = typeof request === 'string' ? request : JSON.stringify(request);
    const answer = await under.wechat.cloudPay({ apiName, requestData, openid });
    if (answer.kind === 'refused') {
      const { code, message } = answer;
      return { platform: { code, message } };
    }
    const text = answer.bytes.toString('utf8');
    return text.startsWith('{') ? JSON.parse(text) : { text, bytes: answer.bytes };
  };
  const order = async (change: object = {}) =>
    String((await pay('unifiedOrder', { ...goodCloudOrder, ...change })).prepay_id);
  const paid = async (change: object = {}) => {
    under.wechat.cashier(await order(change), 'pay');
    const { out_trade_no: no } = { ...goodCloudOrder, ...change };
    return String(under.wechat.truth(no)?.transaction_id);
  };
  return { ...under, called, returns, pay, order, paid };
}
