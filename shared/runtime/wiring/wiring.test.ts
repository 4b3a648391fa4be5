import { expect, test } from 'vitest';
import { given } from '../../../tests/support/wechatSide.ts';
import { readConfig } from '../config.ts';
import { wire } from './wiring.ts';

const env = {
  WXPAY_MCHID: '1900000777',
  WXPAY_APPID: 'wx0000000000000001',
  TCB_ENV: 'shop-1a2b3c',
  WXPAY_SP_MCHID: given.mchid,
  WXPAY_SP_APPID: 'wx0000000000000200',
  WXPAY_SERIAL_NO: given.serialNo,
  WXPAY_PRIVATE_KEY: given.privateKey,
  WXPAY_PUBLIC_KEY_ID: given.publicKey.id,
  WXPAY_PUBLIC_KEY: given.publicKey.pem,
  WXPAY_API_V3_KEY: given.apiV3Key,
  WXPAY_NOTIFY_URL: 'https://pay.example.com/pay/notify',
};
const toolsOf = (more: object = {}) => {
  const frame = { variables: {} } as Parameters<ReturnType<typeof wire>>[0];
  return wire(readConfig('unifiedOrder', { ...env, ...more }))(frame);
};

test('orders are placed under the provider that is configured, on the direct link alone', () => {
  const own = { mchid: '1900000777', appid: 'wx0000000000000001' };
  const under = { link: 'apiV3', ...own, spMchid: given.mchid };
  expect(toolsOf().settings.merchant).toEqual(under);
  const unset = { WXPAY_SP_MCHID: '', WXPAY_SP_APPID: '' };
  expect(toolsOf(unset).settings.merchant).toEqual({ link: 'apiV3', ...own });
  const moved = toolsOf({ WXPAY_LINK: 'cloudPay' }).settings.merchant;
  expect(moved).toEqual({ link: 'cloudPay', ...own });
});

test('an order without provider is refused by a link that has one', async () => {
  const gateway = toolsOf().gatewayOf('apiV3');
  const asked = gateway.queryOrder({ outTradeNo: 'WIRED00001', mchid: '1900000777' }, 1000);
  await expect(asked).rejects.toMatchObject({ code: 'MERCHANT_NOT_CONFIGURED' });
});
