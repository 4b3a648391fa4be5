import type { FunctionRules } from '../../../resources/permissions.ts';
import type { ServiceFunction } from '../../../service/service.ts';
import { findingsFrom } from '../../facts/fact.ts';
import { type Facts, isDeployed, stateOf } from '../../facts/facts.ts';
import {
  broken,
  DEPLOY,
  type Finding,
  listText,
  ok,
  unknown,
  warn,
} from '../../findings/finding.ts';

/** Who gets at functions and orders from a client, past everything that functions check themselves. */
export function checkAccess(facts: Facts): Finding[] {
  return [...checkFunctionRules(facts), ...checkCollections(facts)];
}

function checkFunctionRules(facts: Facts): Finding[] {
  const check = 'access.functions';
  return findingsFrom(facts.rules, check, (rules) => {
    const ownFunctions = facts.service.functions.filter(({ name }) => stateOf(facts, name));
    if (ownFunctions.length === 0) return [unknown(check, '尚未部署 (not deployed yet)', DEPLOY)];
    const named = (which: ServiceFunction[]) => listText(which.map(({ name }) => name));
    const open = ownFunctions.filter((fn) => !fn.clientMayCall && invokeOf(rules, fn) !== false);
    const closed = ownFunctions.filter((fn) => fn.clientMayCall && invokeOf(rules, fn) === false);
    const closedByOwnRule = closed.filter(({ name }) => rules && Object.hasOwn(rules, name));
    const closedByDefault = closed.filter((fn) => !closedByOwnRule.includes(fn));
    const findings = [
      ...(open.length > 0
        ? [
            broken(
              check,
              `客户端可调用、本不应开放的函数 (clients may call what they should not): ${named(open)}`,
              `${DEPLOY}，规则 1 到 3 分钟后生效 (in force after 1 to 3 minutes)`,
            ),
          ]
        : []),
      ...(closedByOwnRule.length > 0
        ? [
            warn(
              check,
              `已对客户端关闭的函数，部署时保留 (closed to clients, deploys leave it so): ${named(closedByOwnRule)}`,
              '若非有意，在控制台「云函数-权限控制」删除其 invoke: false (if not meant, take it away in the console)',
            ),
          ]
        : []),
      ...(closedByDefault.length > 0
        ? [
            broken(
              check,
              `小程序无法调用 (the mini program cannot call): ${named(closedByDefault)}`,
              DEPLOY,
            ),
          ]
        : []),
      ...(rules && !Object.hasOwn(rules, '*')
        ? [warn(check, '规则缺少必需的 “*” (the rules lack “*”, which they must have)', DEPLOY)]
        : []),
    ];
    return findings.length > 0
      ? findings
      : [ok(check, `函数规则生效 (rules in force): ${ownFunctions.length}`)];
  });
}

/** Without a rule of its own a function has that of `*`; without any, every signed-in user may call. */
function invokeOf(rules: FunctionRules | undefined, { name }: ServiceFunction): boolean | string {
  const own = rules && Object.hasOwn(rules, name) ? rules[name] : rules?.['*'];
  return own?.invoke ?? 'auth != null';
}

function checkCollections(facts: Facts): Finding[] {
  const check = 'access.collections';
  return Object.entries(facts.service.collections).flatMap(([name, { acl }]) =>
    findingsFrom(facts.collections[name], check, (actual) => {
      if (!actual) {
        const what = `集合不存在 (no such collection): ${name}`;
        return [isDeployed(facts) ? broken(check, what, DEPLOY) : unknown(check, what, DEPLOY)];
      }
      if (actual.acl === acl) return [ok(check, `${name}: ${acl}`)];
      const what = `${name}: 权限是 ${actual.acl || '未知 (unknown)'}，应为 (expected) ${acl}`;
      return [broken(check, what, DEPLOY)];
    }),
  );
}
