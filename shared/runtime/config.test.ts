import { expect, test } from 'vitest';
import { environmentKeys } from '../contract/environment.ts';
import { OFFICIAL_HOSTS } from '../gateway/apiV3/hosts.ts';
import { ConfigError, readConfig } from './config.ts';

const good = {
  WXPAY_MCHID: '1900000109',
  WXPAY_APPID: 'wx0000000000000001',
  WXPAY_SERIAL_NO: '5F1C72E2A8931B72A2E13AF8DEE92471EB397115',
  WXPAY_PRIVATE_KEY: 'PEM',
  WXPAY_API_V3_KEY: '0123456789abcdef0123456789abcdef',
  WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000001092026',
  WXPAY_PUBLIC_KEY: 'PEM',
  WXPAY_NOTIFY_URL: 'https://pay.example.com/pay/notify',
};

test('a good configuration, with what is decided where nothing is set', () => {
  expect(readConfig('unifiedOrder', good)).toMatchObject({
    link: 'apiV3',
    mchid: '1900000109',
    apiV3: { apiUrl: 'https://api.mch.weixin.qq.com' },
    orderTtlMs: 1_800_000,
    priceSource: 'service',
    adminOpenids: [],
  });
});

test.each([
  'serial=5F1C72E2A8931B72A2E13AF8DEE92471EB397115',
  '5f:1c:72:e2:a8:93:1b:72:a2:e1:3a:f8:de:e9:24:71:eb:39:71:15',
  'Serial Number: 5f1c72e2a8931b72a2e13af8dee92471eb397115',
])('a serial is taken as openssl prints it: %s', (printed) => {
  const { apiV3 } = readConfig('unifiedOrder', { ...good, WXPAY_SERIAL_NO: printed });
  expect(apiV3?.serialNo).toBe(good.WXPAY_SERIAL_NO);
});

test('the APIv2 key is optional, has 32 characters, and reaches refundCallback alone', () => {
  const key = 'v2Key-32Characters-1234567890abc';
  const withKey = { ...good, WXPAY_API_V2_KEY: key };
  expect(readConfig('refundCallback', good)).not.toHaveProperty('apiV2Key');
  expect(readConfig('refundCallback', withKey)).toMatchObject({ apiV2Key: key });
  expect(readConfig('payCallback', withKey)).not.toHaveProperty('apiV2Key');
  const short = () => readConfig('refundCallback', { ...good, WXPAY_API_V2_KEY: 'short' });
  expect(short).toThrow('WXPAY_API_V2_KEY');
});

test.each([
  ['WXPAY_MCHID', 'abc'],
  ['WXPAY_APPID', 'gh_1'],
  ['WXPAY_SP_MCHID', 'abc'],
  ['WXPAY_SP_APPID', 'gh_1'],
  ['WXPAY_SERIAL_NO', 'PUB_KEY_ID_1'],
  ['WXPAY_API_V3_KEY', 'short'],
  ['WXPAY_NOTIFY_URL', 'http://pay.example.com/notify'],
  ['WXPAY_NOTIFY_URL', 'https://pay.example.com/notify?a=1'],
  ['WXPAY_NOTIFY_URL', 'https://127.0.0.1/pay/notify'],
  ['WXPAY_NOTIFY_URL', 'https://LOCALHOST:7100/pay/notify'],
  ['WXPAY_NOTIFY_URL', 'https://[::1]/pay/notify'],
  ['WXPAY_NOTIFY_URL', 'https://172.16.0.9/pay/notify'],
  ['WXPAY_API_URL', 'http://api.mch.weixin.qq.com'],
  ['WXPAY_API_URL', 'http://127.0.0.1.evil.example'],
  ['WXPAY_API_URL', 'https://127.0.0.1:7100'],
  ['WXPAY_API_URL', 'https://pay-proxy.example.com'],
  ['WXPAY_API_URL', 'https://api.mch.weixin.qq.com.evil.example'],
  ['WXPAY_API_URL', 'https://api.mch.weixin.qq.com:8443'],
  ['WXPAY_API_URL', 'https://api.mch.weixin.qq.com@evil.example'],
  ['WXPAY_API_URL', 'https://api3.mch.weixin.qq.com'],
  ['WXPAY_ORDER_TTL', '30'],
  ['WXPAY_ORDER_TTL', 'PT30S'],
  ['WXPAY_ORDER_TTL', 'P16D'],
  ['WXPAY_SERVICE_KEY', 'short'],
  ['WXPAY_PRICE_SOURCE', 'phone'],
  ['WXPAY_LINK', 'wechat'],
])(
  '%s=%s stops the cold start, names the key and where to find it, not the value',
  (key, value) => {
    const start = () => readConfig('unifiedOrder', { ...good, [key]: value });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(key);
    if (value.length > 4) expect(() => start()).not.toThrow(`${key}=${value}`);
  },
);

test('everything that is missing is named at once', () => {
  const start = () => readConfig('payCallback', {});
  for (const key of ['WXPAY_MCHID', 'WXPAY_PRIVATE_KEY', 'WXPAY_API_V3_KEY', 'WXPAY_NOTIFY_URL']) {
    expect(start).toThrow(key);
  }
});

test('a function reads its own keys and no others', () => {
  expect(environmentKeys.payCallback).not.toContain('WXPAY_PRICE_SOURCE');
  const config = readConfig('payCallback', { ...good, WXPAY_PRICE_SOURCE: 'phone' });
  expect(config.priceSource).toBe('service');
});

test('quotes need a key to be signed with', () => {
  const quoting = { ...good, WXPAY_PRICE_SOURCE: 'quote' };
  expect(() => readConfig('unifiedOrder', quoting)).toThrow('WXPAY_EVENTS_KEY');
  const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const config = readConfig('unifiedOrder', { ...quoting, WXPAY_EVENTS_KEY: key });
  expect(config).toMatchObject({ priceSource: 'quote', merchant: { quoteFunction: 'quoteOrder' } });
  expect(readConfig('queryOrder', quoting).priceSource).toBe('service');
});

test('an empty value in the console is an unset one', () => {
  expect(readConfig('unifiedOrder', { ...good, WXPAY_ORDER_TTL: '' }).orderTtlMs).toBe(1_800_000);
});

test.each(OFFICIAL_HOSTS)('WeChat Pay is reached at %s', (host) => {
  expect(readConfig('queryOrder', { ...good, WXPAY_API_URL: host }).apiV3?.apiUrl).toBe(host);
});

test('the loopback of the local cloud may be plain http', () => {
  const env = { ...good, WXPAY_API_URL: 'http://127.0.0.1:7100' };
  expect(readConfig('queryOrder', env).apiV3?.apiUrl).toBe('http://127.0.0.1:7100');
});

test.each([
  [undefined, 'https://shop.example/pay/notify', 'https://shop.example/refund/notify'],
  ['', 'https://shop.example:8443/a/b/pay', 'https://shop.example:8443/refund/notify'],
  ['https://x.example/r', 'https://shop.example/pay/notify', 'https://x.example/r'],
])('WXPAY_REFUND_NOTIFY_URL=%s beside %s: refunds are notified at %s', (own, pay, expected) => {
  const given = {
    ...good,
    WXPAY_NOTIFY_URL: pay,
    ...(own === undefined ? {} : { WXPAY_REFUND_NOTIFY_URL: own }),
  };
  expect(readConfig('refund', given).apiV3?.refundNotifyUrl).toBe(expected);
});

test('without a key of WeChat Pay its platform certificates are downloaded', () => {
  const { WXPAY_PUBLIC_KEY: _k, WXPAY_PUBLIC_KEY_ID: _i, ...rest } = good;
  const config = readConfig('payCallback', rest);
  expect(config.apiV3?.publicKey).toBeUndefined();
  expect(config.apiV3?.platformCert).toBeUndefined();
});

test('the merchant of a service provider: what is the provider’s is beside the keys', () => {
  expect(readConfig('queryOrder', good).apiV3?.provider).toBeUndefined();
  const env = { ...good, WXPAY_SP_MCHID: '1900000200', WXPAY_SP_APPID: 'wx0000000000000200' };
  expect(readConfig('queryOrder', env)).toMatchObject({
    mchid: '1900000109',
    appid: 'wx0000000000000001',
    apiV3: { provider: { mchid: '1900000200', appid: 'wx0000000000000200' } },
  });
});

test('the next merchant certificate', () => {
  const env = { ...good, WXPAY_SERIAL_NO_NEXT: '0A5F1C72', WXPAY_PRIVATE_KEY_NEXT: 'PEM2' };
  expect(readConfig('queryOrder', env).apiV3?.next).toEqual({
    serialNo: '0A5F1C72',
    privateKey: 'PEM2',
  });
});

test.each([
  ['WXPAY_PUBLIC_KEY', { WXPAY_PUBLIC_KEY: '' }],
  ['WXPAY_PUBLIC_KEY_ID', { WXPAY_PUBLIC_KEY_ID: '' }],
  ['WXPAY_SP_APPID', { WXPAY_SP_MCHID: '1900000200' }],
  ['WXPAY_SP_MCHID', { WXPAY_SP_APPID: 'wx0000000000000200' }],
  ['WXPAY_PRIVATE_KEY_NEXT', { WXPAY_SERIAL_NO_NEXT: '0A5F1C72' }],
  ['WXPAY_SERIAL_NO_NEXT', { WXPAY_PRIVATE_KEY_NEXT: 'PEM' }],
])('half a pair stops the cold start and names the other half: %s', (lacks, more) => {
  expect(() => readConfig('payCallback', { ...good, ...more })).toThrow(`\n${lacks} 未设置`);
});

const cloudPay = {
  WXPAY_LINK: 'cloudPay',
  WXPAY_MCHID: '1900000109',
  WXPAY_APPID: 'wx0000000000000001',
  TCB_ENV: 'shop-1a2b3c',
};

test('cloud pay needs no key of the merchant', () => {
  const config = readConfig('unifiedOrder', cloudPay);
  expect(config).toMatchObject({ link: 'cloudPay', mchid: '1900000109', envId: 'shop-1a2b3c' });
  expect(config.apiV3).toBeUndefined();
});

test('an address that was left behind asks for no keys', () => {
  const env = { ...cloudPay, WXPAY_NOTIFY_URL: good.WXPAY_NOTIFY_URL };
  expect(readConfig('unifiedOrder', env).apiV3).toBeUndefined();
});

test('after a move to cloud pay the direct link stays for its orders, while its keys are there', () => {
  const config = readConfig('queryOrder', { ...good, ...cloudPay });
  expect(config).toMatchObject({ link: 'cloudPay', apiV3: { notifyUrl: good.WXPAY_NOTIFY_URL } });
});

test.each([
  ['WXPAY_NOTIFY_URL', { ...good, ...cloudPay, WXPAY_NOTIFY_URL: '' }],
  ['WXPAY_PRIVATE_KEY', { ...cloudPay, WXPAY_SERIAL_NO: '5F1C72E2A8931B72' }],
  ['TCB_ENV', { ...cloudPay, TCB_ENV: '' }],
  ['TCB_ENV', { ...cloudPay, TCB_ENV: 'local' }],
  ['TCB_ENV', { ...cloudPay, TCB_ENV: '', SCF_NAMESPACE: 'default' }],
])('cloud pay with %s missing stops the cold start', (key, env) => {
  expect(() => readConfig('unifiedOrder', env)).toThrow(`\n${key} 未设置`);
});
