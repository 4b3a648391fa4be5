import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { environment } from '../../../shared/contract/environment.ts';
import { pairs, pemOf, soundSettings } from '../../../tests/support/doctor/soundFacts.ts';
import { settingFaults } from './settingFaults.ts';

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });

test.each<[string, Record<string, string>]>([
  ['all of them, as they should be', { ...soundSettings }],
  ['none', {}],
  ['one alone', { WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000001092026112400000000' }],
  ['empty ones', Object.fromEntries(Object.keys(environment).map((key) => [key, '']))],
  ['keys that are not ours', { TZ: 'Asia/Shanghai', SHOP_KEY: 'x', constructor: 'x' }],
])('no fault is found in settings: %s', (_what, settings) => {
  expect(settingFaults(settings)).toEqual([]);
});

test.each([
  ['WXPAY_LINK', 'wechat', /格式有误/],
  ['WXPAY_MCHID', '1900-000109', /商户号/],
  ['WXPAY_APPID', 'gh_1234567890', /AppID/],
  ['WXPAY_SP_MCHID', '1900-000200', /服务商商户号/],
  ['WXPAY_SP_APPID', 'gh_1234567890', /AppID/],
  ['WXPAY_SERIAL_NO', 'PUB_KEY_ID_0119', /序列号/],
  ['WXPAY_PRIVATE_KEY', 'no key', /无法读取/],
  ['WXPAY_PRIVATE_KEY', pemOf(pairs.merchant.privateKey).slice(0, 800), /无法读取/],
  ['WXPAY_PRIVATE_KEY', pemOf(pairs.merchant.publicKey), /填的是公钥/],
  ['WXPAY_PRIVATE_KEY', pemOf(weak.privateKey), /2048/],
  ['WXPAY_API_V3_KEY', 'k'.repeat(31), /32 个字符/],
  ['WXPAY_API_V2_KEY', 'k'.repeat(33), /APIv2/],
  ['WXPAY_PUBLIC_KEY_ID', 'PUB_KEY_0119', /公钥 ID/],
  ['WXPAY_PUBLIC_KEY', pemOf(pairs.wechat.privateKey), /填的是私钥/],
  ['WXPAY_PLATFORM_CERT', pemOf(pairs.wechat.publicKey), /填的是密钥/],
  ['WXPAY_NOTIFY_URL', 'http://pay.example.com/pay/notify', /https/],
  ['WXPAY_API_URL', 'http://api.mch.weixin.qq.com', /接口地址/],
  ['WXPAY_API_URL', 'https://pay-proxy.example.com', /api2\.mch/],
  ['WXPAY_ORDER_TTL', '30 minutes', /ISO 8601/],
  ['WXPAY_CLOSE_MIN_AGE', 'P2D', /ISO 8601/],
  ['WXPAY_CHECK_CONCURRENCY', '101', /1 到 100/],
  ['WXPAY_ORDER_LIMITS', '0/5', /每分钟下单数/],
  ['WXPAY_SERVICE_KEY', 'too-short', /32 个字符/],
  ['WXPAY_ADMIN_OPENIDS', 'o1;o2', /openid/],
  ['WXPAY_PRICE_SOURCE', 'phone', /service/],
])('%s, malformed (row %#)', (key, value, text) => {
  const faults = settingFaults({ ...soundSettings, [key]: value });
  expect(faults).toEqual([{ key, text: expect.stringMatching(text) }]);
  expect(faults[0]?.text).toMatch(/\([a-zA-Z]/);
  expect(faults[0]?.text).not.toContain(value);
});

const merchantKey = pemOf(pairs.merchant.privateKey);
test.each([
  ['with line ends', merchantKey],
  ['in one line', merchantKey.replaceAll('\n', '\\n')],
  ['in one line, escaped twice', merchantKey.replaceAll('\n', '\\\\n')],
  ['with CRLF, escaped twice', merchantKey.replaceAll('\n', '\\\\r\\\\n')],
])('a key is read: PEM %s', (_what, value) => {
  expect(settingFaults({ ...soundSettings, WXPAY_PRIVATE_KEY: value })).toEqual([]);
});

test('every fault is named, in the order of the settings', () => {
  const settings = {
    WXPAY_MCHID: 'x',
    WXPAY_APPID: soundSettings.WXPAY_APPID ?? '',
    WXPAY_LINK: 'x',
  };
  expect(settingFaults(settings).map(({ key }) => key)).toEqual(['WXPAY_MCHID', 'WXPAY_LINK']);
});
