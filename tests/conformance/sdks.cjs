// Unmodified SDKs in a plain process, redirected by environment variables alone. Prints what they said.
const tcb = require('@cloudbase/node-sdk');
const cloud = require('wx-server-sdk');

/** What a promise came to: its value, or the words of its error. */
const told = async (promise) => {
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
  const rolledBack = await told(
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
    duplicate: await told(orders.add({ _id: 'N1' })),
    unknownCollection: await told(db.collection('nowhere').add({ a: 1 })),
    strangersKey: await told(stranger.database().collection('orders').count()),
    wrongKey: await told(wrongKey.database().collection('orders').count()),
    functionCall: (await app.callFunction({ name: 'queryOrder', data: { outTradeNo: 'N00001' } }))
      .result,
    unknownFunction: await told(app.callFunction({ name: 'nothing', data: {} })),
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
    duplicate: await told(orders.add({ data: { _id: 'W1' } })),
    unknownCollection: await told(db.collection('nowhere').add({ data: { a: 1 } })),
    functionCall: (await cloud.callFunction({ name: 'queryOrder', data: { outTradeNo: 'W00001' } }))
      .result,
  };
};

const main = async () => {
  const nodeSdk = await throughNodeSdk();
  const wxServerSdk = await throughWxServerSdk();
  process.stdout.write(`\n${JSON.stringify({ nodeSdk, wxServerSdk })}\n`);
  process.exit(0);
};
void main();
