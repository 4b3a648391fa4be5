import { type KeyObject, X509Certificate } from 'node:crypto';
import type { WeChatKey } from '../crypto/encrypt.ts';
import { KeyError } from './keyError.ts';
import { readPem } from './pem.ts';
import { firstThatReads, strongRsa } from './rsaKey.ts';

/** A platform certificate (平台证书); the serial is read from it unless WeChat lists another. */
export type CertificateText = string | { serial: string; pem: string };

/**
 * Reads platform certificates, several in one text too, and returns the keys that WeChat signs with; one
 * whose serial has two spellings is returned under both. `isOwn` recognises the merchant's own keys: those
 * are refused as `CERTIFICATE_IS_MERCHANTS`.
 */
export function readCertificates(
  text: CertificateText,
  isOwn: (key: KeyObject) => boolean,
): WeChatKey[] {
  const { serial, pem } = typeof text === 'string' ? { serial: undefined, pem: text } : text;
  const blocks = readPem(pem);
  if (blocks.length === 0) throw new KeyError('CERTIFICATE_UNREADABLE');
  return blocks.flatMap((block) => {
    if (block.label?.endsWith('KEY')) throw new KeyError('CERTIFICATE_IS_KEY');
    const certificate = firstThatReads(
      [() => new X509Certificate(block.der)],
      'CERTIFICATE_UNREADABLE',
    );
    const key = strongRsa(certificate.publicKey, 'CERTIFICATE_NOT_RSA');
    if (isOwn(key) || isMerchants(certificate)) {
      throw new KeyError('CERTIFICATE_IS_MERCHANTS', { found: oneLine(certificate.subject) });
    }
    const expiresAtMs = Date.parse(certificate.validTo);
    const serials = serialsOf(serial ?? certificate.serialNumber);
    return serials.map((each) => ({ serial: each, key, expiresAtMs }));
  });
}

/** WeChat issues merchant certificates to the organisation 微信商户系统; platform ones to Tenpay.com. */
function isMerchants({ subject }: X509Certificate): boolean {
  return /^O=微信商户系统$/m.test(subject);
}

/** Spells a serial with and without leading zeros: OpenSSL prints whole bytes, WeChat's libraries a number. */
function serialsOf(serial: string): string[] {
  const printed = serial.trim().toUpperCase();
  return [printed, printed.replace(/^0+(?=.)/, '')];
}

function oneLine(subject: string): string {
  return subject.replace(/\n/g, ', ');
}
