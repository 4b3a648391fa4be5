import { environment } from '../../../../../shared/contract/environment.ts';
import { DEPLOYER_KEYS } from '../../../settings/deployerKeys.ts';
import { similarKey } from '../../../settings/similarKey.ts';
import type { Facts } from '../../facts/facts.ts';
import { settingOf, settingsOf } from '../../facts/settings.ts';
import { broken, type Finding, warn } from '../../findings/finding.ts';

/** The platform spells these its own way for a function's SDK: beside ours they are no mistake. */
const PLATFORM_KEYS: readonly string[] = [
  'TENCENTCLOUD_SECRETID',
  'TENCENTCLOUD_SECRETKEY',
  'TENCENTCLOUD_SESSIONTOKEN',
];
const FUNCTION_KEYS: readonly string[] = Object.keys(environment);

/** Checks that no variable of the shell or of `.env` is a setting under a misspelt name. */
export function checkNames(facts: Facts): Finding[] {
  const known = [...FUNCTION_KEYS, ...DEPLOYER_KEYS];
  return facts.variables
    .filter((name) => !known.includes(name))
    .flatMap((name) => reportName(facts, name, similarKey(name, known)));
}

function reportName(facts: Facts, name: string, meant: string | undefined): Finding[] {
  const check = 'merchant.names';
  if (meant === undefined) {
    if (!name.startsWith('WXPAY_')) return [];
    const what = `没有变量 ${name}，未被读取 (there is no such variable: nothing reads it)`;
    return [
      warn(
        check,
        what,
        '见 docs/zh/configuration.md，或删除 (see docs/en/configuration.md, or take it away)',
      ),
    ];
  }
  if (PLATFORM_KEYS.includes(name) && isSet(facts, meant)) return [];
  const what = `没有变量 ${name}，是否 ${meant}？(there is no such variable: did you mean ${meant}?)`;
  const fix = `改名为 ${meant} (rename it)`;
  return [isSet(facts, meant) ? warn(check, what, fix) : broken(check, what, fix)];
}

function isSet(facts: Facts, key: string): boolean {
  if (facts.variables.includes(key)) return true;
  return settingsOf(facts).some((settings) => settingOf(settings, key as never) !== undefined);
}
