/**
 * Your server places an order for a user: it names payer, price and number, and signs the call with
 * WXPAY_SERVICE_KEY. Run it against the local cloud: npm run local -- exec npx tsx examples/signedOrder.ts
 */
import cloudbase from '@cloudbase/node-sdk';
import { signServiceCall } from '../shared/contract/serviceCall.ts';

const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
const { WXPAY_SERVICE_KEY: key = '', TCB_ENV: envId = '', WXPAY_APPID: appid = '' } = process.env;
const order = {
  openid: 'oLocalUser',
  outTradeNo: `SERVER${Date.now()}`,
  body: '咖啡',
  totalFee: 1990,
};
const { result } = await app.callFunction({
  name: 'unifiedOrder',
  data: signServiceCall({ name: 'unifiedOrder', envId, appid }, order, key, Date.now()),
});
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
