import { differences } from '../../../resources/desiredFunction.ts';
import type { FunctionState, FunctionVersion } from '../../../resources/functionState.ts';
import { type Facts, foundOf, stateOf } from '../../facts/facts.ts';
import { broken, DEPLOY, type Finding, listed, ok, unknown, warn } from '../../findings/finding.ts';

/** What is deployed: every function, ours, sound, and callers get the version that was edited last. */
export function checkDeployed(facts: Facts): Finding[] {
  const names = facts.service.functions.map(({ name }) => name);
  const unread = names.filter((name) => facts.functions[name]?.is !== 'known');
  const there = names.filter((name) => stateOf(facts, name));
  const foreign = names.filter((name) => !there.includes(name) && foundOf(facts, name));
  const missing = names.filter((name) => ![...unread, ...there, ...foreign].includes(name));
  return [
    ...unreadFinding(facts, unread),
    ...foreignFinding(foreign),
    ...missingFinding(missing, there),
    ...(there.length > 0 && missing.length === 0
      ? [ok('deployed.functions', `函数已部署 (functions deployed): ${there.length}`)]
      : []),
    ...there.flatMap((name) => soundness(name, stateOf(facts, name))),
  ];
}

function foreignFinding(foreign: readonly string[]): Finding[] {
  if (foreign.length === 0) return [];
  return [
    broken(
      'deployed.foreign',
      `同名函数不是本项目部署的，未作检查也未调用 (deployed by something else, neither checked nor called): ${listed(foreign)}`,
      '确认可以覆盖后 serverless deploy --adopt，否则换一个环境 (take them over with --adopt, or use another environment)',
    ),
  ];
}

function unreadFinding({ functions }: Facts, unread: readonly string[]): Finding[] {
  const [first] = unread;
  if (first === undefined) return [];
  const fact = functions[first];
  const why = fact?.is === 'unknown' ? fact.why : '没有读取 (not read)';
  return [unknown('deployed.functions', `未检查 (not checked): ${listed(unread)}: ${why}`)];
}

function missingFinding(missing: readonly string[], there: readonly string[]): Finding[] {
  if (missing.length === 0) return [];
  if (there.length === 0) {
    return [unknown('deployed.functions', '尚未部署 (not deployed yet)', DEPLOY)];
  }
  const what = `部分函数未部署 (some functions are not deployed): ${listed(missing)}`;
  return [broken('deployed.functions', what, DEPLOY)];
}

function soundness(name: string, state: FunctionState | undefined): Finding[] {
  if (!state) return [];
  const { status, statusText } = state;
  if (status !== 'Active') {
    const what = `${name}: ${status} ${statusText}`.trim();
    return [broken('deployed.status', what, DEPLOY)];
  }
  return [...unpublished(name, state), ...rolledBack(name, state)];
}

/** `$LATEST` was changed, and callers get a version from before; where they get it itself, they have it. */
function unpublished(name: string, { latest, newest, serving }: FunctionState): Finding[] {
  const changed = newest && serving !== '$LATEST' ? changes(newest.is, latest) : [];
  if (changed.length === 0) return [];
  return [
    broken(
      'deployed.published',
      `${name}: 已修改但未发布，调用者得不到 (changed and not published, callers do not get it): ${listed(changed)}`,
      DEPLOY,
    ),
  ];
}

function rolledBack(name: string, { newest, serving, served }: FunctionState): Finding[] {
  if (!newest || serving === newest.version) return [];
  const changed = changes(served, newest.is);
  const parts = changed.length > 0 ? `: ${listed(changed)}` : '';
  return [
    warn(
      'deployed.serving',
      `${name}: 当前服务版本 ${serving}，最新版本 ${newest.version} (callers get another version)${parts}`,
      `${DEPLOY}；若是有意回退可忽略 (or leave it, if you rolled back on purpose)`,
    ),
  ];
}

/** In what two versions differ; a description names the code. */
function changes(is: FunctionVersion, other: FunctionVersion): string[] {
  const code = is.description === other.description ? [] : ['代码 (code)'];
  return [...code, ...differences(is, other)];
}
