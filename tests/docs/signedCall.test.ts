import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { pageOf } from '../../infra/lint/pages/page.ts';
import {
  type ServiceCallee,
  type SignedCall,
  verifyServiceCall,
} from '../../shared/contract/serviceCall.ts';

const path = 'docs/zh/deploy.md';
const key = 'k'.repeat(32);
const callee = { name: 'unifiedOrder', envId: 'pay-1a2b3c', appid: 'wx1234567890abcdef' };
const order = { outTradeNo: 'SERVER20261125001', body: '咖啡', totalFee: 1990, openid: 'oPayer' };

/** The call that a merchant's server makes by the lines of the guide, as they stand there. */
type PlaceOrder = (app: object, to: ServiceCallee, data: object, key: string) => Promise<unknown>;

function placeOrderOfTheGuide(): PlaceOrder {
  const { blocks } = pageOf({ path, text: readFileSync(path, 'utf8') });
  const [signing] = blocks.filter(({ info }) => info === 'js');
  const code = `(function (require) {${signing?.text}; return placeOrder;})`;
  return runInThisContext(code)(createRequire(import.meta.url));
}

test('the lines of the guide sign a call that the function takes', async () => {
  const calls: { name: string; data: SignedCall }[] = [];
  const app = {
    callFunction: async (call: { name: string; data: SignedCall }) => {
      calls.push(call);
      return { result: { errCode: 0 } };
    },
  };
  expect(await placeOrderOfTheGuide()(app, callee, order, key)).toEqual({ errCode: 0 });
  const [call] = calls;
  if (!call) throw new Error('the guide calls nothing');
  expect(call.name).toBe('unifiedOrder');
  expect(verifyServiceCall('unifiedOrder', call.data, [key])).toBe(true);
  expect(verifyServiceCall('refund', call.data, [key])).toBe(false);
  const { envId, appid, time, data } = call.data.signed;
  expect({ envId, appid, order: JSON.parse(data) }).toEqual({
    envId: callee.envId,
    appid: callee.appid,
    order,
  });
  expect(Math.abs(Date.now() - time)).toBeLessThan(5 * 60_000);
});
