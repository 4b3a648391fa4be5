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

/**
 * Checks who may reach functions and orders from a client, past the checks of the functions
 * themselves.
 */
export function checkAccess(facts: Facts): Finding[] {
  return [...checkFunctionRules(facts), ...checkCollections(facts)];
}

const FUNCTIONS = 'access.functions';

function checkFunctionRules(facts: Facts): Finding[] {
  return findingsFrom(facts.rules, FUNCTIONS, (rules) => {
    const own = facts.service.functions.filter(({ name }) => stateOf(facts, name));
    if (own.length === 0) return [unknown(FUNCTIONS, '尚未部署 (not deployed yet)', DEPLOY)];
    const findings = [
      ...reportOpen(own, rules),
      ...reportClosed(own, rules),
      ...(rules && !Object.hasOwn(rules, '*')
        ? [warn(FUNCTIONS, '规则缺少必需的 “*” (the rules lack “*”, which they must have)', DEPLOY)]
        : []),
    ];
    return findings.length > 0
      ? findings
      : [ok(FUNCTIONS, `函数规则生效 (rules in force): ${own.length}`)];
  });
}

function namesOf(functions: readonly ServiceFunction[]): string {
  return listText(functions.map(({ name }) => name));
}

function reportOpen(own: ServiceFunction[], rules: FunctionRules | undefined): Finding[] {
  const open = own.filter((fn) => !fn.clientMayCall && invokeOf(rules, fn) !== false);
  if (open.length === 0) return [];
  return [
    broken(
      FUNCTIONS,
      `客户端可调用、本不应开放的函数 (clients may call what they should not): ${namesOf(open)}`,
      `${DEPLOY}，规则 1 到 3 分钟后生效 (in force after 1 to 3 minutes)`,
    ),
  ];
}

/** A deploy keeps a function closed by its own rule, and opens one that the rule of `*` closes. */
function reportClosed(own: ServiceFunction[], rules: FunctionRules | undefined): Finding[] {
  const closed = own.filter((fn) => fn.clientMayCall && invokeOf(rules, fn) === false);
  const byOwnRule = closed.filter(({ name }) => rules && Object.hasOwn(rules, name));
  const byDefault = closed.filter((fn) => !byOwnRule.includes(fn));
  const findings: Finding[] = [];
  if (byOwnRule.length > 0) {
    const what = `已对客户端关闭的函数，部署时保留 (closed to clients, deploys leave it so): ${namesOf(byOwnRule)}`;
    const fix =
      '若非有意，在控制台「云函数-权限控制」删除其 invoke: false (if not meant, take it away in the console)';
    findings.push(warn(FUNCTIONS, what, fix));
  }
  if (byDefault.length > 0) {
    const what = `小程序无法调用 (the mini program cannot call): ${namesOf(byDefault)}`;
    findings.push(broken(FUNCTIONS, what, DEPLOY));
  }
  return findings;
}

/**
 * Finds the rule of a function: its own, else that of `*`; without any, every signed-in user may
 * call.
 */
function invokeOf(rules: FunctionRules | undefined, { name }: ServiceFunction): boolean | string {
  const own = rules && Object.hasOwn(rules, name) ? rules[name] : rules?.['*'];
  return own?.invoke ?? 'auth != null';
}

const CONSOLE_ACCESS =
  '若是样例的集合，在控制台「数据库-权限设置」改正；若是你自己的，给样例换一个集合 (correct it in the console, or give the sample another collection)';

function checkCollections(facts: Facts): Finding[] {
  const check = 'access.collections';
  return Object.entries(facts.service.collections).flatMap(([name, { acl, sampleOf }]) =>
    findingsFrom(facts.collections[name], check, (actual) => {
      if (!actual) {
        const what = `集合不存在 (no such collection): ${name}`;
        return [isDeployed(facts) ? broken(check, what, DEPLOY) : unknown(check, what, DEPLOY)];
      }
      if (actual.acl === acl) return [ok(check, `${name}: ${acl}`)];
      const what = `${name}: 权限是 ${actual.acl || '未知 (unknown)'}，应为 (expected) ${acl}`;
      // A deploy leaves the rule of a merchant's own collection of that name as it is.
      if (sampleOf !== undefined) return [warn(check, what, CONSOLE_ACCESS)];
      return [broken(check, what, DEPLOY)];
    }),
  );
}
