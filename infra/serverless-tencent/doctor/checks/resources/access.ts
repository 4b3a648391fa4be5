import type { FunctionRules } from '../../../resources/permissions.ts';
import type { ServiceFunction } from '../../../service/service.ts';
import { judged } from '../../facts/fact.ts';
import { type Facts, isDeployed, stateOf } from '../../facts/facts.ts';
import { broken, DEPLOY, type Finding, listed, ok, unknown, warn } from '../../findings/finding.ts';

/** Who gets at functions and orders from a client, past everything that functions check themselves. */
export function checkAccess(facts: Facts): Finding[] {
  return [...functionRules(facts), ...collections(facts)];
}

function functionRules(facts: Facts): Finding[] {
  const check = 'access.functions';
  return judged(facts.rules, check, (rules) => {
    const ours = facts.service.functions.filter(({ name }) => stateOf(facts, name));
    if (ours.length === 0) return [unknown(check, '尚未部署 (not deployed yet)', DEPLOY)];
    const named = (which: ServiceFunction[]) => listed(which.map(({ name }) => name));
    const open = ours.filter((one) => !one.clientMayCall && invokeOf(rules, one) !== false);
    const closed = ours.filter((one) => one.clientMayCall && invokeOf(rules, one) === false);
    const byRule = closed.filter(({ name }) => rules && Object.hasOwn(rules, name));
    const byRest = closed.filter((one) => !byRule.includes(one));
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
      ...(byRule.length > 0
        ? [
            warn(
              check,
              `已对客户端关闭的函数，部署时保留 (closed to clients, deploys leave it so): ${named(byRule)}`,
              '若非有意，在控制台「云函数-权限控制」删除其 invoke: false (if not meant, take it away in the console)',
            ),
          ]
        : []),
      ...(byRest.length > 0
        ? [broken(check, `小程序无法调用 (the mini program cannot call): ${named(byRest)}`, DEPLOY)]
        : []),
      ...(rules && !Object.hasOwn(rules, '*')
        ? [warn(check, '规则缺少必需的 “*” (the rules lack “*”, which they must have)', DEPLOY)]
        : []),
    ];
    return findings.length > 0
      ? findings
      : [ok(check, `函数规则生效 (rules in force): ${ours.length}`)];
  });
}

/** Without a rule of its own a function has that of `*`; without any, every signed-in user may call. */
function invokeOf(rules: FunctionRules | undefined, { name }: ServiceFunction): boolean | string {
  const own = rules && Object.hasOwn(rules, name) ? rules[name] : rules?.['*'];
  return own?.invoke ?? 'auth != null';
}

function collections(facts: Facts): Finding[] {
  const check = 'access.collections';
  return Object.entries(facts.service.collections).flatMap(([name, { acl }]) =>
    judged(facts.collections[name], check, (is) => {
      if (!is) {
        const what = `集合不存在 (no such collection): ${name}`;
        return [isDeployed(facts) ? broken(check, what, DEPLOY) : unknown(check, what, DEPLOY)];
      }
      if (is.acl === acl) return [ok(check, `${name}: ${acl}`)];
      const what = `${name}: 权限是 ${is.acl || '未知 (unknown)'}，应为 (expected) ${acl}`;
      return [broken(check, what, DEPLOY)];
    }),
  );
}
