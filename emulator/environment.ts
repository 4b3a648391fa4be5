import { environment } from '../shared/contract/environment.ts';
import type { PlatformSwitches } from './runner/invocations/switches.ts';
import type { MerchantFacts } from './wechatpay/merchantFacts.ts';
import type { WeChatSwitches } from './wechatpay/wire/switches.ts';

/** The local cloud decides these for the functions, beside the merchant's keys. */
export interface LocalSettings {
  apiUrl: string;
  notifyUrl: string;
  serviceKey: string;
  eventsKey: string;
  /** `WXPAY_…` of whoever started it; they win. */
  env: Readonly<Record<string, string | undefined>>;
}

/** Lists number and keys of a merchant by environment key, and the link where it is given. */
export function merchantSettings(merchant: MerchantFacts, link?: string): Record<string, string> {
  return {
    ...(link === undefined ? {} : { WXPAY_LINK: link }),
    WXPAY_MCHID: merchant.mchid,
    WXPAY_APPID: merchant.appid,
    WXPAY_SERIAL_NO: merchant.serialNo,
    WXPAY_PRIVATE_KEY: stripPemFrame(merchant.privateKeyPem),
    WXPAY_API_V3_KEY: merchant.apiV3Key,
    WXPAY_API_V2_KEY: merchant.apiV2Key,
    WXPAY_PUBLIC_KEY_ID: merchant.publicKeyId,
    WXPAY_PUBLIC_KEY: stripPemFrame(merchant.publicKeyPem),
  };
}

/** Lists every setting of the functions by environment key. */
export function settingsOf(merchant: MerchantFacts, local: LocalSettings): Record<string, string> {
  const fromShell = Object.entries(local.env).filter(
    (pair): pair is [string, string] => pair[0].startsWith('WXPAY_') && pair[1] !== undefined,
  );
  return {
    WXPAY_LINK: 'apiV3',
    ...merchantSettings(merchant),
    WXPAY_SERVICE_KEY: local.serviceKey,
    WXPAY_EVENTS_KEY: local.eventsKey,
    WXPAY_ADMIN_OPENIDS: 'oLocalAdmin',
    WXPAY_PRICE_SOURCE: priceSourceOf(local.env),
    ...Object.fromEntries(fromShell),
    // Whatever the shell says: a local order must never reach the real WeChat Pay.
    WXPAY_API_URL: local.apiUrl,
    WXPAY_NOTIFY_URL: local.notifyUrl,
  };
}

/**
 * Lists the settings as `serverless.yml` reads them from the environment: every key, so that
 * neither a shell nor an `.env` file with the keys of a real merchant decides any.
 */
export function deployEnvironment(settings: Record<string, string>): Record<string, string> {
  const unset = Object.fromEntries(Object.keys(environment).map((key) => [key, '']));
  return { ...unset, ...settings };
}

/** Tells unmodified SDKs and the deploy where this cloud is, and its keys. */
export function sdkEnvironment(cloud: {
  url: string;
  region: string;
  envId: string;
  secretId: string;
  secretKey: string;
  token: string;
  permanentId: string;
  permanentKey: string;
  apiKey: string;
}): Record<string, string> {
  const { url, region, envId, secretId, secretKey, token } = cloud;
  return {
    LOCAL_URL: url,
    // CloudBase SDKs, inside functions and out.
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${url}/admin` }),
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: region,
    SCF_NAMESPACE: envId,
    TCB_ENV: envId,
    TENCENTCLOUD_SECRETID: secretId,
    TENCENTCLOUD_SECRETKEY: secretKey,
    TENCENTCLOUD_SESSIONTOKEN: token,
    LOCAL_PERMANENT_SECRET_ID: cloud.permanentId,
    LOCAL_PERMANENT_SECRET_KEY: cloud.permanentKey,
    // CloudBase's HTTP API.
    LOCAL_API_KEY: cloud.apiKey,
    // The Tencent Cloud API.
    TENCENTCLOUD_ENDPOINT: url,
    TENCENTCLOUD_SECRET_ID: secretId,
    TENCENTCLOUD_SECRET_KEY: secretKey,
    TENCENTCLOUD_SESSION_TOKEN: token,
    TCB_ENV_ID: envId,
    TCB_REGION: region,
  };
}

/**
 * Lists what a function finds of a mini-program user who called it, for programs outside: with the
 * token, real SDKs reach CloudPay as that function would, and call functions as one that this user called.
 */
export function callerEnvironment(
  appid: string,
  giveToken: (openid: string) => string,
): Record<string, string> {
  const openid = 'oLocalUser';
  return {
    WX_APPID: appid,
    WX_OPENID: openid,
    WX_API_TOKEN: giveToken(openid),
    WX_CONTEXT_KEYS: 'WX_APPID,WX_OPENID,WX_API_TOKEN',
    TCB_SOURCE: 'wx_client',
    TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
  };
}

/**
 * Reads a setting that is a number, under the name that its part has for it; nothing where it is
 * not set.
 */
export function numberSetting<K extends string>(
  env: LocalSettings['env'],
  key: string,
  name: K,
): { [P in K]?: number } {
  const text = env[key];
  if (text === undefined || text === '') return {};
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`${key}=${text}: 应为数字 (a number is expected)`);
  return { [name]: value } as { [P in K]?: number };
}

/** Reads how the platform is to behave; nothing of what is not set. An unknown value is refused. */
export function platformSwitches(env: LocalSettings['env']): Partial<PlatformSwitches> {
  return {
    ...flagSetting(env, 'LOCAL_DEVTOOLS_TIMERS', 'devtoolsTimers'),
    ...wordSetting(env, {
      key: 'LOCAL_DEVTOOLS_TRIGGER',
      name: 'devtoolsTrigger',
      words: ['tcb', 'timer'],
    }),
    ...flagSetting(env, 'LOCAL_BOTH_TIMERS', 'bothTimers'),
    ...flagSetting(env, 'LOCAL_CALLBACK_TOKENS', 'callbackTokens'),
    ...flagSetting(env, 'LOCAL_SERVER_API_TOKENS', 'serverApiTokens'),
    ...flagSetting(env, 'LOCAL_EMPTY_VARIABLES', 'emptyVariables'),
    ...wordSetting(env, {
      key: 'LOCAL_AFTER_ANSWER',
      name: 'afterAnswer',
      words: ['frozen', 'ended', 'running'],
    }),
    ...wordSetting(env, {
      key: 'LOCAL_DEAD_CONNECTIONS',
      name: 'deadConnections',
      words: ['closed', 'reset'],
    }),
    ...wordSetting(env, {
      key: 'LOCAL_STARTED_CALLS',
      name: 'startedCalls',
      words: ['go_on', 'lost'],
    }),
    ...wordSetting(env, {
      key: 'LOCAL_HTTP_API_SOURCE',
      name: 'httpApiSource',
      words: ['none', 'web_client', 'scf'],
    }),
    ...wordSetting(env, {
      key: 'LOCAL_HTTP_API_BODY',
      name: 'httpApiBody',
      words: ['6MB', '100KB'],
    }),
  };
}

/** Reads how WeChat Pay is to behave, in the same way. */
export function weChatSwitches(env: LocalSettings['env']): Partial<WeChatSwitches> {
  return {
    ...wordSetting(env, {
      key: 'LOCAL_TIME_EXPIRE',
      name: 'timeExpire',
      words: ['moved', 'refused'],
    }),
    ...flagSetting(env, 'LOCAL_ANSWER_PROBES', 'answerProbes'),
  };
}

function flagSetting<K extends string>(
  env: LocalSettings['env'],
  key: string,
  name: K,
): { [P in K]?: boolean } {
  const text = env[key];
  if (text === undefined || text === '') return {};
  if (text !== '0' && text !== '1') throw new Error(`${key}=${text}: 应为 0 或 1 (0 or 1)`);
  return { [name]: text === '1' } as { [P in K]?: boolean };
}

function wordSetting<K extends string, const W extends string>(
  env: LocalSettings['env'],
  { key, name, words }: { key: string; name: K; words: readonly W[] },
): { [P in K]?: W } {
  const text = env[key];
  if (text === undefined || text === '') return {};
  const word = words.find((each) => each === text);
  if (word === undefined) {
    throw new Error(`${key}=${text}: 应为 ${words.join('、')} 之一 (one of ${words.join(', ')})`);
  }
  return { [name]: word } as { [P in K]?: W };
}

/** Strips a PEM of its frame: base64 of the DER, as short as it gets. */
function stripPemFrame(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
}

/** Reads who names prices; the console's shop has no server of its own, so that the sample `quoteOrder` usually does. */
export function priceSourceOf({
  WXPAY_PRICE_SOURCE: source,
}: Readonly<Record<string, string | undefined>>): 'quote' | 'client' | 'service' {
  return source === 'client' || source === 'service' ? source : 'quote';
}
