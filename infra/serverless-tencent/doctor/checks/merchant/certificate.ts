import type { X509Certificate } from 'node:crypto';
import { isHalfOf, readCertificates, readPrivateKey, serialOf } from '../../../settings/keys.ts';
import { findingsFrom } from '../../facts/fact.ts';
import type { Facts } from '../../facts/facts.ts';
import { type Settings, settingOf, settingsOf } from '../../facts/settings.ts';
import { broken, type Finding, ok, unknown } from '../../findings/finding.ts';
import { checkExpiry } from './expiry.ts';

const FILE =
  '使用商户平台下载的 apiclient_cert.pem (use apiclient_cert.pem of the merchant console)';
const RENEW =
  '在商户平台「账户中心-API 安全」更换商户证书，同时更新序列号与私钥 (renew it there; serial and private key change too)';

/**
 * Checks the merchant certificate (商户 API 证书): its serial, and the private key that belongs to it.
 */
export function checkCertificate(facts: Facts): Finding[] {
  const check = 'merchant.cert';
  return findingsFrom(facts.merchantCert, check, (text) => {
    const read = readCertificates(text);
    const [certificate] = read.kind === 'value' ? read.value : [];
    if (!certificate) {
      const fault = read.kind === 'fault' ? read.fault : '';
      return [broken(check, `--merchant-cert ${fault}`, FILE)];
    }
    const subject = '商户证书 (merchant certificate)';
    return [
      ...checkExpiry({ check, subject, certificate, fix: RENEW }, facts.nowMs),
      ...settingsOf(facts).flatMap((settings) => [
        checkSerial(settings, certificate),
        checkPair(settings, certificate),
      ]),
    ];
  });
}

function checkSerial(settings: Settings, { serialNumber }: X509Certificate): Finding {
  const check = 'merchant.serial';
  const { where } = settings;
  const configured = settingOf(settings, 'WXPAY_SERIAL_NO');
  if (configured === undefined) return unknown(check, `${where}: 没有 WXPAY_SERIAL_NO (not set)`);
  if (serialOf(configured) === serialOf(serialNumber)) {
    return ok(check, `${where}: 序列号与商户证书一致 (the serial is the certificate's)`);
  }
  return broken(
    check,
    `${where}: WXPAY_SERIAL_NO 不是该商户证书的序列号 (it is not the serial of this certificate)`,
    `WXPAY_SERIAL_NO=${serialNumber}`,
  );
}

function checkPair(settings: Settings, { publicKey }: X509Certificate): Finding {
  const check = 'merchant.pair';
  const { where } = settings;
  const read = readPrivateKey(settingOf(settings, 'WXPAY_PRIVATE_KEY') ?? '');
  if (read.kind === 'fault') {
    return unknown(check, `${where}: 没有可读的商户私钥，无法核对 (no readable key to compare)`);
  }
  if (isHalfOf(publicKey, read.value)) {
    return ok(check, `${where}: 私钥与商户证书成对 (key and certificate are a pair)`);
  }
  return broken(
    check,
    `${where}: WXPAY_PRIVATE_KEY 不是该商户证书的私钥 (it is not the key of this certificate)`,
    '填与证书同时生成的 apiclient_key.pem (the one made together with the certificate)',
  );
}
