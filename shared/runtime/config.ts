import * as z from 'zod/mini';
import type { FunctionName } from '../contract/callers.ts';
import { durationMs } from '../contract/duration.ts';
import {
  directKeys,
  type EnvironmentKey,
  environment,
  environmentKeys,
  hasDirectLink,
} from '../contract/environment.ts';
import { readEventsKeys } from '../contract/event/signature.ts';
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
} from '../contract/settingForms.ts';
import {
  EXPIRY_LIMITS,
  type Link,
  ORDER_LIMITS,
  ORDER_TTL_MS,
  type OrderLimits,
} from '../domain/limits.ts';
import type { PriceSource } from '../ports/settings.ts';

/** The direct link's keys and addresses. */
export interface ApiV3Config {
  /** 服务商, where the keys are its own: the merchant is paid through them. */
  provider?: { mchid: string; appid: string };
  serialNo: string;
  privateKey: string;
  /** 换证: the pair that takes over when WeChat no longer takes the first. */
  next?: { serialNo: string; privateKey: string };
  apiV3Key: string;
  publicKey?: { id: string; pem: string };
  platformCert?: string;
  notifyUrl: string;
  refundNotifyUrl: string;
  apiUrl: string;
}

/** How the merchant is reached. */
export interface MerchantConfig {
  /** The newest first; none: nothing can be signed. */
  eventsKeys: readonly Uint8Array[];
  quoteFunction: string;
  fulfilFunction: string;
  eventsUrl?: string;
  /** WeChat Pay is a local cloud's. */
  isLocal: boolean;
}

/** The configuration of a function, read once where its process starts. */
export interface Config {
  /** The link of new orders. */
  link: Link;
  mchid: string;
  appid: string;
  /** Absent where only cloud pay is configured. */
  apiV3?: ApiV3Config;
  /** APIv2 密钥: opens the notices of refunds that were made in the merchant console. */
  apiV2Key?: string;
  orderTtlMs: number;
  closeMinAgeMs?: number;
  checkConcurrency?: number;
  orderLimits: OrderLimits;
  /** Each of them signs service calls; two while one is replaced. */
  serviceKeys: readonly string[];
  adminOpenids: readonly string[];
  priceSource: PriceSource;
  /** The merchant's own functions, and the keys by which they know us. */
  merchant: MerchantConfig;
  /** The CloudBase environment; cloud pay needs it whole. */
  envId?: string;
}

/** A configuration that cannot work: names each key, what it should hold and where to find it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG';
}

const mchid = z.string().check(z.regex(MCHID));
const appid = z.string().check(z.regex(APPID));
const text = z.string().check(z.minLength(1));
const serial = z.pipe(z.pipe(z.string(), z.transform(serialIn)), z.string().check(z.regex(SERIAL)));
const secret32 = z.string().check(z.refine((key) => Buffer.byteLength(key) === SECRET_BYTES));
const duration = (minMs: number, maxMs: number) =>
  z.pipe(
    text,
    z.pipe(
      z.transform((iso: string) => durationMs(iso) ?? Number.NaN),
      z.number().check(z.minimum(minMs), z.maximum(maxMs)),
    ),
  );
const notifyUrl = text.check(z.maxLength(NOTIFY_URL_LENGTH_MAX), z.regex(NOTIFY_URL));
const apiUrl = text.check(z.refine((url) => API_URL.test(url) || LOOPBACK_URL.test(url)));

const functionName = z.string().check(z.regex(FUNCTION_NAME));
const eventsKeys = text.check(z.refine(isReadable(readEventsKeys)));

const OFFICIAL_API = 'https://api.mch.weixin.qq.com';

const keys = {
  WXPAY_LINK: z._default(z.enum(['apiV3', 'cloudPay']), 'apiV3'),
  WXPAY_MCHID: mchid,
  WXPAY_APPID: appid,
  WXPAY_SP_MCHID: z.optional(mchid),
  WXPAY_SP_APPID: z.optional(appid),
  WXPAY_SERIAL_NO: serial,
  WXPAY_PRIVATE_KEY: text,
  WXPAY_SERIAL_NO_NEXT: z.optional(serial),
  WXPAY_PRIVATE_KEY_NEXT: z.optional(text),
  WXPAY_API_V3_KEY: secret32,
  WXPAY_API_V2_KEY: z.optional(secret32),
  WXPAY_PUBLIC_KEY_ID: z.optional(z.string().check(z.regex(PUBLIC_KEY_ID))),
  WXPAY_PUBLIC_KEY: z.optional(text),
  WXPAY_PLATFORM_CERT: z.optional(text),
  WXPAY_NOTIFY_URL: notifyUrl,
  WXPAY_REFUND_NOTIFY_URL: z.optional(notifyUrl),
  WXPAY_API_URL: z._default(apiUrl, OFFICIAL_API),
  WXPAY_ORDER_TTL: z.optional(duration(EXPIRY_LIMITS.minMs, EXPIRY_LIMITS.maxMs)),
  WXPAY_CLOSE_MIN_AGE: z.optional(duration(0, CLOSE_MIN_AGE_MAX_MS)),
  WXPAY_CHECK_CONCURRENCY: z.optional(z.string().check(z.regex(CHECK_CONCURRENCY_FORM))),
  WXPAY_ORDER_LIMITS: z.optional(z.string().check(z.regex(ORDER_LIMITS_FORM))),
  WXPAY_SERVICE_KEY: z.optional(z.string().check(z.minLength(SERVICE_KEY_LENGTH_MIN))),
  WXPAY_SERVICE_KEY_NEXT: z.optional(z.string().check(z.minLength(SERVICE_KEY_LENGTH_MIN))),
  WXPAY_ADMIN_OPENIDS: z.optional(z.string().check(z.regex(OPENIDS))),
  WXPAY_EVENTS_KEY: z.optional(eventsKeys),
  WXPAY_FULFIL_FUNCTION: z._default(functionName, 'fulfilOrder'),
  WXPAY_EVENTS_URL: z.optional(z.string().check(z.regex(EVENTS_URL))),
  WXPAY_QUOTE_FUNCTION: z._default(functionName, 'quoteOrder'),
  WXPAY_PRICE_SOURCE: z._default(z.enum(['service', 'quote', 'client']), 'service'),
} satisfies Record<EnvironmentKey, z.ZodMiniType>;

type Parsed = { [K in EnvironmentKey]: z.infer<(typeof keys)[K]> };

function isReadable(read: (text: string) => unknown): (text: string) => boolean {
  return (value) => {
    try {
      read(value);
      return true;
    } catch {
      return false;
    }
  };
}

/** Reads the configuration of a function from the process's environment; throws a ConfigError. */
export function readConfig(name: FunctionName, env: Environment = process.env): Config {
  const wrong: string[] = [];
  const parsed: Partial<Record<EnvironmentKey, unknown>> = {};
  // A function that gets no key of the merchant, as one that only lists, has no link to ask through.
  const isDirect = hasDirectLink(env) && environmentKeys[name].includes('WXPAY_PRIVATE_KEY');
  for (const key of Object.keys(keys) as EnvironmentKey[]) {
    if (!isDirect && (directKeys as readonly string[]).includes(key)) continue;
    // An empty value in the console means that none was set.
    const value = environmentKeys[name].includes(key) ? env[key] || undefined : undefined;
    const result = keys[key].safeParse(value);
    if (result.success) parsed[key] = result.data;
    else if (environmentKeys[name].includes(key)) {
      wrong.push(
        `${key} ${value === undefined ? '未设置 (missing)' : '有误 (wrong)'}: ${environment[key]}`,
      );
    }
  }
  wrong.push(...halves(parsed as Parsed), ...withoutEnvironment(parsed as Parsed, env));
  wrong.push(...quotesUnsigned(parsed as Parsed));
  if (wrong.length > 0) throw new ConfigError(`配置错误 (configuration)\n${wrong.join('\n')}`);
  return configOf(parsed as Parsed, { isDirect }, env);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that are of use only in pairs. */
const PAIRS = [
  ['WXPAY_SP_MCHID', 'WXPAY_SP_APPID'],
  ['WXPAY_PUBLIC_KEY_ID', 'WXPAY_PUBLIC_KEY'],
  ['WXPAY_SERIAL_NO_NEXT', 'WXPAY_PRIVATE_KEY_NEXT'],
] as const;

function halves(parsed: Parsed): string[] {
  return PAIRS.flatMap(([one, other]) => {
    if ((parsed[one] === undefined) === (parsed[other] === undefined)) return [];
    const lacks = parsed[one] === undefined ? one : other;
    const has = lacks === one ? other : one;
    return [`${lacks} 未设置，而 ${has} 已设置 (missing beside it): ${environment[lacks]}`];
  });
}

/** Refuses quotes without a key: the merchant's function answers none that is not signed. */
function quotesUnsigned(parsed: Parsed): string[] {
  const { WXPAY_PRICE_SOURCE: source, WXPAY_EVENTS_KEY: key } = parsed;
  if (source !== 'quote' || key !== undefined) return [];
  const lacks =
    '未设置，而 WXPAY_PRICE_SOURCE=quote 需要它 (missing, and quotes are signed with it)';
  return [`WXPAY_EVENTS_KEY ${lacks}: ${environment.WXPAY_EVENTS_KEY}`];
}

/** Refuses cloud pay without an environment: it is where WeChat calls back, a wrong id is never notified. */
function withoutEnvironment({ WXPAY_LINK: link }: Parsed, env: Environment): string[] {
  if (link !== 'cloudPay' || envIdOf(env)) return [];
  return [
    'TCB_ENV 未设置：WXPAY_LINK=cloudPay 只能在云开发环境中运行 (missing: cloud pay works in a CloudBase environment only)',
  ];
}

/** Names that SCF outside of CloudBase, and DevTools on a laptop, put in the place of an environment. */
const NO_ENVIRONMENTS = ['default', 'local'];

function envIdOf(env: Environment): string | undefined {
  const id = env.TCB_ENV || env.SCF_NAMESPACE;
  return id && !NO_ENVIRONMENTS.includes(id) ? id : undefined;
}

function configOf(parsed: Parsed, { isDirect }: { isDirect: boolean }, env: Environment): Config {
  return {
    link: parsed.WXPAY_LINK,
    mchid: parsed.WXPAY_MCHID,
    appid: parsed.WXPAY_APPID,
    ...(isDirect ? { apiV3: apiV3Of(parsed) } : {}),
    orderTtlMs: parsed.WXPAY_ORDER_TTL ?? ORDER_TTL_MS,
    orderLimits: limitsIn(parsed.WXPAY_ORDER_LIMITS),
    priceSource: parsed.WXPAY_PRICE_SOURCE,
    serviceKeys: [parsed.WXPAY_SERVICE_KEY, parsed.WXPAY_SERVICE_KEY_NEXT].filter(
      (key) => key !== undefined,
    ),
    adminOpenids: (parsed.WXPAY_ADMIN_OPENIDS ?? '').split(/[, ]+/).filter(Boolean),
    merchant: merchantOf(parsed),
    ...defined('apiV2Key', parsed.WXPAY_API_V2_KEY),
    ...defined('closeMinAgeMs', parsed.WXPAY_CLOSE_MIN_AGE),
    ...defined('checkConcurrency', numberIn(parsed.WXPAY_CHECK_CONCURRENCY)),
    ...defined('envId', envIdOf(env)),
  };
}

function merchantOf(parsed: Parsed): MerchantConfig {
  const { WXPAY_EVENTS_KEY: keys } = parsed;
  return {
    eventsKeys: keys === undefined ? [] : readEventsKeys(keys),
    quoteFunction: parsed.WXPAY_QUOTE_FUNCTION,
    fulfilFunction: parsed.WXPAY_FULFIL_FUNCTION,
    ...defined('eventsUrl', parsed.WXPAY_EVENTS_URL),
    isLocal: LOOPBACK_URL.test(parsed.WXPAY_API_URL),
  };
}

function apiV3Of(parsed: Parsed): ApiV3Config {
  const { WXPAY_SP_MCHID: spMchid, WXPAY_SP_APPID: spAppid } = parsed;
  const { WXPAY_PUBLIC_KEY_ID: id, WXPAY_PUBLIC_KEY: pem } = parsed;
  const { WXPAY_SERIAL_NO_NEXT: nextNo, WXPAY_PRIVATE_KEY_NEXT: nextKey } = parsed;
  return {
    serialNo: parsed.WXPAY_SERIAL_NO,
    privateKey: parsed.WXPAY_PRIVATE_KEY,
    apiV3Key: parsed.WXPAY_API_V3_KEY,
    notifyUrl: parsed.WXPAY_NOTIFY_URL,
    refundNotifyUrl:
      parsed.WXPAY_REFUND_NOTIFY_URL ?? refundNotifyUrlBeside(parsed.WXPAY_NOTIFY_URL),
    apiUrl: parsed.WXPAY_API_URL,
    ...(spMchid && spAppid ? { provider: { mchid: spMchid, appid: spAppid } } : {}),
    ...(id && pem ? { publicKey: { id, pem } } : {}),
    ...(nextNo && nextKey ? { next: { serialNo: nextNo, privateKey: nextKey } } : {}),
    ...defined('platformCert', parsed.WXPAY_PLATFORM_CERT),
  };
}

/** Makes the address at which serverless.yml routes refundCallback, on the domain of payCallback. */
function refundNotifyUrlBeside(notifyUrl: string | undefined): string {
  // A missing address is reported under its own key.
  return notifyUrl === undefined ? '' : `${notifyUrl.split('/', 3).join('/')}/refund/notify`;
}

/** Reads `perMinute/unpaid`. */
function limitsIn(text: string | undefined): OrderLimits {
  if (text === undefined) return ORDER_LIMITS;
  const [perMinute = 0, unpaid = 0] = text.split('/').map(Number);
  return { perMinute, unpaid };
}

const numberIn = (text: string | undefined) => (text === undefined ? undefined : Number(text));

function defined<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}
