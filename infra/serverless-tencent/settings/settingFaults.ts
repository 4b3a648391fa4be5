import { durationMs } from '../../../shared/contract/duration.ts';
import { type EnvironmentKey, environment as texts } from '../../../shared/contract/environment.ts';
import { type ReadResult, readCertificates, readPrivateKey, readPublicKey } from './keys.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const isDurationBetween = (minMs: number, maxMs: number) => (iso: string) => {
  const ms = durationMs(iso) ?? -1;
  return ms >= minMs && ms <= maxMs;
};

/** The form of a local cloud's base address. */
export const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Readers of the values that hold keys; each says why a value cannot be read. */
const READERS = {
  WXPAY_PRIVATE_KEY: readPrivateKey,
  WXPAY_PRIVATE_KEY_NEXT: readPrivateKey,
  WXPAY_PUBLIC_KEY: readPublicKey,
  WXPAY_PLATFORM_CERT: readCertificates,
} satisfies Partial<Record<EnvironmentKey, (text: string) => ReadResult<unknown>>>;

const isSerial = (value: string) => /^[0-9A-Fa-f]{8,64}$/.test(value);
const isMchid = (value: string) => /^\d{1,32}$/.test(value);
const isAppid = (value: string) => /^wx[0-9A-Za-z]{1,30}$/.test(value);
const hasLength32 = (value: string) => Buffer.byteLength(value) === 32;
const isNotifyUrl = (value: string) =>
  value.length <= 255 && /^https:\/\/[^/?#\s]+\/[^?#\s]*$/.test(value);

/** Tests of the form of each other value, by the texts of the contract. */
const FORMS: Record<Exclude<EnvironmentKey, keyof typeof READERS>, (value: string) => boolean> = {
  WXPAY_LINK: (value) => ['apiV3', 'cloudPay'].includes(value),
  WXPAY_MCHID: isMchid,
  WXPAY_APPID: isAppid,
  WXPAY_SP_MCHID: isMchid,
  WXPAY_SP_APPID: isAppid,
  WXPAY_SERIAL_NO: isSerial,
  WXPAY_SERIAL_NO_NEXT: isSerial,
  WXPAY_API_V3_KEY: hasLength32,
  WXPAY_API_V2_KEY: hasLength32,
  WXPAY_PUBLIC_KEY_ID: (value) => /^PUB_KEY_ID_\d+$/.test(value),
  WXPAY_NOTIFY_URL: isNotifyUrl,
  WXPAY_REFUND_NOTIFY_URL: isNotifyUrl,
  WXPAY_API_URL: (value) => /^https:\/\/[^/?#\s]+$/.test(value) || LOOPBACK.test(value),
  WXPAY_ORDER_TTL: isDurationBetween(MINUTE_MS, 15 * DAY_MS),
  WXPAY_CLOSE_MIN_AGE: isDurationBetween(0, DAY_MS),
  WXPAY_SERVICE_KEY: (value) => value.length >= 32,
  WXPAY_ADMIN_OPENIDS: (value) => /^[0-9A-Za-z_\-, ]*$/.test(value),
  WXPAY_PRICE_SOURCE: (value) => ['service', 'client'].includes(value),
};

/** Tells a value that is no key and lacks the form that it needs; an empty one sets nothing. */
export function isMalformed(key: EnvironmentKey, value: string): boolean {
  return value !== '' && hasForm(key) && !FORMS[key](value);
}

/**
 * Finds what is wrong with the values that `serverless.yml` sets, by key: with such a value no
 * function starts, or none signs. Keys that are missing, empty, or not ours are no fault. Texts are
 * Chinese, then English, name no key, and quote no value.
 */
export function settingFaults(
  environment: Readonly<Record<string, string>>,
): { key: string; text: string }[] {
  return Object.entries(environment).flatMap(([key, value]) => {
    const fault = Object.hasOwn(texts, key) ? faultOf(key as EnvironmentKey, value) : undefined;
    return fault === undefined ? [] : [{ key, text: fault }];
  });
}

function faultOf(key: EnvironmentKey, value: string): string | undefined {
  if (value === '') return undefined;
  if (hasForm(key)) {
    return FORMS[key](value) ? undefined : `格式有误 (malformed)：${texts[key]}`;
  }
  const read = READERS[key](value);
  return read.kind === 'fault' ? `${read.fault}：${texts[key]}` : undefined;
}

function hasForm(key: EnvironmentKey): key is keyof typeof FORMS {
  return Object.hasOwn(FORMS, key);
}
