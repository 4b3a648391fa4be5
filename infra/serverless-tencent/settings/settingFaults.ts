import { durationMs } from '../../../shared/contract/duration.ts';
import { type EnvironmentKey, environment as texts } from '../../../shared/contract/environment.ts';
import { readEventsKeys } from '../../../shared/contract/event/signature.ts';
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
  ORDER_TTL_RANGE,
  PUBLIC_KEY_ID,
  SECRET_BYTES,
  SERIAL,
  SERVICE_KEY_LENGTH_MIN,
  serialIn,
} from '../../../shared/contract/settingForms.ts';
import { type ReadResult, readCertificates, readPrivateKey, readPublicKey } from './keys.ts';
import { mistakesIn } from './mistakes.ts';

const isDurationIn =
  ({ minMs, maxMs }: { minMs: number; maxMs: number }) =>
  (iso: string) => {
    const ms = durationMs(iso) ?? -1;
    return ms >= minMs && ms <= maxMs;
  };

/** Readers of the values that hold keys; each says why a value cannot be read. */
const READERS = {
  WXPAY_PRIVATE_KEY: readPrivateKey,
  WXPAY_PRIVATE_KEY_NEXT: readPrivateKey,
  WXPAY_PUBLIC_KEY: readPublicKey,
  WXPAY_PLATFORM_CERT: readCertificates,
} satisfies Partial<Record<EnvironmentKey, (text: string) => ReadResult<unknown>>>;

const isSerial = (value: string) => SERIAL.test(serialIn(value));
const isMchid = (value: string) => MCHID.test(value);
const isAppid = (value: string) => APPID.test(value);
const isSecret = (value: string) => Buffer.byteLength(value) === SECRET_BYTES;
const isServiceKey = (value: string) => value.length >= SERVICE_KEY_LENGTH_MIN;
const isNotifyUrl = (value: string) =>
  value.length <= NOTIFY_URL_LENGTH_MAX && NOTIFY_URL.test(value);

const areEventsKeys = (value: string) => {
  try {
    return readEventsKeys(value).length > 0;
  } catch {
    return false;
  }
};

/** Tests of the form of each other value, by the texts of the contract. */
const FORMS: Record<Exclude<EnvironmentKey, keyof typeof READERS>, (value: string) => boolean> = {
  WXPAY_LINK: (value) => ['apiV3', 'cloudPay'].includes(value),
  WXPAY_MCHID: isMchid,
  WXPAY_APPID: isAppid,
  WXPAY_SP_MCHID: isMchid,
  WXPAY_SP_APPID: isAppid,
  WXPAY_SERIAL_NO: isSerial,
  WXPAY_SERIAL_NO_NEXT: isSerial,
  WXPAY_API_V3_KEY: isSecret,
  WXPAY_API_V2_KEY: isSecret,
  WXPAY_PUBLIC_KEY_ID: (value) => PUBLIC_KEY_ID.test(value),
  WXPAY_NOTIFY_URL: isNotifyUrl,
  WXPAY_REFUND_NOTIFY_URL: isNotifyUrl,
  WXPAY_API_URL: (value) => API_URL.test(value) || LOOPBACK_URL.test(value),
  WXPAY_ORDER_TTL: isDurationIn(ORDER_TTL_RANGE),
  WXPAY_CLOSE_MIN_AGE: isDurationIn({ minMs: 0, maxMs: CLOSE_MIN_AGE_MAX_MS }),
  WXPAY_CHECK_CONCURRENCY: (value) => CHECK_CONCURRENCY_FORM.test(value),
  WXPAY_ORDER_LIMITS: (value) => ORDER_LIMITS_FORM.test(value),
  WXPAY_SERVICE_KEY: isServiceKey,
  WXPAY_SERVICE_KEY_NEXT: isServiceKey,
  WXPAY_ADMIN_OPENIDS: (value) => OPENIDS.test(value),
  WXPAY_EVENTS_KEY: areEventsKeys,
  WXPAY_FULFIL_FUNCTION: (value) => FUNCTION_NAME.test(value),
  WXPAY_EVENTS_URL: (value) => EVENTS_URL.test(value),
  WXPAY_QUOTE_FUNCTION: (value) => FUNCTION_NAME.test(value),
  WXPAY_PRICE_SOURCE: (value) => ['service', 'quote', 'client'].includes(value),
};

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

/**
 * Finds an address of this machine, which a function in the real cloud cannot reach: what a local
 * cloud was given must not be deployed.
 */
export function loopbackFaults(
  environment: Readonly<Record<string, string>>,
): { key: string; text: string }[] {
  if (!LOOPBACK_URL.test(environment.WXPAY_API_URL ?? '')) return [];
  const text =
    '指向本机，云函数无法访问，请删除 (it leads to this machine, which no function can reach: take it away)';
  return [{ key: 'WXPAY_API_URL', text }];
}

function faultOf(key: EnvironmentKey, value: string): string | undefined {
  if (value === '') return undefined;
  const fault = wrongWith(key, value);
  return fault === undefined ? undefined : `${fault}：${texts[key]}`;
}

/**
 * Says what is wrong with a value; undefined for a good or an empty one. What it should be and
 * where to get it: the texts of the contract.
 */
export function wrongWith(key: EnvironmentKey, value: string): string | undefined {
  if (value === '') return undefined;
  const fault = formFault(key, value);
  if (fault === undefined) return undefined;
  return [fault, mistakesIn(key, value)].filter(Boolean).join('，');
}

function formFault(key: EnvironmentKey, value: string): string | undefined {
  if (hasForm(key)) return FORMS[key](value) ? undefined : '格式有误 (malformed)';
  const read = READERS[key](value);
  return read.kind === 'fault' ? read.fault : undefined;
}

function hasForm(key: EnvironmentKey): key is keyof typeof FORMS {
  return Object.hasOwn(FORMS, key);
}
