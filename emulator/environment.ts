import { environmentKeys } from '../shared/contract/environment.ts';
import type { MerchantFacts } from './wechatpay/wechatpay.ts';

/** What the local cloud decides for the functions, beside the merchant's keys. */
export interface LocalSettings {
  apiUrl: string;
  notifyUrl: string;
  serviceKey: string;
  /** `WXPAY_…` of whoever started it; they win. */
  given: Readonly<Record<string, string | undefined>>;
}

/** Every setting of the functions, by environment key. */
export function settingsOf(merchant: MerchantFacts, local: LocalSettings): Record<string, string> {
  const given = Object.entries(local.given).filter(
    (pair): pair is [string, string] => pair[0].startsWith('WXPAY_') && pair[1] !== undefined,
  );
  return {
    WXPAY_LINK: 'apiV3',
    WXPAY_MCHID: merchant.mchid,
    WXPAY_APPID: merchant.appid,
    WXPAY_SERIAL_NO: merchant.serialNo,
    WXPAY_PRIVATE_KEY: bare(merchant.privateKeyPem),
    WXPAY_API_V3_KEY: merchant.apiV3Key,
    WXPAY_PUBLIC_KEY_ID: merchant.publicKeyId,
    WXPAY_PUBLIC_KEY: bare(merchant.publicKeyPem),
    WXPAY_SERVICE_KEY: local.serviceKey,
    WXPAY_ADMIN_OPENIDS: 'oLocalAdmin',
    // The shop on the page has no server of its own.
    WXPAY_PRICE_SOURCE: 'client',
    ...Object.fromEntries(given),
    // Whatever the shell says: a local order must never reach the real WeChat Pay.
    WXPAY_API_URL: local.apiUrl,
    WXPAY_NOTIFY_URL: local.notifyUrl,
  };
}

/** The settings that one function knows; a whole environment is 4 kB at the most. */
export function environmentOf(
  name: string,
  settings: Record<string, string>,
): Record<string, string> {
  const keys: readonly string[] = Object.hasOwn(environmentKeys, name)
    ? environmentKeys[name as keyof typeof environmentKeys]
    : [];
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)));
}

/** A PEM without its frame: base64 of the DER, as short as it gets. */
function bare(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
}
