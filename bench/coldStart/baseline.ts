/**
 * The same calls done the usual way: wx-server-sdk, the order written and read through its database,
 * WeChat Pay signed by hand over node:https. No checks, no states: what a template does, and leaner
 * than most (no axios, no payment library).
 */
import { createDecipheriv, createSign, createVerify, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { gunzipSync } from 'node:zlib';
import cloud from 'wx-server-sdk';

const env = process.env as Record<string, string>;
const { WXPAY_MCHID: mchid, WXPAY_APPID: appid, WXPAY_SERIAL_NO: serial } = env;
const der = (text = '') => Buffer.from(text, 'base64');
const privateKey = () =>
  ({ key: der(env.WXPAY_PRIVATE_KEY), format: 'der', type: 'pkcs8' }) as const;
const publicKey = () => ({ key: der(env.WXPAY_PUBLIC_KEY), format: 'der', type: 'spki' }) as const;

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV as unknown as string });
const orders = cloud.database().collection('orders');

/** The part of its answers that is used; its own types offer callbacks beside them. */
type Found<T> = { data: T };

function sign(text: string): string {
  return createSign('RSA-SHA256').update(text).sign(privateKey(), 'base64');
}

function send(method: string, url: string, body = ''): Promise<{ status: number; body: Buffer }> {
  const { pathname, search, protocol } = new URL(url);
  const time = String(Math.floor(Date.now() / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = sign(`${method}\n${pathname}${search}\n${time}\n${nonce}\n${body}\n`);
  const headers = {
    accept: 'application/json',
    'user-agent': 'baseline',
    'content-type': 'application/json',
    'wechatpay-serial': env.WXPAY_PUBLIC_KEY_ID,
    authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",timestamp="${time}",serial_no="${serial}",signature="${signature}"`,
  };
  return new Promise((resolve, reject) => {
    const client = protocol === 'https:' ? https : http;
    const request = client.request(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject).end(body);
  });
}

const api = (path: string) => `${env.WXPAY_API_URL}${path}`;
type Event = Record<string, string | number>;

/** Verifies and opens a notification of a payment or a refund, and writes its state. */
async function takeNotice(event: Event): Promise<unknown> {
  const { headers, body } = event as unknown as { headers: Record<string, string>; body: string };
  const message = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${body}\n`;
  const valid = createVerify('RSA-SHA256')
    .update(message)
    .verify(publicKey(), headers['wechatpay-signature'] ?? '', 'base64');
  if (!valid) return { statusCode: 401, body: '{"code":"FAIL"}' };
  const { resource } = JSON.parse(body);
  const box = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', env.WXPAY_API_V3_KEY ?? '', resource.nonce);
  decipher.setAuthTag(box.subarray(-16)).setAAD(Buffer.from(resource.associated_data));
  const order = JSON.parse(
    Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()]).toString(),
  );
  await orders.doc(order.out_trade_no).get();
  await orders
    .doc(order.out_trade_no)
    .update({ data: { state: order.trade_state ?? order.refund_status } });
  return { statusCode: 200, body: '{"code":"SUCCESS"}' };
}

const handlers: Record<string, (event: Event) => Promise<unknown>> = {
  unifiedOrder: async ({ outTradeNo, body, totalFee }) => {
    const { OPENID: openid } = cloud.getWXContext();
    const _id = String(outTradeNo);
    await orders.add({ data: { _id, state: 'created', totalFee, openid } });
    const request = JSON.stringify({
      appid,
      mchid,
      description: body,
      out_trade_no: outTradeNo,
      notify_url: env.WXPAY_NOTIFY_URL,
      amount: { total: totalFee, currency: 'CNY' },
      payer: { openid },
    });
    const answer = await send('POST', api('/v3/pay/transactions/jsapi'), request);
    const { prepay_id: prepayId } = JSON.parse(answer.body.toString());
    const timeStamp = String(Math.floor(Date.now() / 1000));
    const nonceStr = randomBytes(16).toString('hex');
    const paySign = sign(`${appid}\n${timeStamp}\n${nonceStr}\nprepay_id=${prepayId}\n`);
    await orders.doc(_id).update({ data: { state: 'paying', prepayId } });
    return {
      errCode: 0,
      payment: { timeStamp, nonceStr, package: `prepay_id=${prepayId}`, paySign },
    };
  },
  queryOrder: async ({ outTradeNo }) => {
    const id = String(outTradeNo);
    const { data } = (await orders.doc(id).get()) as Found<unknown>;
    const path = `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${mchid}`;
    const { trade_state: tradeState } = JSON.parse((await send('GET', api(path))).body.toString());
    await orders.doc(id).update({ data: { tradeState } });
    return { errCode: 0, tradeState, data };
  },
  closeOrder: async ({ outTradeNo }) => {
    const id = String(outTradeNo);
    await orders.doc(id).get();
    const path = `/v3/pay/transactions/out-trade-no/${outTradeNo}/close`;
    const { status } = await send('POST', api(path), JSON.stringify({ mchid }));
    await orders.doc(id).update({ data: { closed: status === 204 } });
    return { errCode: status === 204 ? 0 : status };
  },
  downloadBill: async ({ billDate }) => {
    const path = `/v3/bill/tradebill?bill_date=${billDate}&bill_type=ALL&tar_type=GZIP`;
    const answer = JSON.parse((await send('GET', api(path))).body.toString());
    const file = await send('GET', answer.download_url);
    return { errCode: 0, data: gunzipSync(file.body).toString() };
  },
  payCallback: takeNotice,
  refundCallback: takeNotice,
  closeStaleOrders: async () => {
    const stale = await orders.where({ state: 'stale' }).limit(100).get();
    const { data } = stale as Found<{ _id: string }[]>;
    for (const { _id } of data) {
      await send(
        'POST',
        api(`/v3/pay/transactions/out-trade-no/${_id}/close`),
        JSON.stringify({ mchid }),
      );
    }
    return { errCode: 0, closed: data.length };
  },
};

/** The handler that BASELINE names. */
export const main = handlers[env.BASELINE ?? 'unifiedOrder'];
