/**
 * The server's side of a sale at the local cloud: it places the order, the payer pays, half goes back, and the bill is
 * fetched. Run it: npm run local -- exec node examples/server/sale.mjs
 */
import { CallFailed, paymentsOf, settingsFrom } from './payments.mjs';

const settings = settingsFrom(process.env);
const payments = paymentsOf(settings);
const say = (what, ...more) => console.log(`${what}:`, ...more);

// Written into your database before it is placed: whatever happens then, the same number is the same order.
const outTradeNo = `SALE${Date.now()}`;
const order = { outTradeNo, body: '咖啡', totalFee: 1990, openid: 'oLocalUser' };
const { payment } = await payments.placeOrder(order);
say('placed', payment.package);

// A phone would do this by `wx.requestPayment(payment)`.
const cashier = `${settings.url}/_local/cashier/${payment.package.replace('prepay_id=', '')}`;
await fetch(cashier, { method: 'POST', body: '{"action":"pay"}' });

const { state, totalFee } = await payments.queryOrder({ outTradeNo });
say('queried', state, totalFee);

const back = { outTradeNo, outRefundNo: `${outTradeNo}-1`, refundFee: 990, refundDesc: '少了一份' };
const { refundStatus, refundFee } = await payments.refund(back);
say('refunded', refundStatus, refundFee);

const yesterday = new Date(Date.now() + 8 * 3_600_000 - 24 * 3_600_000);
const billDate = yesterday.toISOString().slice(0, 10).replaceAll('-', '');
try {
  say('bill', await payments.downloadBill({ billDate }));
} catch (error) {
  if (!(error instanceof CallFailed)) throw error;
  say('bill', error.code);
}
