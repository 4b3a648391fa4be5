import type { Cloud } from '../cloud/cloud.ts';
import type { Service } from '../service/service.ts';
import type { Resource, Step } from './resource.ts';

/** The environment's function rules (云函数安全规则): a condition a function; `*` for all others. */
export type FunctionRules = Record<string, { invoke: boolean | string }>;

/** Lets every signed-in user call, as the platform does where there are no rules. */
const SIGNED_IN = 'auth != null';

/**
 * Keeps the rules of our functions among those of all others: a function that no user may call gets
 * `invoke: false`, the second lock beside the function's own. They hold for the whole environment
 * and are sent as a whole, so everything else is sent back as it was. Source:
 * docs.cloudbase.net/cloud-function/security-rules.
 */
export function functionRulesResource(cloud: Cloud, service: Service): Resource {
  return {
    subject: 'function rules',
    steps: async () => {
      const actual = await readFunctionRules(cloud, service.envId);
      const desired = desiredRules(actual, service);
      const changed = Object.keys(desired).filter((name) => !isSame(actual?.[name], desired[name]));
      return changed.length === 0 ? [] : [setRules(cloud, service, desired, changed)];
    },
  };
}

function isSame(a: FunctionRules[string] | undefined, b: FunctionRules[string] | undefined) {
  return a?.invoke === b?.invoke;
}

/** A function that users may call keeps the condition that somebody gave it, `false` too. */
function desiredRules(actual: FunctionRules | undefined, { functions }: Service): FunctionRules {
  const own = functions.map(({ name, clientMayCall }) => {
    const current = actual?.[name]?.invoke ?? SIGNED_IN;
    return [name, { invoke: clientMayCall ? current : false }] as const;
  });
  return { '*': { invoke: SIGNED_IN }, ...actual, ...Object.fromEntries(own) };
}

/** Takes the named functions out of the rules; for `remove` and `--prune`. */
export function withoutRules(
  cloud: Cloud,
  service: Pick<Service, 'envId'>,
  actual: FunctionRules | undefined,
  names: readonly string[],
): Step[] {
  const removed = names.filter((name) => actual && Object.hasOwn(actual, name));
  if (!actual || removed.length === 0) return [];
  const remaining = Object.entries(actual).filter(([name]) => !removed.includes(name));
  return [setRules(cloud, service, Object.fromEntries(remaining), removed)];
}

function setRules(
  cloud: Cloud,
  { envId }: Pick<Service, 'envId'>,
  rules: FunctionRules,
  changed: string[],
): Step {
  return {
    subject: 'function rules',
    action: `更新，1 到 3 分钟后生效 (update, in force after 1 to 3 minutes): ${changed.join(', ')}`,
    run: async () => {
      await cloud.tcb('ModifyResourcePermission', {
        EnvId: envId,
        ResourceType: 'function',
        Permission: 'CUSTOM',
        SecurityRule: JSON.stringify(rules),
      });
    },
  };
}

/** Reads the function rules; undefined: there are none. Throws where they are no JSON. */
export async function readFunctionRules(
  cloud: Cloud,
  envId: string,
): Promise<FunctionRules | undefined> {
  const { Data } = await cloud.tcb('DescribeResourcePermission', {
    EnvId: envId,
    ResourceType: 'function',
  });
  const text = Data?.PermissionList?.[0]?.SecurityRule;
  return text ? (JSON.parse(text) as FunctionRules) : undefined;
}

/** With these rules every user may read every file, bills and exports among them. */
export const OPEN_STORAGE_RULES = ['READONLY', 'ADMINWRITE'];

/**
 * Closes cloud storage (云存储权限) that every user may read to all but a file's owner.
 * A stricter or a custom rule is left as it is; `provider.storage: keep` leaves any.
 */
export function storageResource(cloud: Cloud, service: Service, bucket: string): Resource {
  return {
    subject: 'storage rule',
    steps: async () => {
      if (service.storage === 'keep' || bucket === '') return [];
      const actual = await readStorageRule(cloud, service.envId, bucket);
      return OPEN_STORAGE_RULES.includes(actual)
        ? [closeStorage(cloud, service, bucket, actual)]
        : [];
    },
  };
}

/** Reads the permission of the environment's bucket. */
export async function readStorageRule(cloud: Cloud, envId: string, bucket: string) {
  const { Data } = await cloud.tcb('DescribeResourcePermission', {
    EnvId: envId,
    ResourceType: 'storage',
    Resources: [bucket],
  });
  return Data?.PermissionList?.[0]?.Permission ?? '';
}

function closeStorage(cloud: Cloud, { envId }: Service, bucket: string, current: string): Step {
  return {
    subject: 'storage rule',
    action: `${current} → PRIVATE`,
    run: async () => {
      await cloud.tcb('ModifyResourcePermission', {
        EnvId: envId,
        ResourceType: 'storage',
        Resource: bucket,
        Permission: 'PRIVATE',
      });
    },
  };
}
