import { type Facts, stateOf } from '../facts.ts';
import { broken, DEPLOY, type Finding, listed, ok, unknown, warn } from '../finding.ts';

/** What is deployed: every function, sound, and the version that was edited last is the one that serves. */
export function checkDeployed(facts: Facts): Finding[] {
  const names = facts.service.functions.map(({ name }) => name);
  const unread = names.filter((name) => facts.functions[name]?.is !== 'known');
  const there = names.filter((name) => stateOf(facts, name));
  const missing = names.filter((name) => !unread.includes(name) && !there.includes(name));
  return [
    ...unreadFinding(facts, unread),
    ...missingFinding(missing, there),
    ...(there.length > 0 && missing.length === 0
      ? [ok('deployed.functions', `函数已部署 (functions deployed): ${there.length}`)]
      : []),
    ...there.flatMap((name) => soundness(facts, name)),
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

function soundness(facts: Facts, name: string): Finding[] {
  const state = stateOf(facts, name);
  if (!state) return [];
  const { status, statusText, newest, latest, serving } = state;
  if (status !== 'Active') {
    const what = `${name}: ${status} ${statusText}`.trim();
    return [broken('deployed.status', what, DEPLOY)];
  }
  const edited = changedKeys(newest?.is.environment ?? {}, latest.environment);
  return [
    ...(edited.length > 0
      ? [
          broken(
            'deployed.published',
            `${name}: 环境变量已修改但未发布，调用者仍得到旧值 (changed and not published, callers get the old values): ${listed(edited)}`,
            DEPLOY,
          ),
        ]
      : []),
    ...(newest && serving !== newest.version
      ? [
          warn(
            'deployed.serving',
            `${name}: 当前服务版本 ${serving}，最新版本 ${newest.version} (callers get an earlier version)`,
            `${DEPLOY}；若是有意回退可忽略 (or leave it, if you rolled back on purpose)`,
          ),
        ]
      : []),
  ];
}

function changedKeys(was: Record<string, string>, is: Record<string, string>): string[] {
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...keys].filter((key) => was[key] !== is[key]).sort();
}
