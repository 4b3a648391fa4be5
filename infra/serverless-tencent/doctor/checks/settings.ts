import { durationMs } from '../../../../shared/contract/duration.ts';
import { type EnvironmentKey, environment } from '../../../../shared/contract/environment.ts';
import { type Facts, stateOf } from '../facts.ts';
import { broken, DEPLOY, type Finding, listed, ok, unknown, warn } from '../finding.ts';
import { type Settings, settingsOf } from '../settings.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const within = (minMs: number, maxMs: number) => (iso: string) => {
  const ms = durationMs(iso) ?? -1;
  return ms >= minMs && ms <= maxMs;
};
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** The form of each value, by the texts of the contract; whether keys can be read is merchant.ts's. */
const forms: Record<EnvironmentKey, (value: string) => boolean> = {
  WXPAY_LINK: (value) => value === 'apiV3',
  WXPAY_MCHID: (value) => /^\d{1,32}$/.test(value),
  WXPAY_APPID: (value) => /^wx[0-9A-Za-z]{1,30}$/.test(value),
  WXPAY_SERIAL_NO: (value) => /^[0-9A-Fa-f]{8,64}$/.test(value),
  WXPAY_PRIVATE_KEY: () => true,
  WXPAY_SERIAL_NO_NEXT: (value) => /^[0-9A-Fa-f]{8,64}$/.test(value),
  WXPAY_PRIVATE_KEY_NEXT: () => true,
  WXPAY_API_V3_KEY: (value) => Buffer.byteLength(value) === 32,
  WXPAY_PUBLIC_KEY_ID: (value) => /^PUB_KEY_ID_\d+$/.test(value),
  WXPAY_PUBLIC_KEY: () => true,
  WXPAY_PLATFORM_CERT: () => true,
  WXPAY_NOTIFY_URL: (value) => value.length <= 255 && /^https:\/\/[^/?#\s]+\/[^?#\s]*$/.test(value),
  WXPAY_API_URL: (value) => /^https:\/\/[^/?#\s]+$/.test(value) || LOOPBACK.test(value),
  WXPAY_ORDER_TTL: within(MINUTE_MS, 15 * DAY_MS),
  WXPAY_CLOSE_MIN_AGE: within(0, DAY_MS),
  WXPAY_SERVICE_KEY: (value) => value.length >= 32,
  WXPAY_ADMIN_OPENIDS: (value) => /^[0-9A-Za-z_\-, ]*$/.test(value),
  WXPAY_PRICE_SOURCE: (value) => ['service', 'client'].includes(value),
};

/** Without these no function starts. */
const REQUIRED: readonly EnvironmentKey[] = [
  'WXPAY_MCHID',
  'WXPAY_APPID',
  'WXPAY_SERIAL_NO',
  'WXPAY_PRIVATE_KEY',
  'WXPAY_API_V3_KEY',
  'WXPAY_NOTIFY_URL',
];

/** Who may call can rightly differ from function to function; a key, where it is set, cannot. */
const MAY_DIFFER: readonly string[] = ['WXPAY_ADMIN_OPENIDS'];
const MAY_LACK: readonly string[] = ['WXPAY_ADMIN_OPENIDS', 'WXPAY_SERVICE_KEY'];

/** The settings of the functions: there, well-formed, and the same in all of them. */
export function checkSettings(facts: Facts): Finding[] {
  const isLocal = facts.access.is === 'known' && facts.access.value.isLocal;
  return [
    ...settingsOf(facts).flatMap((settings) => [
      ...formFindings(settings),
      ...differing(settings),
      ...(isLocal ? [] : loopback(settings)),
    ]),
    ...setElsewhere(facts),
  ];
}

function formFindings(settings: Settings): Finding[] {
  const keys = Object.keys(environment) as EnvironmentKey[];
  const wrong = keys.flatMap((key) => keyFindings(settings, key));
  if (wrong.length > 0) return wrong;
  return [
    ok('merchant.settings', `${settings.where}: 各项已设置且格式正确 (all set, well-formed)`),
  ];
}

function keyFindings({ where, functions, isWhole }: Settings, key: EnvironmentKey): Finding[] {
  const check = `merchant.settings.${key}`;
  const readers = functions.filter(({ keys }) => keys.includes(key));
  const named = (which: typeof readers) => listed(which.map(({ name }) => name));
  const missing = REQUIRED.includes(key) ? readers.filter((one) => !one.environment[key]) : [];
  const wrong = readers.filter((one) => {
    const value = one.environment[key];
    return value !== undefined && value !== '' && !forms[key](value);
  });
  const lacks = isWhole
    ? broken(check, `${where}: ${key} 未设置 (missing): ${named(missing)}`, environment[key])
    : unknown(
        check,
        `${where}: 没有 ${key}，控制台中是否已设置未知 (not set here; whether the console has it is not known)`,
        environment[key],
      );
  return [
    ...(missing.length > 0 ? [lacks] : []),
    ...(wrong.length > 0
      ? [broken(check, `${where}: ${key} 格式有误 (malformed): ${named(wrong)}`, environment[key])]
      : []),
  ];
}

/** A key that differs was changed in some functions and not in others: an update that is half done. */
function differing(settings: Settings): Finding[] {
  const { where, functions } = settings;
  const keys = [...new Set(functions.flatMap(({ keys: read }) => read))];
  const found = keys.map((key) => [key, difference(settings, key)] as const);
  const named = (which: Difference) =>
    listed(found.filter(([, one]) => one === which).map(([key]) => key));
  const what = (which: Difference) =>
    `${where}: 各函数的值不一致 (differs between functions): ${named(which)}`;
  return [
    named('half done') === ''
      ? ok('merchant.same', `${where}: 各函数的值一致 (the same in all functions)`)
      : broken(
          'merchant.same',
          `${what('half done')}，更新只完成了一半 (a half-done update)`,
          `在 provider.environment 中设置同一个值，再 ${DEPLOY} (set one value there)`,
        ),
    ...(named('maybe meant') === ''
      ? []
      : [
          warn('merchant.same', what('maybe meant'), '确认是有意为之 (make sure that it is meant)'),
        ]),
  ];
}

type Difference = 'half done' | 'maybe meant' | 'none';

function difference({ functions, isWhole }: Settings, key: string): Difference {
  const readers = functions.filter(({ keys }) => keys.includes(key));
  const values = readers.map((one) => one.environment[key]).filter(Boolean);
  const differs = new Set(values).size > 1;
  const isPartly = isWhole && values.length > 0 && values.length < readers.length;
  if (differs && !MAY_DIFFER.includes(key)) return 'half done';
  if (isPartly && !MAY_LACK.includes(key)) return 'half done';
  return differs || isPartly ? 'maybe meant' : 'none';
}

/** An address of the local cloud reaches nothing from a real one. */
function loopback({ where, functions }: Settings): Finding[] {
  const names = functions
    .filter((one) => LOOPBACK.test(one.environment.WXPAY_API_URL ?? ''))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    broken(
      'merchant.api_url',
      `${where}: WXPAY_API_URL 指向本机，云函数无法访问 (it leads to a local cloud): ${listed(names)}`,
      '删除 WXPAY_API_URL，并 serverless deploy --unset WXPAY_API_URL (take it away)',
    ),
  ];
}

/** What was set in the console and survives every deploy, since `serverless.yml` is silent on it. */
function setElsewhere(facts: Facts): Finding[] {
  const keys = facts.service.functions.flatMap((one) =>
    Object.keys(stateOf(facts, one.name)?.latest.environment ?? {}).filter(
      (key) => one.environmentKeys?.includes(key) && !Object.hasOwn(one.environment, key),
    ),
  );
  if (keys.length === 0) return [];
  const names = listed([...new Set(keys)].sort());
  return [
    ok(
      'merchant.console',
      `在控制台设置、serverless.yml 未写，部署时保留 (set in the console, kept by deploys): ${names}`,
    ),
  ];
}
