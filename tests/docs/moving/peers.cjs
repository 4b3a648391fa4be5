// What merchants move from, as far as it cannot be had here: over the real wechatpay-node-v3, at the local cloud's address.
const WxPay = require('wechatpay-node-v3');
const { PayRequest } = require('wechatpay-node-v3/dist/lib/pay-request');

const WECHAT_PAY = 'https://api.mch.weixin.qq.com';

/** The SDK's own service of requests, at another address: `createHttp` is its way in. */
function serviceAt(url) {
  const own = new PayRequest();
  const at = (address) => address.replace(WECHAT_PAY, url);
  return {
    get: (address, headers) => own.get(at(address), headers),
    post: (address, body, headers) => own.post(at(address), body, headers),
    upload: (address, body, headers) => own.upload(at(address), body, headers),
  };
}

/** Makes the SDK of a merchant, as its manual has it. */
function sdkOf(env) {
  const body = env.WXPAY_PRIVATE_KEY.replace(/.{64}/g, '$&\n');
  const pay = new WxPay({
    appid: env.WXPAY_APPID,
    mchid: env.WXPAY_MCHID,
    serial_no: env.WXPAY_SERIAL_NO,
    publicKey: Buffer.from('-'),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
    key: env.WXPAY_API_V3_KEY,
  });
  pay.createHttp(serviceAt(env.WXPAY_API_URL));
  return pay;
}

/** The calls behind the words that the template's module and pay-common's routes share. */
const callsOf = (pay, notifyUrl) => ({
  wxpay_order: (data) => pay.transactions_jsapi({ notify_url: notifyUrl, ...data }),
  wxpay_query_order_by_out_trade_no: (data) => pay.query(data),
  wxpay_query_order_by_transaction_id: (data) => pay.query(data),
  wxpay_close_order: ({ out_trade_no }) => pay.close(out_trade_no),
  wxpay_refund: (data) => pay.refunds(data),
  wxpay_refund_query: ({ out_refund_no }) => pay.find_refunds(out_refund_no),
});

/** The template's `cloudbase_module`: the platform's own and closed, here by what its pages show of it. */
async function cloudbaseModule({ name, data }) {
  const call = callsOf(sdkOf(process.env), process.env.OLD_NOTIFY_URL)[name];
  const { data: answer } = await call(data);
  return { code: 0, data: { ...answer, packageVal: answer?.package } };
}

/** A route of `pay-common`: whatever the SDK answers is `code: 0`. */
async function payCommon({ path, data }) {
  const call = callsOf(sdkOf(process.env), process.env.OLD_NOTIFY_URL)[
    path.replace('/wx-pay/', '')
  ];
  return { code: 0, msg: 'success', data: await call(data) };
}

module.exports = { sdkOf, cloudbaseModule, payCommon };
