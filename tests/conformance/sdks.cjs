// Unmodified SDKs in a plain process, redirected by environment variables alone. Prints what they answered.
const tcb = require('@cloudbase/node-sdk');
const cloud = require('wx-server-sdk');

/** Waits for a promise: its value, or the fields of its error. */
const resultOf = async (promise) => {
  try {
    return await promise;
  } catch (error) {
    const { code, errCode, message, why } = error;
    return { code, errCode, message, why };
  }
};

const throughNodeSdk = async () => {
  const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
  const db = app.database();
  const _ = db.command;
  const orders = db.collection('orders');
  await orders.add({ _id: 'N1', checkAt: null, n: 1, nested: { a: 1, b: 2 } });
  const updated = await orders.where({ _id: 'N1', n: _.lt(2) }).update({ n: _.inc(1) });
  const missed = await orders.where({ _id: 'N1', n: _.lt(2) }).update({ n: _.inc(1) });
  await orders.doc('N1').update({ nested: _.set({ c: 3 }) });
  const transaction = await db.runTransaction(async (inside) => {
    const { data } = await inside.collection('orders').doc('N1').get();
    await inside
      .collection('orders')
      .doc('N1')
      .update({ n: data.n + 10 });
    return data.n;
  });
  const rolledBack = await resultOf(
    db.runTransaction(async (inside) => {
      await inside.collection('orders').doc('N1').update({ n: 99 });
      await inside.rollback({ why: 'rolled back' });
    }),
  );
  const stranger = tcb.init({ env: process.env.TCB_ENV, secretId: 'AKIDnobody', secretKey: 'x' });
  const wrongKey = tcb.init({
    env: process.env.TCB_ENV,
    secretId: process.env.TENCENTCLOUD_SECRETID,
    secretKey: 'wrong',
    sessionToken: process.env.TENCENTCLOUD_SESSIONTOKEN,
  });
  return {
    updated: updated.updated,
    missed: missed.updated,
    transaction,
    rolledBack,
    document: (await orders.doc('N1').get()).data[0],
    count: (await orders.count()).total,
    duplicate: await resultOf(orders.add({ _id: 'N1' })),
    unknownCollection: await resultOf(db.collection('nowhere').add({ a: 1 })),
    strangersKey: await resultOf(stranger.database().collection('orders').count()),
    wrongKey: await resultOf(wrongKey.database().collection('orders').count()),
    functionCall: (await app.callFunction({ name: 'queryOrder', data: { outTradeNo: 'N00001' } }))
      .result,
    unknownFunction: await resultOf(app.callFunction({ name: 'nothing', data: {} })),
  };
};

const throughWxServerSdk = async () => {
  cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
  const db = cloud.database();
  const orders = db.collection('orders');
  await orders.add({ data: { _id: 'W1', checkAt: null, n: 1 } });
  const updated = await orders
    .where({ _id: 'W1', n: 1 })
    .update({ data: { n: db.command.inc(4) } });
  const transaction = await db.runTransaction(async (inside) => {
    const { data } = await inside.collection('orders').doc('W1').get();
    return data.n;
  });
  return {
    updated: updated.stats.updated,
    transaction,
    document: (await orders.doc('W1').get()).data,
    duplicate: await resultOf(orders.add({ data: { _id: 'W1' } })),
    unknownCollection: await resultOf(db.collection('nowhere').add({ data: { a: 1 } })),
    functionCall: (await cloud.callFunction({ name: 'queryOrder', data: { outTradeNo: 'W00001' } }))
      .result,
  };
};

/** Tells the local cloud what happens around the script. */
const local = (path, body) =>
  fetch(`${process.env.LOCAL_URL}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });

/** Every method of CloudPay, with the token that `exec` hands out. */
const throughCloudPay = async () => {
  const { cloudPay } = cloud;
  const merchant = { subMchId: process.env.WXPAY_MCHID, nonceStr: 'n0nce' };
  const named = { ...merchant, outTradeNo: 'CLOUDPAY01' };
  const callee = { functionName: 'payCallback', envId: process.env.TCB_ENV };
  const terms = { body: '咖啡', totalFee: 1990, spbillCreateIp: '127.0.0.1', tradeType: 'JSAPI' };
  const placed = await cloudPay.unifiedOrder({ ...named, ...terms, ...callee });
  const tooEarly = await cloudPay.closeOrder(named);
  await local(`cashier/${placed.prepayId}`, { action: 'pay' });
  const paid = await cloudPay.queryOrder(named);
  const asked = { ...named, outRefundNo: 'CLOUDBACK1', totalFee: 1990, refundFee: 990 };
  const refund = await cloudPay.refund(asked);
  const queryRefund = await cloudPay.queryRefund({ ...merchant, outRefundNo: 'CLOUDBACK1' });
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const bill = () => cloudPay.downloadBill({ ...merchant, billDate: day.replaceAll('-', '') });
  const noBill = await bill();
  await local('clock', { advance: 'P2D', timers: 'none' });
  const { data } = await bill();
  const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
  const request = { sub_mch_id: merchant.subMchId, nonce_str: 'n', out_trade_no: 'CLOUDPAY01' };
  const close = { apiName: 'closeOrder', requestData: Buffer.from(JSON.stringify(request)) };
  const errCode = JSON.parse((await app.callWxPayApi(close)).toString()).err_code;
  const stringFee = await resultOf(cloudPay.refund({ ...asked, refundFee: '990' }));
  process.env.WX_API_TOKEN = 'of-somebody-else';
  const stranger = await resultOf(app.callWxPayApi(close));
  return {
    placed,
    tooEarly,
    paid,
    refund,
    queryRefund,
    noBill,
    bill: data.includes('`CLOUDPAY01'),
    errCode,
    stringFee,
    stranger,
  };
};

const main = async () => {
  const nodeSdk = await throughNodeSdk();
  const wxServerSdk = await throughWxServerSdk();
  const cloudPay = await throughCloudPay();
  process.stdout.write(`\n${JSON.stringify({ nodeSdk, wxServerSdk, cloudPay })}\n`);
  process.exit(0);
};
void main();
