import { expect, test } from 'vitest';
import { keysOptions } from '../../../tests/support/wechatSide.ts';
import type { FunctionName } from '../../contract/callers.ts';
import { environmentKeys } from '../../contract/environment.ts';
import { failureTexts } from '../../gateway/failure.ts';
import { readConfig } from '../config.ts';
import { wire } from './wiring.ts';

const env = {
  WXPAY_MCHID: '1900000777',
  WXPAY_APPID: 'wx0000000000000001',
  TCB_ENV: 'shop-1a2b3c',
  WXPAY_SP_MCHID: keysOptions.mchid,
  WXPAY_SP_APPID: 'wx0000000000000200',
  WXPAY_SERIAL_NO: keysOptions.serialNo,
  WXPAY_PRIVATE_KEY: keysOptions.privateKey,
  WXPAY_PUBLIC_KEY_ID: keysOptions.publicKey.id,
  WXPAY_PUBLIC_KEY: keysOptions.publicKey.pem,
  WXPAY_API_V3_KEY: keysOptions.apiV3Key,
  WXPAY_NOTIFY_URL: 'https://pay.example.com/pay/notify',
};
const toolsOf = (more: object = {}) => {
  const frame = { variables: {} } as Parameters<ReturnType<typeof wire>>[0];
  return wire('unifiedOrder', readConfig('unifiedOrder', { ...env, ...more }))(frame);
};

test('orders are placed under the provider that is configured, on the direct link alone', () => {
  const own = { mchid: '1900000777', appid: 'wx0000000000000001' };
  const under = { link: 'apiV3', ...own, spMchid: keysOptions.mchid };
  expect(toolsOf().settings.merchant).toEqual(under);
  const unset = { WXPAY_SP_MCHID: '', WXPAY_SP_APPID: '' };
  expect(toolsOf(unset).settings.merchant).toEqual({ link: 'apiV3', ...own });
  const moved = toolsOf({ WXPAY_LINK: 'cloudPay' }).settings.merchant;
  expect(moved).toEqual({ link: 'cloudPay', ...own });
});

test('every function starts with the keys that it is given, and lists without any of the merchant', () => {
  const frame = { variables: {} } as Parameters<ReturnType<typeof wire>>[0];
  for (const name of Object.keys(environmentKeys) as FunctionName[]) {
    expect(wire(name, readConfig(name, env))(frame).settings.merchant.mchid, name).toBe(
      '1900000777',
    );
  }
  expect(readConfig('listAttention', env)).not.toHaveProperty('apiV3');
  const lists = wire('listAttention', readConfig('listAttention', env))(frame);
  const text = failureTexts.LINK_NOT_CONFIGURED;
  const refusal = { code: 'LINK_NOT_CONFIGURED', retry: 'never', message: `${text}: apiV3` };
  expect(() => lists.gatewayOf('apiV3'), 'as docs/zh/errors.md explains it').toThrow(
    expect.objectContaining(refusal),
  );
});

test('an order without provider is refused by a link that has one', async () => {
  const gateway = toolsOf().gatewayOf('apiV3');
  const query = gateway.queryOrder({ outTradeNo: 'WIRED00001', mchid: '1900000777' }, 1000);
  await expect(query).rejects.toMatchObject({ code: 'MERCHANT_NOT_CONFIGURED' });
});
