import { type EnvironmentKey, hasDirectLink } from '../../../../shared/contract/environment.ts';
import { anyStateOf, type Facts, stateOf } from './facts.ts';

/** The environment variables of one of our functions. */
export interface FunctionSettings {
  name: string;
  /** The keys that it reads. */
  keys: readonly string[];
  environment: Readonly<Record<string, string>>;
}

/** The settings of all our functions, as they are or as they are going to be. */
export interface Settings {
  /** Chinese, then English. */
  where: string;
  functions: readonly FunctionSettings[];
  /**
   * Whether a key that is not here is surely not set: one set in the console may be out of sight.
   */
  isWhole: boolean;
}

/**
 * Finds the settings to be checked: those of the versions that callers get, and, where they differ,
 * those that the next deploy makes (`serverless.yml` over what was edited last, adopted functions
 * too).
 */
export function settingsOf(facts: Facts): Settings[] {
  const { functions } = facts.service;
  const ownFunctions = functions.flatMap(({ name, environmentKeys: keys, environment }) => {
    const served = stateOf(facts, name)?.served.environment;
    const edited = anyStateOf(facts, name)?.latest.environment;
    return keys ? [{ name, keys, served, next: { ...edited, ...environment } }] : [];
  });
  const deployed = ownFunctions.flatMap(({ name, keys, served }) =>
    served ? [{ name, keys, environment: served }] : [],
  );
  const next = ownFunctions.map(({ name, keys, next: environment }) => ({
    name,
    keys,
    environment,
  }));
  const isWhole = ownFunctions.every(({ name }) => facts.functions[name]?.kind === 'known');
  const upcoming = { where: 'serverless.yml', functions: next, isWhole };
  if (deployed.length === 0) return [upcoming];
  const all = [{ where: '已部署 (deployed)', functions: deployed, isWhole: true }];
  const isSame =
    deployed.length === next.length &&
    next.every((settings, index) => hasSameSettings(settings, deployed[index]));
  return isSame ? all : [...all, { ...upcoming, where: '下次部署后 (after the next deploy)' }];
}

function hasSameSettings(a: FunctionSettings, b: FunctionSettings | undefined): boolean {
  const text = ({ environment }: FunctionSettings) =>
    JSON.stringify(Object.entries(environment).sort());
  return b !== undefined && a.name === b.name && text(a) === text(b);
}

/**
 * Finds a key's value in the first function that has one; an empty value in the console sets
 * nothing.
 */
export function settingOf({ functions }: Settings, key: EnvironmentKey): string | undefined {
  const readers = functions.filter(({ keys }) => keys.includes(key));
  return readers.map(({ environment }) => environment[key]).find(Boolean);
}

/**
 * Tells whether the functions are to reach WeChat Pay directly; on cloud pay alone they need no
 * keys.
 */
export function isDirect({ functions }: Settings): boolean {
  const reaching = functions.filter(({ keys }) => keys.includes('WXPAY_LINK'));
  return reaching.length === 0 || reaching.some(({ environment }) => hasDirectLink(environment));
}
