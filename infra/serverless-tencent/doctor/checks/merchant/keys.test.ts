import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { selfSigned } from '../../../../../emulator/wechatpay/keys/certificate.ts';
import {
  combine,
  deployedWith,
  type Row,
  textsOf,
  unchanged,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { pairs, pemOf } from '../../../../../tests/support/doctor/soundFacts.ts';
import { known } from '../../facts/fact.ts';
import { checkKeys } from './keys.ts';

const platform = certificateOf(pairs.wechat, 'Tenpay.com', '5157F09EFDC096DE');
const merchantCert = certificateOf(pairs.merchant, '微信商户系统');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Platform-certificate mode (平台证书模式). */
const platformMode = (pem: string) =>
  deployedWith({
    WXPAY_PUBLIC_KEY_ID: undefined,
    WXPAY_PUBLIC_KEY: undefined,
    WXPAY_PLATFORM_CERT: pem,
  });
const atMs = (time: string) => withFacts({ nowMs: Date.parse(time) });
const billAnswered = (code: string) => withFacts({ bill: known({ code, requestId: 'r-1' }) });
const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');

function certificateOf({ privateKey }: typeof pairs.merchant, o: string, serial?: string): string {
  return selfSigned(privateKey, { o, cn: o }, serial);
}

const rows: Row[] = [
  ['the private key', unchanged, 'ok', 'merchant.private_key', /RSA 2048/],
  [
    'as PKCS#1',
    deployedWith({
      WXPAY_PRIVATE_KEY: String(pairs.merchant.privateKey.export({ format: 'pem', type: 'pkcs1' })),
    }),
    'ok',
    'merchant.private_key',
    /RSA/,
  ],
  [
    'in one line with \\n',
    deployedWith({ WXPAY_PRIVATE_KEY: pemOf(pairs.merchant.privateKey).replace(/\n/g, '\\n') }),
    'ok',
    'merchant.private_key',
    /RSA/,
  ],
  [
    'as bare base64',
    deployedWith({ WXPAY_PRIVATE_KEY: bare(pemOf(pairs.merchant.privateKey)) }),
    'ok',
    'merchant.private_key',
    /RSA/,
  ],
  [
    'as base64 of the PEM',
    deployedWith({
      WXPAY_PRIVATE_KEY: Buffer.from(pemOf(pairs.merchant.privateKey)).toString('base64'),
    }),
    'ok',
    'merchant.private_key',
    /RSA/,
  ],
  [
    'cut off',
    deployedWith({ WXPAY_PRIVATE_KEY: pemOf(pairs.merchant.privateKey).slice(0, 800) }),
    'broken',
    'merchant.private_key',
    /无法读取/,
  ],
  [
    'a certificate in its place',
    deployedWith({ WXPAY_PRIVATE_KEY: merchantCert }),
    'broken',
    'merchant.private_key',
    /填的是证书/,
  ],
  [
    'a public key in its place',
    deployedWith({ WXPAY_PRIVATE_KEY: pemOf(pairs.merchant.publicKey) }),
    'broken',
    'merchant.private_key',
    /填的是公钥/,
  ],
  [
    'with a passphrase',
    deployedWith({
      WXPAY_PRIVATE_KEY: String(
        pairs.merchant.privateKey.export({
          format: 'pem',
          type: 'pkcs8',
          cipher: 'aes-256-cbc',
          passphrase: 'p',
        }),
      ),
    }),
    'broken',
    'merchant.private_key',
    /口令/,
  ],
  [
    'too short a key',
    deployedWith({ WXPAY_PRIVATE_KEY: pemOf(weak.privateKey) }),
    'broken',
    'merchant.private_key',
    /2048/,
  ],
  [
    'no RSA key',
    deployedWith({ WXPAY_PRIVATE_KEY: pemOf(curve.privateKey) }),
    'broken',
    'merchant.private_key',
    /RSA/,
  ],
  ['WeChat’s public key', unchanged, 'ok', 'merchant.public_key', /RSA 2048/],
  [
    'as bare base64',
    deployedWith({ WXPAY_PUBLIC_KEY: bare(pemOf(pairs.wechat.publicKey)) }),
    'ok',
    'merchant.public_key',
    /RSA/,
  ],
  [
    'one’s own public key in its place',
    deployedWith({ WXPAY_PUBLIC_KEY: pemOf(pairs.merchant.publicKey) }),
    'broken',
    'merchant.public_key',
    /商户自己的公钥/,
  ],
  [
    'a private key in its place',
    deployedWith({ WXPAY_PUBLIC_KEY: pemOf(pairs.wechat.privateKey) }),
    'broken',
    'merchant.public_key',
    /填的是私钥/,
  ],
  [
    'a certificate in its place',
    deployedWith({ WXPAY_PUBLIC_KEY: platform }),
    'broken',
    'merchant.public_key',
    /填的是证书/,
  ],
  [
    'no key',
    deployedWith({ WXPAY_PUBLIC_KEY: 'pub_key.pem' }),
    'broken',
    'merchant.public_key',
    /无法读取/,
  ],
  [
    'the key without its id',
    deployedWith({ WXPAY_PUBLIC_KEY_ID: undefined }),
    'broken',
    'merchant.public_key',
    /WXPAY_PUBLIC_KEY_ID/,
  ],
  [
    'the id without its key',
    deployedWith({ WXPAY_PUBLIC_KEY: undefined }),
    'broken',
    'merchant.public_key',
    /WXPAY_PUBLIC_KEY$/,
  ],
  [
    'neither key nor certificate',
    deployedWith({ WXPAY_PUBLIC_KEY_ID: undefined, WXPAY_PUBLIC_KEY: undefined }),
    'warn',
    'merchant.public_key',
    /没有微信支付公钥/,
  ],
  [
    'neither, and the cloud cannot be read',
    withFacts({ functions: {} }),
    'unknown',
    'merchant.public_key',
    /没有微信支付公钥/,
  ],
  [
    'the platform certificate',
    platformMode(platform),
    'ok',
    'merchant.platform_cert',
    /2200-01-01/,
  ],
  ['as bare base64', platformMode(bare(platform)), 'ok', 'merchant.platform_cert', /2200-01-01/],
  [
    'two, while one replaces the other',
    platformMode(`${platform}\n${certificateOf(stranger, 'Tenpay.com')}`),
    'ok',
    'merchant.platform_cert',
    /2200-01-01/,
  ],
  [
    '29 days before its end',
    combine(platformMode(platform), atMs('2199-12-02T12:00:00Z')),
    'warn',
    'merchant.platform_cert',
    /还有 29 天/,
  ],
  [
    '30 days before its end',
    combine(platformMode(platform), atMs('2199-12-01T12:00:00Z')),
    'ok',
    'merchant.platform_cert',
    /还有 30 天/,
  ],
  [
    'past its end',
    combine(platformMode(platform), atMs('2200-01-01T00:00:00Z')),
    'broken',
    'merchant.platform_cert',
    /过期/,
  ],
  [
    'before its beginning',
    combine(platformMode(platform), atMs('2019-12-31T00:00:00Z')),
    'broken',
    'merchant.platform_cert',
    /尚未生效/,
  ],
  [
    'the merchant certificate in its place',
    platformMode(merchantCert),
    'broken',
    'merchant.platform_cert',
    /商户证书用作平台证书/,
  ],
  [
    'an older merchant certificate in its place',
    platformMode(certificateOf(stranger, '微信商户系统')),
    'broken',
    'merchant.platform_cert',
    /商户证书用作平台证书/,
  ],
  [
    'another certificate of one’s own key',
    platformMode(certificateOf(pairs.merchant, 'Tenpay.com')),
    'broken',
    'merchant.platform_cert',
    /商户证书用作平台证书/,
  ],
  [
    'its serial in the place of one’s own',
    platformMode(certificateOf(pairs.wechat, 'Tenpay.com', '0a5f1c72')),
    'broken',
    'merchant.platform_cert',
    /平台证书的序列号/,
  ],
  [
    'a key in its place',
    platformMode(pemOf(pairs.wechat.publicKey)),
    'broken',
    'merchant.platform_cert',
    /填的是密钥/,
  ],
  [
    'nothing readable in its place',
    platformMode('certificate'),
    'broken',
    'merchant.platform_cert',
    /无法读取/,
  ],
  ['appid and mchid', unchanged, 'unknown', 'merchant.appid_mchid', /只有下单才知道/],
  [
    'appid and mchid, when WeChat answers that',
    billAnswered('APPID_MCHID_NOT_MATCH'),
    'broken',
    'merchant.appid_mchid',
    /未绑定/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkKeys, change, level, check)).toMatch(text);
});
