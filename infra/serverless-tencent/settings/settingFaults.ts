import { type EnvironmentKey, environment as texts } from '../../../shared/contract/environment.ts';
import { readValue } from '../../../shared/contract/environmentValues.ts';
import { LOOPBACK_URL } from '../../../shared/contract/settingForms.ts';
import { type ReadResult, readCertificates, readPrivateKey, readPublicKey } from './keys.ts';
import { mistakesIn } from './mistakes.ts';

/** Readers of the values that hold keys; each says why a value cannot be read. */
const READERS = {
  WXPAY_PRIVATE_KEY: readPrivateKey,
  WXPAY_PRIVATE_KEY_NEXT: readPrivateKey,
  WXPAY_PUBLIC_KEY: readPublicKey,
  WXPAY_PLATFORM_CERT: readCertificates,
} satisfies Partial<Record<EnvironmentKey, (text: string) => ReadResult<unknown>>>;

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
  if (!isKey(key)) return readValue(key, value) === 'wrong' ? '格式有误 (malformed)' : undefined;
  const read = READERS[key](value);
  return read.kind === 'fault' ? read.fault : undefined;
}

function isKey(key: EnvironmentKey): key is keyof typeof READERS {
  return Object.hasOwn(READERS, key);
}
