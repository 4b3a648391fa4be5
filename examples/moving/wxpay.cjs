/**
 * Calls the payment functions from a cloud function of your own, in place of `cloud.cloudPay`: the same methods and
 * fields, signed with WXPAY_SERVICE_KEY. Copy this file beside your `index.js`; it needs wx-server-sdk alone.
 *
 * const { wxpay } = require('./wxpay.cjs');
 * const answer = await wxpay.queryOrder({ outTradeNo, openid: cloud.getWXContext().OPENID });
 */
const { createHmac } = require('node:crypto');
const http = require('node:http');
const https = require('node:https');
const cloud = require('wx-server-sdk');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });

/** Signs one call: it is good for this function, environment and mini program, and for five minutes. */
function sign(name, input) {
  const { ENV: envId, APPID: appid } = cloud.getWXContext();
  const time = Date.now();
  const data = JSON.stringify(input);
  const text = [name, envId, appid, time, data].join('\n');
  const signature = createHmac('sha256', process.env.WXPAY_SERVICE_KEY).update(text).digest('hex');
  return { signed: { envId, appid, time, data, signature } };
}

/** Drops what died while the instance was frozen between two calls: the SDK would send on it, and repeats nothing. */
function dropIdleConnections() {
  for (const { freeSockets } of [http.globalAgent, https.globalAgent]) {
    for (const socket of Object.values(freeSockets).flat()) socket.destroy();
  }
}

const caller = (name) => async (input) => {
  dropIdleConnections();
  const { result } = await cloud.callFunction({ name, data: sign(name, input) });
  return result;
};

exports.wxpay = {
  unifiedOrder: caller('unifiedOrder'),
  queryOrder: caller('queryOrder'),
  closeOrder: caller('closeOrder'),
  refund: caller('refund'),
  queryRefund: caller('queryRefund'),
  downloadBill: caller('downloadBill'),
};
