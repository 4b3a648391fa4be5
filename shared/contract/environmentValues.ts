import { EXPIRY_LIMITS } from '../domain/limits.ts';
import { durationMs } from './duration.ts';
import type { EnvironmentKey } from './environment.ts';
import { readEventsKeys } from './event/signature.ts';
import {
  API_URL,
  APPID,
  CHECK_CONCURRENCY_FORM,
  CLOSE_MIN_AGE_MAX_MS,
  EVENTS_URL,
  FUNCTION_NAME,
  LOOPBACK_URL,
  MCHID,
  NOTIFY_URL,
  NOTIFY_URL_LENGTH_MAX,
  OPENIDS,
  ORDER_LIMITS_FORM,
  PUBLIC_KEY_ID,
  SECRET_BYTES,
  SERIAL,
  SERVICE_KEY_LENGTH_MIN,
  serialIn,
} from './settingForms.ts';

/** Reads a value that is set; undefined where it is wrong. */
type Reader = (text: string) => string | number | undefined;

const matching = (form: RegExp) => (text: string) => (form.test(text) ? text : undefined);
const where = (isRight: (text: string) => boolean) => (text: string) =>
  isRight(text) ? text : undefined;
const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (text: string) =>
    words.find((word) => word === text);
const durationIn = (minMs: number, maxMs: number) => (text: string) => {
  const ms = durationMs(text);
  return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
};

const anyText = (text: string) => text;
const mchid = matching(MCHID);
const appid = matching(APPID);
const serial = (text: string) => matching(SERIAL)(serialIn(text));
const secret = where((key) => Buffer.byteLength(key) === SECRET_BYTES);
const notifyUrl = where((url) => url.length <= NOTIFY_URL_LENGTH_MAX && NOTIFY_URL.test(url));
const serviceKey = where((key) => key.length >= SERVICE_KEY_LENGTH_MIN);
const functionName = matching(FUNCTION_NAME);

/** Lists how each key is read. These are plain functions: schemas of all keys would be made at every cold start. */
const readers = {
  WXPAY_LINK: oneOf('apiV3', 'cloudPay'),
  WXPAY_MCHID: mchid,
  WXPAY_APPID: appid,
  WXPAY_SP_MCHID: mchid,
  WXPAY_SP_APPID: appid,
  WXPAY_SERIAL_NO: serial,
  WXPAY_PRIVATE_KEY: anyText,
  WXPAY_SERIAL_NO_NEXT: serial,
  WXPAY_PRIVATE_KEY_NEXT: anyText,
  WXPAY_API_V3_KEY: secret,
  WXPAY_API_V2_KEY: secret,
  WXPAY_PUBLIC_KEY_ID: matching(PUBLIC_KEY_ID),
  WXPAY_PUBLIC_KEY: anyText,
  WXPAY_PLATFORM_CERT: anyText,
  WXPAY_NOTIFY_URL: notifyUrl,
  WXPAY_REFUND_NOTIFY_URL: notifyUrl,
  WXPAY_API_URL: where((url) => API_URL.test(url) || LOOPBACK_URL.test(url)),
  WXPAY_ORDER_TTL: durationIn(EXPIRY_LIMITS.minMs, EXPIRY_LIMITS.maxMs),
  WXPAY_CLOSE_MIN_AGE: durationIn(0, CLOSE_MIN_AGE_MAX_MS),
  WXPAY_CHECK_CONCURRENCY: matching(CHECK_CONCURRENCY_FORM),
  WXPAY_ORDER_LIMITS: matching(ORDER_LIMITS_FORM),
  WXPAY_SERVICE_KEY: serviceKey,
  WXPAY_SERVICE_KEY_NEXT: serviceKey,
  WXPAY_ADMIN_OPENIDS: matching(OPENIDS),
  WXPAY_EVENTS_KEY: where(areEventsKeys),
  WXPAY_FULFIL_FUNCTION: functionName,
  WXPAY_EVENTS_URL: matching(EVENTS_URL),
  WXPAY_QUOTE_FUNCTION: functionName,
  WXPAY_PRICE_SOURCE: oneOf('service', 'quote', 'client'),
} satisfies Record<EnvironmentKey, Reader>;

/** The values of keys that are not set, or that a function does not read. */
export const DEFAULTS = {
  WXPAY_LINK: 'apiV3',
  WXPAY_API_URL: 'https://api.mch.weixin.qq.com',
  WXPAY_FULFIL_FUNCTION: 'fulfilOrder',
  WXPAY_QUOTE_FUNCTION: 'quoteOrder',
  WXPAY_PRICE_SOURCE: 'service',
} as const;

const REQUIRED = [
  'WXPAY_MCHID',
  'WXPAY_APPID',
  'WXPAY_SERIAL_NO',
  'WXPAY_PRIVATE_KEY',
  'WXPAY_API_V3_KEY',
  'WXPAY_NOTIFY_URL',
] as const satisfies readonly EnvironmentKey[];

type Value<K extends EnvironmentKey> = NonNullable<ReturnType<(typeof readers)[K]>>;

/** The values as they were read: those that may be absent are, the others have a value. */
export type EnvironmentValues = {
  [K in EnvironmentKey]: K extends keyof typeof DEFAULTS | (typeof REQUIRED)[number]
    ? Value<K>
    : Value<K> | undefined;
};

/** Reads the value of a key; `missing` where it has to be set, `wrong` where it is not of its form. */
export function readValue(
  key: EnvironmentKey,
  text: string | undefined,
): { value: string | number | undefined } | 'missing' | 'wrong' {
  if (text === undefined) {
    if ((REQUIRED as readonly string[]).includes(key)) return 'missing';
    return { value: (DEFAULTS as Partial<Record<EnvironmentKey, string>>)[key] };
  }
  const value = readers[key](text);
  return value === undefined ? 'wrong' : { value };
}

function areEventsKeys(text: string): boolean {
  try {
    readEventsKeys(text);
    return true;
  } catch {
    return false;
  }
}
