import type { Action, ActionDeps } from '../action.ts';
import { notSimulated, refuse } from '../errors.ts';
import type { Permission, Permissions, ResourceType } from '../state/permissions.ts';
import { isObject, optionalText, type Params, requiredText, texts } from '../wire/params.ts';
import { bucketOf } from './environment.ts';
import { isLevel, levelFault } from './levels.ts';
import { tableOf } from './table.ts';

/**
 * The rule of functions where none was set.
 * Source: docs.cloudbase.net/cloud-function/security-rules.
 */
const DEFAULT_RULE = '{"*":{"invoke":"auth != null"}}';

/**
 * The rule's `invoke`, without spaces, decides whether a signed-in WeChat user may call. Same
 * source.
 */
const INVOKE_RULES = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['auth!=null', true],
  ["auth.loginType!='ANONYMOUS'&&auth!=null", true],
]);

/** `ModifyResourcePermission`: the whole rule is replaced. */
export const modifyResourcePermission: Action = {
  write: true,
  run: (params, deps) => {
    const type = typeOf(params);
    const level = requiredText(params, 'Permission');
    const rule = optionalText(params, 'SecurityRule');
    const name = type === 'function' ? '' : requiredText(params, 'Resource');
    checkResource(type, name, deps);
    deps.permissions.set(type, name, permissionOf(type, level, rule));
    return { Data: { Success: true } };
  },
};

/** `DescribeResourcePermission`: what was set, or what holds where nothing was. */
export const describeResourcePermission: Action = {
  write: false,
  run: (params, deps) => {
    const type = typeOf(params);
    const named = texts(params, 'Resources');
    if (type !== 'function' && named.length === 0) {
      throw refuse('MissingParameter', '缺少 Resources (Resources is missing)');
    }
    const list = (type === 'function' ? [''] : named).map((name) => {
      checkResource(type, name, deps);
      const { level, rule } = deps.permissions.get(type, name) ?? defaultPermission(type);
      return {
        ResourceType: type,
        Resource: name,
        Permission: level,
        ...(rule === undefined ? {} : { SecurityRule: rule }),
      };
    });
    return { Data: { TotalCount: list.length, PermissionList: list } };
  },
};

/** Checks whether a signed-in client may call a function, as the rule of functions stands. */
export function mayInvoke(permissions: Permissions, name: string): boolean {
  const rule = invokeRules(permissions.get('function', '')?.rule ?? DEFAULT_RULE);
  return (rule.get(name) ?? rule.get('*')) === true;
}

function defaultPermission(type: ResourceType): Permission {
  if (type === 'function') return { level: 'CUSTOM', rule: DEFAULT_RULE };
  return { level: type === 'storage' ? 'READONLY' : 'PRIVATE' };
}

function typeOf(params: Params): ResourceType {
  const type = requiredText(params, 'ResourceType');
  if (type === 'function' || type === 'storage' || type === 'collection') return type;
  if (type === 'table') throw notSimulated('InvalidParameterValue', 'ResourceType table');
  throw refuse(
    'InvalidParameterValue',
    `ResourceType ${type} 应为 function、storage、collection (one of these)`,
  );
}

function checkResource(type: ResourceType, name: string, deps: ActionDeps): void {
  if (type === 'collection') tableOf(name, deps);
  const bucket = bucketOf(deps.options);
  if (type === 'storage' && name !== bucket) {
    throw refuse(
      'InvalidParameter.ResourceNotExists',
      `没有存储桶 ${name}，本地云只有 ${bucket} (there is only the bucket ${bucket})`,
    );
  }
}

function permissionOf(type: ResourceType, level: string, rule: string | undefined): Permission {
  if (level !== 'CUSTOM') {
    if (type === 'function' || !isLevel(level)) throw levelFault(level);
    return { level };
  }
  if (!rule) throw refuse('MissingParameter', '缺少 SecurityRule (SecurityRule is missing)');
  if (type === 'function') invokeRules(rule);
  else parseRule(rule);
  return { level, rule };
}

/**
 * Reads the rule of functions: name → whether a signed-in user may call. Refuses what it may not
 * say.
 */
function invokeRules(rule: string): Map<string, boolean> {
  const rules = new Map(
    Object.entries(parseRule(rule)).map(([name, entry]) => {
      const value = isObject(entry) ? entry.invoke : undefined;
      const verdict = INVOKE_RULES.get(
        typeof value === 'string' ? value.replaceAll(' ', '') : value,
      );
      if (verdict === undefined) throw ruleFault(`${name}.invoke: true, false, "auth != null", …`);
      return [name, verdict] as const;
    }),
  );
  if (!rules.has('*')) throw ruleFault('缺少 "*" (the rule for "*" is missing)');
  return rules;
}

function parseRule(rule: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(rule);
    if (isObject(value)) return value;
  } catch {
    // Not JSON: refused below like JSON that is no object.
  }
  throw ruleFault('应为 JSON 对象 (a JSON object)');
}

function ruleFault(why: string) {
  return refuse('InvalidParameterValue', `SecurityRule 不合法：${why} (the rule is not allowed)`);
}
