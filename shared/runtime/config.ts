import type { FunctionName } from '../contract/callers.ts';
import {
  directKeys,
  type EnvironmentKey,
  environment,
  environmentKeys,
  hasDirectLink,
} from '../contract/environment.ts';
import { DEFAULTS, type EnvironmentValues, readValue } from '../contract/environmentValues.ts';
import { readEventsKeys } from '../contract/event/signature.ts';
import { LOOPBACK_URL } from '../contract/settingForms.ts';
import { type Link, ORDER_LIMITS, ORDER_TTL_MS, type OrderLimits } from '../domain/limits.ts';
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

const FAULTS = { missing: '未设置 (missing)', wrong: '有误 (wrong)' } as const;

/** Reads the configuration of a function from the process's environment; throws a ConfigError. */
export function readConfig(name: FunctionName, env: Environment = process.env): Config {
  const wrong: string[] = [];
  const values: Partial<Record<EnvironmentKey, unknown>> = { ...DEFAULTS };
  // A function that gets no key of the merchant, as one that only lists, has no link to ask through.
  const isDirect = hasDirectLink(env) && environmentKeys[name].includes('WXPAY_PRIVATE_KEY');
  for (const key of environmentKeys[name]) {
    if (!isDirect && (directKeys as readonly string[]).includes(key)) continue;
    // An empty value in the console means that none was set.
    const read = readValue(key, env[key] || undefined);
    if (typeof read === 'object') values[key] = read.value;
    else wrong.push(`${key} ${FAULTS[read]}: ${environment[key]}`);
  }
  wrong.push(
    ...halves(values as EnvironmentValues),
    ...withoutEnvironment(values as EnvironmentValues, env),
  );
  wrong.push(...quotesUnsigned(values as EnvironmentValues));
  if (wrong.length > 0) throw new ConfigError(`配置错误 (configuration)\n${wrong.join('\n')}`);
  return configOf(values as EnvironmentValues, { isDirect }, env);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that are of use only in pairs. */
const PAIRS = [
  ['WXPAY_SP_MCHID', 'WXPAY_SP_APPID'],
  ['WXPAY_PUBLIC_KEY_ID', 'WXPAY_PUBLIC_KEY'],
  ['WXPAY_SERIAL_NO_NEXT', 'WXPAY_PRIVATE_KEY_NEXT'],
] as const;

function halves(values: EnvironmentValues): string[] {
  return PAIRS.flatMap(([one, other]) => {
    if ((values[one] === undefined) === (values[other] === undefined)) return [];
    const lacks = values[one] === undefined ? one : other;
    const has = lacks === one ? other : one;
    return [`${lacks} 未设置，而 ${has} 已设置 (missing beside it): ${environment[lacks]}`];
  });
}

/** Refuses quotes without a key: the merchant's function answers none that is not signed. */
function quotesUnsigned(values: EnvironmentValues): string[] {
  const { WXPAY_PRICE_SOURCE: source, WXPAY_EVENTS_KEY: key } = values;
  if (source !== 'quote' || key !== undefined) return [];
  const lacks =
    '未设置，而 WXPAY_PRICE_SOURCE=quote 需要它 (missing, and quotes are signed with it)';
  return [`WXPAY_EVENTS_KEY ${lacks}: ${environment.WXPAY_EVENTS_KEY}`];
}

/** Refuses cloud pay without an environment: it is where WeChat calls back, a wrong id is never notified. */
function withoutEnvironment({ WXPAY_LINK: link }: EnvironmentValues, env: Environment): string[] {
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

function configOf(
  values: EnvironmentValues,
  { isDirect }: { isDirect: boolean },
  env: Environment,
): Config {
  return {
    link: values.WXPAY_LINK,
    mchid: values.WXPAY_MCHID,
    appid: values.WXPAY_APPID,
    ...(isDirect ? { apiV3: apiV3Of(values) } : {}),
    orderTtlMs: values.WXPAY_ORDER_TTL ?? ORDER_TTL_MS,
    orderLimits: limitsIn(values.WXPAY_ORDER_LIMITS),
    priceSource: values.WXPAY_PRICE_SOURCE,
    serviceKeys: [values.WXPAY_SERVICE_KEY, values.WXPAY_SERVICE_KEY_NEXT].filter(
      (key) => key !== undefined,
    ),
    adminOpenids: (values.WXPAY_ADMIN_OPENIDS ?? '').split(/[, ]+/).filter(Boolean),
    merchant: merchantOf(values),
    ...defined('apiV2Key', values.WXPAY_API_V2_KEY),
    ...defined('closeMinAgeMs', values.WXPAY_CLOSE_MIN_AGE),
    ...defined('checkConcurrency', numberIn(values.WXPAY_CHECK_CONCURRENCY)),
    ...defined('envId', envIdOf(env)),
  };
}

function merchantOf(values: EnvironmentValues): MerchantConfig {
  const { WXPAY_EVENTS_KEY: keys } = values;
  return {
    eventsKeys: keys === undefined ? [] : readEventsKeys(keys),
    quoteFunction: values.WXPAY_QUOTE_FUNCTION,
    fulfilFunction: values.WXPAY_FULFIL_FUNCTION,
    ...defined('eventsUrl', values.WXPAY_EVENTS_URL),
    isLocal: LOOPBACK_URL.test(values.WXPAY_API_URL),
  };
}

function apiV3Of(values: EnvironmentValues): ApiV3Config {
  const { WXPAY_SP_MCHID: spMchid, WXPAY_SP_APPID: spAppid } = values;
  const { WXPAY_PUBLIC_KEY_ID: id, WXPAY_PUBLIC_KEY: pem } = values;
  const { WXPAY_SERIAL_NO_NEXT: nextNo, WXPAY_PRIVATE_KEY_NEXT: nextKey } = values;
  return {
    serialNo: values.WXPAY_SERIAL_NO,
    privateKey: values.WXPAY_PRIVATE_KEY,
    apiV3Key: values.WXPAY_API_V3_KEY,
    notifyUrl: values.WXPAY_NOTIFY_URL,
    refundNotifyUrl:
      values.WXPAY_REFUND_NOTIFY_URL ?? refundNotifyUrlBeside(values.WXPAY_NOTIFY_URL),
    apiUrl: values.WXPAY_API_URL,
    ...(spMchid && spAppid ? { provider: { mchid: spMchid, appid: spAppid } } : {}),
    ...(id && pem ? { publicKey: { id, pem } } : {}),
    ...(nextNo && nextKey ? { next: { serialNo: nextNo, privateKey: nextKey } } : {}),
    ...defined('platformCert', values.WXPAY_PLATFORM_CERT),
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
