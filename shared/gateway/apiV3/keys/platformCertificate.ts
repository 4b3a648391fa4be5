import { type KeyObject, X509Certificate } from 'node:crypto';
import type { WeChatKey } from '../crypto/encrypt.ts';
import { KeyError } from './keyError.ts';
import { type EncodedKey, readPem } from './pem.ts';
import { firstThatReads, strongRsa } from './rsaKey.ts';

/** A platform certificate (平台证书); the serial is read from it unless WeChat lists another. */
export type CertificateText = string | { serial: string; pem: string };

/**
 * Reads platform certificates, several in one text too, and returns the keys that WeChat signs with; one
 * whose serial has two spellings is returned under both. One that is not RSA (国密 SM2) signs nothing that
 * APIv3 sends us: it is passed over while another can be used, and costs the others nothing. `isOwn`
 * recognises the merchant's own keys: those are refused as `CERTIFICATE_IS_MERCHANTS`.
 */
export function readCertificates(
  texts: readonly CertificateText[],
  isOwn: (key: KeyObject) => boolean,
): WeChatKey[] {
  const unusable: KeyError[] = [];
  const read = texts.flatMap(blocksOf).flatMap((block) => {
    try {
      return readCertificate(block, isOwn);
    } catch (error) {
      if (!(error instanceof KeyError) || error.code !== 'CERTIFICATE_NOT_RSA') throw error;
      unusable.push(error);
      return [];
    }
  });
  const [first] = unusable;
  if (first && read.length === 0) throw first;
  return read;
}

/** One certificate of a text, with the serial that WeChat lists it by. */
interface CertificateBlock {
  encoded: EncodedKey;
  serial?: string;
}

function blocksOf(text: CertificateText): CertificateBlock[] {
  const blocks = readPem(typeof text === 'string' ? text : text.pem);
  if (blocks.length === 0) throw new KeyError('CERTIFICATE_UNREADABLE');
  const listed = typeof text === 'string' ? {} : { serial: text.serial };
  return blocks.map((encoded) => ({ encoded, ...listed }));
}

function readCertificate(
  { encoded: { label, der }, serial }: CertificateBlock,
  isOwn: (key: KeyObject) => boolean,
): WeChatKey[] {
  if (label?.endsWith('KEY')) throw new KeyError('CERTIFICATE_IS_KEY');
  const certificate = firstThatReads([() => new X509Certificate(der)], 'CERTIFICATE_UNREADABLE');
  const publicKey = firstThatReads([() => certificate.publicKey], 'CERTIFICATE_NOT_RSA');
  const key = strongRsa(publicKey, 'CERTIFICATE_NOT_RSA');
  if (isOwn(key) || isMerchants(certificate)) {
    throw new KeyError('CERTIFICATE_IS_MERCHANTS', { found: oneLine(certificate.subject) });
  }
  const expiresAtMs = Date.parse(certificate.validTo);
  const serials = serialsOf(serial ?? certificate.serialNumber);
  return serials.map((each) => ({ serial: each, key, expiresAtMs }));
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
