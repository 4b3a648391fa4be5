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

/** Makes the SDK's class, which reaches WeChat Pay at another address. */
const sdkAt = (url) =>
  class extends WxPay {
    constructor(...settings) {
      super(...settings);
      this.createHttp(serviceAt(url));
    }
  };

/** Writes a private key as the SDK wants it. */
function pemOf(base64) {
  const body = base64.replace(/.{64}/g, '$&\n');
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
}

/** The calls behind the words that the template's module and pay-common's routes share. */
function callsOf(env) {
  const Sdk = sdkAt(env.WXPAY_API_URL);
  const pay = new Sdk({
    appid: env.WXPAY_APPID,
    mchid: env.WXPAY_MCHID,
    serial_no: env.WXPAY_SERIAL_NO,
    publicKey: Buffer.from('of no use for what is called here'),
    privateKey: pemOf(env.WXPAY_PRIVATE_KEY),
    key: env.WXPAY_API_V3_KEY,
  });
  return {
    wxpay_order: (data) => pay.transactions_jsapi({ notify_url: env.OLD_NOTIFY_URL, ...data }),
    wxpay_query_order_by_out_trade_no: (data) => pay.query(data),
    wxpay_query_order_by_transaction_id: (data) => pay.query(data),
    wxpay_close_order: ({ out_trade_no }) => pay.close(out_trade_no),
    wxpay_refund: (data) => pay.refunds(data),
    wxpay_refund_query: ({ out_refund_no }) => pay.find_refunds(out_refund_no),
  };
}

/** The template's `cloudbase_module`: the platform's own and closed, here by what its pages show of it. */
async function cloudbaseModule({ name, data }) {
  const { data: answer } = await callsOf(process.env)[name](data);
  return { code: 0, data: { ...answer, packageVal: answer?.package } };
}

/** A route of pay-common as its source has it: whatever the SDK answers is `code: 0`, its payer may be the header's. */
async function payCommon(env, { path, data }, openid) {
  const word = path.replace('/wx-pay/', '');
  const payer = word === 'wxpay_order' ? { payer: data.payer ?? { openid } } : {};
  return { code: 0, msg: 'success', data: await callsOf(env)[word]({ ...data, ...payer }) };
}

module.exports = { sdkAt, pemOf, cloudbaseModule, payCommon };
