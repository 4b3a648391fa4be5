// A plain program with wx-server-sdk, as any of its tutorials begins. Prints what the functions answered.
const cloud = require('wx-server-sdk');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });

const main = async () => {
  const call = async (name, data) => (await cloud.callFunction({ name, data })).result;
  const order = { outTradeNo: 'SCRIPT0001', body: '咖啡', totalFee: 1990 };
  const placed = await call('unifiedOrder', order);
  const asked = await call('queryOrder', { outTradeNo: order.outTradeNo });
  const refund = await call('refund', { outTradeNo: order.outTradeNo, refundFee: 1990 });
  process.stdout.write(`\n${JSON.stringify({ placed, asked, refund })}\n`);
};

void main();
