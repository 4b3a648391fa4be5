import {
  directKeys,
  type EnvironmentKey,
  environment,
} from '../../../../../shared/contract/environment.ts';
import { LOOPBACK_URL } from '../../../../../shared/contract/settingForms.ts';
import { doubtOf } from '../../../settings/mistakes.ts';
import { wrongWith } from '../../../settings/settingFaults.ts';
import { type Facts, stateOf } from '../../facts/facts.ts';
import {
  type FunctionSettings,
  isDirect,
  type Settings,
  settingsOf,
} from '../../facts/settings.ts';
import {
  broken,
  DEPLOY,
  type Finding,
  listText,
  ok,
  unknown,
  warn,
} from '../../findings/finding.ts';

/** No function starts without these keys; on cloud pay alone the first two are enough. */
const REQUIRED: readonly EnvironmentKey[] = ['WXPAY_MCHID', 'WXPAY_APPID', ...directKeys];

/** The check of the keys reads these, and reports what they are. */
const READ_AS_KEYS: readonly EnvironmentKey[] = [
  'WXPAY_PRIVATE_KEY',
  'WXPAY_PUBLIC_KEY',
  'WXPAY_PLATFORM_CERT',
];

/**
 * These may rightly differ from function to function: they say who may call; a merchant key may not
 * differ.
 */
const MAY_DIFFER: readonly string[] = ['WXPAY_ADMIN_OPENIDS'];
const MAY_LACK: readonly string[] = [
  'WXPAY_ADMIN_OPENIDS',
  'WXPAY_SERVICE_KEY',
  'WXPAY_SERVICE_KEY_NEXT',
];

/** Checks that the functions have their settings, well-formed, and the same in all of them. */
export function checkSettings(facts: Facts): Finding[] {
  const isLocal = facts.access.kind === 'known' && facts.access.value.isLocal;
  return [
    ...settingsOf(facts).flatMap((settings) => [
      ...checkForms(settings),
      ...checkDifferences(settings),
      ...(isLocal ? [] : checkLoopback(settings)),
    ]),
    ...reportConsoleSettings(facts),
  ];
}

function checkForms(settings: Settings): Finding[] {
  const keys = Object.keys(environment) as EnvironmentKey[];
  const wrong = keys.flatMap((key) => checkKey(settings, key));
  const areReadable = READ_AS_KEYS.every((key) => reportMalformed(settings, key).length === 0);
  if (wrong.length > 0 || !areReadable) return wrong;
  return [
    ok('merchant.settings', `${settings.where}: 各项已设置且格式正确 (all set, well-formed)`),
  ];
}

function checkKey(settings: Settings, key: EnvironmentKey): Finding[] {
  const readers = settings.functions.filter(({ keys }) => keys.includes(key));
  const isReadAsKey = READ_AS_KEYS.includes(key);
  return [
    ...reportUnset(settings, key, readers),
    ...(isReadAsKey ? [] : reportMalformed(settings, key)),
  ];
}

function reportUnset(
  settings: Settings,
  key: EnvironmentKey,
  readers: readonly FunctionSettings[],
): Finding[] {
  const isDirectKey = (directKeys as readonly string[]).includes(key);
  const isRequired = REQUIRED.includes(key) && (!isDirectKey || isDirect(settings));
  const lacking = isRequired ? readers.filter((fn) => !fn.environment[key]) : [];
  if (lacking.length === 0) return [];
  const { where, isWhole } = settings;
  const check = `merchant.settings.${key}`;
  if (isWhole) {
    const what = `${where}: ${key} 未设置 (missing): ${namesOf(lacking)}`;
    return [broken(check, what, environment[key])];
  }
  const what = `${where}: 没有 ${key}，控制台中是否已设置未知 (not set here; whether the console has it is not known)`;
  return [unknown(check, what, environment[key])];
}

/** Reports values that no function can use, or that cannot be meant, each with what is wrong. */
function reportMalformed({ where, functions }: Settings, key: EnvironmentKey): Finding[] {
  const readers = functions.filter(({ keys }) => keys.includes(key));
  const faultOf = ({ environment: { [key]: value = '' } }: FunctionSettings) =>
    wrongWith(key, value) ?? doubtOf(key, value);
  const faults = new Set(readers.map(faultOf).filter((fault) => fault !== undefined));
  return [...faults].map((fault) => {
    const names = namesOf(readers.filter((fn) => faultOf(fn) === fault));
    const what = `${where}: ${key} ${fault}: ${names}`;
    return broken(`merchant.settings.${key}`, what, environment[key]);
  });
}

function namesOf(functions: readonly FunctionSettings[]): string {
  return listText(functions.map(({ name }) => name));
}

/**
 * Checks that each key is the same in all functions; one that differs shows an update that is half
 * done.
 */
function checkDifferences(settings: Settings): Finding[] {
  const { where, functions } = settings;
  const keys = [...new Set(functions.flatMap(({ keys: read }) => read))];
  const keysOf = (kind: Difference) =>
    listText(keys.filter((key) => differenceOf(settings, key) === kind));
  const what = (kind: Difference) =>
    `${where}: 各函数的值不一致 (differs between functions): ${keysOf(kind)}`;
  return [
    keysOf('half done') === ''
      ? ok('merchant.same', `${where}: 各函数的值一致 (the same in all functions)`)
      : broken(
          'merchant.same',
          `${what('half done')}，更新只完成了一半 (a half-done update)`,
          `在 provider.environment 中设置同一个值，再 ${DEPLOY} (set one value there)`,
        ),
    ...(keysOf('maybe meant') === ''
      ? []
      : [
          warn('merchant.same', what('maybe meant'), '确认是有意为之 (make sure that it is meant)'),
        ]),
  ];
}

type Difference = 'half done' | 'maybe meant' | 'none';

function differenceOf({ functions, isWhole }: Settings, key: string): Difference {
  const readers = functions.filter(({ keys }) => keys.includes(key));
  const values = readers.map((fn) => fn.environment[key]).filter(Boolean);
  const differs = new Set(values).size > 1;
  const isPartly = isWhole && values.length > 0 && values.length < readers.length;
  if (differs && !MAY_DIFFER.includes(key)) return 'half done';
  if (isPartly && !MAY_LACK.includes(key)) return 'half done';
  return differs || isPartly ? 'maybe meant' : 'none';
}

/** Checks that no function is sent to the local cloud, which cannot be reached from a real one. */
function checkLoopback({ where, functions }: Settings): Finding[] {
  const names = functions
    .filter((fn) => LOOPBACK_URL.test(fn.environment.WXPAY_API_URL ?? ''))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    broken(
      'merchant.api_url',
      `${where}: WXPAY_API_URL 指向本机，云函数无法访问 (it leads to a local cloud): ${listText(names)}`,
      '删除 WXPAY_API_URL，并 serverless deploy --unset WXPAY_API_URL (take it away)',
    ),
  ];
}

/**
 * Reports keys that were set in the console and that every deploy keeps, since `serverless.yml`
 * does not set them.
 */
function reportConsoleSettings(facts: Facts): Finding[] {
  const keys = facts.service.functions.flatMap((fn) =>
    Object.keys(stateOf(facts, fn.name)?.latest.environment ?? {}).filter(
      (key) => fn.environmentKeys?.includes(key) && !Object.hasOwn(fn.environment, key),
    ),
  );
  if (keys.length === 0) return [];
  const names = listText([...new Set(keys)].sort());
  return [
    ok(
      'merchant.console',
      `在控制台设置、serverless.yml 未写，部署时保留 (set in the console, kept by deploys): ${names}`,
    ),
  ];
}
