import { differingParts } from '../../../resources/desiredFunction.ts';
import type { FunctionState, FunctionVersion } from '../../../resources/functionState.ts';
import { anyStateOf, type Facts, stateOf } from '../../facts/facts.ts';
import {
  broken,
  DEPLOY,
  type Finding,
  listText,
  ok,
  unknown,
  warn,
} from '../../findings/finding.ts';

/**
 * Checks that every function is deployed by this service, active, and serves the version that was
 * edited last.
 */
export function checkDeployed(facts: Facts): Finding[] {
  const names = facts.service.functions.map(({ name }) => name);
  const unread = names.filter((name) => facts.functions[name]?.kind !== 'known');
  const deployed = names.filter((name) => stateOf(facts, name));
  const foreign = names.filter((name) => !deployed.includes(name) && anyStateOf(facts, name));
  const missing = names.filter((name) => ![...unread, ...deployed, ...foreign].includes(name));
  return [
    ...reportUnread(facts, unread),
    ...reportForeign(foreign),
    ...reportMissing(missing, deployed),
    ...(deployed.length > 0 && missing.length === 0
      ? [ok('deployed.functions', `函数已部署 (functions deployed): ${deployed.length}`)]
      : []),
    ...deployed.flatMap((name) => checkState(name, stateOf(facts, name))),
  ];
}

function reportForeign(foreign: readonly string[]): Finding[] {
  if (foreign.length === 0) return [];
  return [
    broken(
      'deployed.foreign',
      `同名函数不是本项目部署的，未作检查也未调用 (deployed by something else, neither checked nor called): ${listText(foreign)}`,
      '确认可以覆盖后 serverless deploy --adopt，否则换一个环境 (take them over with --adopt, or use another environment)',
    ),
  ];
}

function reportUnread({ functions }: Facts, unread: readonly string[]): Finding[] {
  const [first] = unread;
  if (first === undefined) return [];
  const fact = functions[first];
  const reason = fact?.kind === 'unknown' ? fact.reason : '没有读取 (not read)';
  return [unknown('deployed.functions', `未检查 (not checked): ${listText(unread)}: ${reason}`)];
}

function reportMissing(missing: readonly string[], deployed: readonly string[]): Finding[] {
  if (missing.length === 0) return [];
  if (deployed.length === 0) {
    return [unknown('deployed.functions', '尚未部署 (not deployed yet)', DEPLOY)];
  }
  const what = `部分函数未部署 (some functions are not deployed): ${listText(missing)}`;
  return [broken('deployed.functions', what, DEPLOY)];
}

function checkState(name: string, state: FunctionState | undefined): Finding[] {
  if (!state) return [];
  const { status, statusText } = state;
  if (status !== 'Active') {
    const what = `${name}: ${status} ${statusText}`.trim();
    return [broken('deployed.status', what, DEPLOY)];
  }
  return [...checkPublished(name, state), ...checkRolledBack(name, state)];
}

/**
 * Reports a `$LATEST` that was changed and not published; where callers get `$LATEST` itself, they
 * have the change.
 */
function checkPublished(name: string, { latest, newest, serving }: FunctionState): Finding[] {
  const changed = newest && serving !== '$LATEST' ? versionDifferences(newest.content, latest) : [];
  if (changed.length === 0) return [];
  return [
    broken(
      'deployed.published',
      `${name}: 已修改但未发布，调用者得不到 (changed and not published, callers do not get it): ${listText(changed)}`,
      DEPLOY,
    ),
  ];
}

function checkRolledBack(name: string, { newest, serving, served }: FunctionState): Finding[] {
  if (!newest || serving === newest.version) return [];
  const changed = versionDifferences(served, newest.content);
  const parts = changed.length > 0 ? `: ${listText(changed)}` : '';
  return [
    warn(
      'deployed.serving',
      `${name}: 当前服务版本 ${serving}，最新版本 ${newest.version} (callers get another version)${parts}`,
      `${DEPLOY}；若是有意回退可忽略 (or leave it, if you rolled back on purpose)`,
    ),
  ];
}

/** Lists the parts in which two versions differ; a description names the code. */
function versionDifferences(actual: FunctionVersion, other: FunctionVersion): string[] {
  const code = actual.description === other.description ? [] : ['代码 (code)'];
  return [...code, ...differingParts(actual, other)];
}
