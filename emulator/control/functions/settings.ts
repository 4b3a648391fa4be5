import {
  type EnvironmentKey,
  environmentKeys,
  environment as meanings,
  sampleKeys,
} from '../../../shared/contract/environment.ts';
import { readValue } from '../../../shared/contract/environmentValues.ts';
import type { FunctionSetting } from '../api/deployed/functions.ts';

/**
 * Only the values of these leave the cloud. Lines of production have listed fields alone, in the same way: a
 * setting that comes later, one of the merchant's own, a key and an openid are hidden because nobody listed them.
 */
const SHOWN: readonly EnvironmentKey[] = [
  'WXPAY_LINK',
  'WXPAY_MCHID',
  'WXPAY_APPID',
  'WXPAY_SP_MCHID',
  'WXPAY_SP_APPID',
  'WXPAY_SERIAL_NO',
  'WXPAY_SERIAL_NO_NEXT',
  'WXPAY_PUBLIC_KEY_ID',
  'WXPAY_NOTIFY_URL',
  'WXPAY_REFUND_NOTIFY_URL',
  'WXPAY_API_URL',
  'WXPAY_ORDER_TTL',
  'WXPAY_CLOSE_MIN_AGE',
  'WXPAY_CHECK_CONCURRENCY',
  'WXPAY_ORDER_LIMITS',
  'WXPAY_FULFIL_FUNCTION',
  'WXPAY_QUOTE_FUNCTION',
  'WXPAY_PRICE_SOURCE',
];

/** These are hidden, and no secrets: texts of answers may have them. */
const PUBLIC: readonly EnvironmentKey[] = [
  'WXPAY_PUBLIC_KEY',
  'WXPAY_PLATFORM_CERT',
  'WXPAY_ADMIN_OPENIDS',
];

/** A shorter value of a variable of the merchant's own may be any word, and would hide it everywhere. */
const FOREIGN_LENGTH_MIN = 16;

type Environment = Readonly<Record<string, string>>;

/** Describes the settings of a function: those that it reads, then those that the merchant added. */
export function settingsOf(
  name: string,
  environment: Environment,
  isReadableKey: (key: EnvironmentKey, value: string) => boolean,
): FunctionSetting[] {
  const own = keysOf(name);
  const foreign = Object.keys(environment).filter((key) => !isOurs(key));
  return [...own, ...foreign].map((key) => {
    const value = environment[key] ?? '';
    if (!isOurs(key)) return { name: key, isSet: value !== '' };
    const meaning = meanings[key];
    if (value === '') return { name: key, meaning, isSet: false };
    const isWellFormed = readValue(key, value) !== 'wrong' && isReadableKey(key, value);
    const shown = SHOWN.includes(key) ? { value } : {};
    return { name: key, meaning, isSet: true, isWellFormed, ...shown };
  });
}

/** Lists the values that must stand in no answer. */
export function secretValues(environments: readonly Environment[]): string[] {
  const values = environments.flatMap((environment) =>
    Object.entries(environment).flatMap(([key, value]) => {
      if (!isOurs(key)) return value.length < FOREIGN_LENGTH_MIN ? [] : [value];
      const isPublic = SHOWN.includes(key) || PUBLIC.includes(key);
      return isPublic ? [] : value.split(',');
    }),
  );
  return [...new Set(values)].filter(Boolean);
}

function keysOf(name: string): readonly EnvironmentKey[] {
  const lists: Readonly<Record<string, readonly EnvironmentKey[]>> = {
    ...environmentKeys,
    ...sampleKeys,
  };
  return Object.hasOwn(lists, name) ? (lists[name] ?? []) : [];
}

function isOurs(key: string): key is EnvironmentKey {
  return Object.hasOwn(meanings, key);
}
