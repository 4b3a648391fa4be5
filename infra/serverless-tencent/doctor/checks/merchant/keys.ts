import type { KeyObject, X509Certificate } from 'node:crypto';
import {
  bitsOf,
  isHalfOf,
  isIssuedToMerchant,
  readCertificates,
  readPrivateKey,
  readPublicKey,
  serialOf,
} from '../../../settings/keys.ts';
import { wrongWith } from '../../../settings/settingFaults.ts';
import type { Facts } from '../../facts/facts.ts';
import { isDirect, type Settings, settingOf, settingsOf } from '../../facts/settings.ts';
import { broken, type Finding, ok, unknown, warn } from '../../findings/finding.ts';
import { checkExpiry } from './expiry.ts';

const DOWNLOAD =
  '在商户平台「账户中心-API 安全」申请，填 apiclient_key.pem 的内容 (paste apiclient_key.pem of the merchant console)';
const PUBLIC_KEY =
  '在商户平台「账户中心-API 安全-微信支付公钥」下载 pub_key.pem，并填写其公钥 ID (take pub_key.pem and its id from the merchant console)';
const PLATFORM =
  '填微信支付平台证书（颁发给 Tenpay.com），或改用微信支付公钥 (the platform certificate of WeChat Pay is wanted, or its public key)';

/** Checks the merchant's keys and WeChat's by their contents. */
export function checkKeys(facts: Facts): Finding[] {
  return [
    ...settingsOf(facts).flatMap((settings) => {
      const privateKey = privateKeyOf(settings);
      return [
        ...checkPrivateKey(settings, privateKey),
        ...checkPublicKey(settings, privateKey),
        ...checkPlatformCertificates(settings, privateKey, facts.nowMs),
      ];
    }),
    checkBinding(facts),
  ];
}

function privateKeyOf(settings: Settings): KeyObject | undefined {
  const text = settingOf(settings, 'WXPAY_PRIVATE_KEY');
  const read = text === undefined ? undefined : readPrivateKey(text);
  return read?.kind === 'value' ? read.value : undefined;
}

function checkPrivateKey(settings: Settings, key: KeyObject | undefined): Finding[] {
  const check = 'merchant.private_key';
  const text = settingOf(settings, 'WXPAY_PRIVATE_KEY');
  if (text === undefined) return [];
  const { where } = settings;
  if (key) return [ok(check, `${where}: 商户私钥可读 (merchant private key), RSA ${bitsOf(key)}`)];
  const fault = wrongWith('WXPAY_PRIVATE_KEY', text) ?? '';
  return [broken(check, `${where}: WXPAY_PRIVATE_KEY ${fault}`, DOWNLOAD)];
}

/**
 * Checks 微信支付公钥 with its id; without it and a platform certificate, certificates are downloaded.
 */
function checkPublicKey(settings: Settings, merchantKey: KeyObject | undefined): Finding[] {
  const check = 'merchant.public_key';
  if (!isDirect(settings)) return [];
  const { where, isWhole } = settings;
  const id = settingOf(settings, 'WXPAY_PUBLIC_KEY_ID');
  const text = settingOf(settings, 'WXPAY_PUBLIC_KEY');
  if (!id && !text) {
    if (settingOf(settings, 'WXPAY_PLATFORM_CERT')) return [];
    const what = `${where}: 没有微信支付公钥，也没有平台证书，运行时下载平台证书 (neither WeChat's public key nor a platform certificate: certificates are downloaded at run time)`;
    return [isWhole ? warn(check, what, PUBLIC_KEY) : unknown(check, what, PUBLIC_KEY)];
  }
  if (!id || !text) {
    const missingKey = id ? 'WXPAY_PUBLIC_KEY' : 'WXPAY_PUBLIC_KEY_ID';
    const what = `${where}: 公钥与公钥 ID 须成对，缺少 (both are needed, missing): ${missingKey}`;
    return [isWhole ? broken(check, what, PUBLIC_KEY) : unknown(check, what, PUBLIC_KEY)];
  }
  const read = readPublicKey(text);
  if (read.kind === 'fault') {
    const fault = wrongWith('WXPAY_PUBLIC_KEY', text) ?? '';
    return [broken(check, `${where}: WXPAY_PUBLIC_KEY ${fault}`, PUBLIC_KEY)];
  }
  if (merchantKey && isHalfOf(read.value, merchantKey)) {
    const what = `${where}: WXPAY_PUBLIC_KEY 是商户自己的公钥 (this is your own public key)`;
    return [broken(check, what, PUBLIC_KEY)];
  }
  return [ok(check, `${where}: 微信支付公钥可读 (WeChat's public key), RSA ${bitsOf(read.value)}`)];
}

function checkPlatformCertificates(
  settings: Settings,
  merchantKey: KeyObject | undefined,
  nowMs: number,
): Finding[] {
  const check = 'merchant.platform_cert';
  const text = settingOf(settings, 'WXPAY_PLATFORM_CERT');
  if (text === undefined) return [];
  const { where } = settings;
  const read = readCertificates(text);
  if (read.kind === 'fault') {
    const fault = wrongWith('WXPAY_PLATFORM_CERT', text) ?? '';
    return [broken(check, `${where}: WXPAY_PLATFORM_CERT ${fault}`, PLATFORM)];
  }
  const serial = serialOf(settingOf(settings, 'WXPAY_SERIAL_NO') ?? '');
  const subject = `${where}: 平台证书 (platform certificate)`;
  return read.value.flatMap((certificate) => {
    const fault = misplacedFault(certificate, merchantKey, serial);
    if (fault) return [broken(check, `${where}: ${fault}`, PLATFORM)];
    return checkExpiry({ check, subject, certificate, fix: PUBLIC_KEY }, nowMs);
  });
}

function misplacedFault(
  certificate: X509Certificate,
  merchantKey: KeyObject | undefined,
  serial: string,
): string | undefined {
  const isOwn = merchantKey !== undefined && isHalfOf(certificate.publicKey, merchantKey);
  if (isOwn || isIssuedToMerchant(certificate)) {
    return '商户证书用作平台证书 (the merchant certificate stands in the place of the platform certificate)';
  }
  if (serialOf(certificate.serialNumber) !== serial) return undefined;
  return 'WXPAY_SERIAL_NO 是平台证书的序列号，应填商户证书的 (it is the serial of the platform certificate, not of yours)';
}

/** Reports whether appid and merchant number are bound; only an order can tell for sure. */
function checkBinding({ bill }: Facts): Finding {
  const check = 'merchant.appid_mchid';
  const fix =
    '在商户平台「产品中心-AppID 账号管理」关联并在公众平台确认 (bind both in the merchant console, confirm in the mini-program console)';
  if (bill.kind === 'known' && bill.value.code === 'APPID_MCHID_NOT_MATCH') {
    return broken(check, 'AppID 与商户号未绑定 (appid and merchant number are not bound)', fix);
  }
  return unknown(
    check,
    'AppID 与商户号是否绑定，只有下单才知道 (only an order tells whether both are bound)',
    '下一笔 1 分钱的订单；APPID_MCHID_NOT_MATCH 即未绑定 (place an order of 1 fen; that word means that they are not): ' +
      fix,
  );
}
