import { readAccess } from '../cloud/access.ts';
import { type Cloud, openCloud } from '../cloud/cloud.ts';
import { type DeployOptions, DeployRefusal } from '../resources/resource.ts';
import { allEnvironmentKeys } from '../service/contractOf.ts';
import { readService, type Service, ServiceError } from '../service/service.ts';
import { loopbackFaults, settingFaults } from '../settings/settingFaults.ts';
import { type CommandContext, textOption } from './framework.ts';
import { refuseWithoutEnvId } from './missing.ts';

/** Reads the service that `serverless.yml` describes. */
export function serviceOf({ framework, textFaults }: CommandContext): Service {
  if (textFaults.length > 0) throw new ServiceError(textFaults.join('\n'));
  const { service, functions, provider } = framework.service;
  const { collections } = framework.configurationInput;
  // The framework puts IS_LOCAL in, for `invoke local`.
  const { IS_LOCAL: _, ...environment } = (provider.environment ?? {}) as Record<string, unknown>;
  return readService({
    service,
    functions,
    provider: { ...provider, environment },
    ...(collections ? { collections } : {}),
  });
}

/** Reads the service and opens the cloud that it is deployed to. */
export function openService(context: CommandContext): { service: Service; cloud: Cloud } {
  const service = serviceOf(context);
  refuseWithoutEnvId(service);
  return { service, cloud: openCloud(readAccess(context.env, service.region), context.wait) };
}

/**
 * Refuses settings of `serverless.yml` that no function could read, such as a key of which `.env`
 * kept the first line, or the address of a local cloud on the way to the real one: callers would
 * lose what works. What is absent is left as it is in the cloud.
 */
export function refuseUnreadableSettings({ env }: CommandContext, service: Service): void {
  const { functions, region } = service;
  const isLocal = readAccess(env, region).endpoint !== undefined;
  const ours = functions.filter((fn) => fn.environmentKeys);
  const faults = ours.flatMap(({ environment }) => [
    ...settingFaults(environment),
    ...(isLocal ? [] : loopbackFaults(environment)),
  ]);
  if (faults.length === 0) return;
  const lines = new Set(faults.map(({ key, text }) => `  ${key}: ${text}`));
  throw new DeployRefusal(
    'SETTING_UNREADABLE',
    `以下变量的值无法使用，未作任何改动 (these values cannot be used; nothing was written):\n${[...lines].join('\n')}`,
  );
}

/** Reads the options of a deploy from the command line. */
export function deployOptions(context: CommandContext, service: Service): DeployOptions {
  return {
    prune: context.options.prune === true,
    adopt: context.options.adopt === true,
    unset: unsetKeys(context, service),
    renewCache: isRenewal(context, service),
  };
}

/** Reads `--renew-cache`; refuses it where no function has a cache. */
function isRenewal({ options }: CommandContext, { codeCache }: Service): boolean {
  if (options['renew-cache'] !== true) return false;
  if (codeCache) return true;
  throw new Error('--renew-cache: serverless.yml 没有 provider.codeCache: true (there is none)');
}

/**
 * Reads the keys of `--unset`; refuses one that cannot be meant, since silence would read as done.
 */
function unsetKeys(context: CommandContext, { functions }: Service): string[] {
  const keys = (textOption(context, 'unset') ?? '').split(',').map((key) => key.trim());
  const given = keys.filter(Boolean);
  for (const key of given) {
    if (key.startsWith('WXPAY_') && !allEnvironmentKeys.includes(key)) {
      throw new Error(`--unset ${key}: 没有这个变量 (there is no such key)`);
    }
    if (functions.some(({ environment }) => Object.hasOwn(environment, key))) {
      throw new Error(
        `--unset ${key}: serverless.yml、.env 或命令行环境仍在设置它，请先删除 (it is still set there: delete it first)`,
      );
    }
  }
  return given;
}

/** Reads the function that the command line names, which must be in `serverless.yml`. */
export function functionNameOf(context: CommandContext, { functions }: Service): string {
  const name = textOption(context, 'function') ?? '';
  if (functions.some((fn) => fn.name === name)) return name;
  const available = functions.map((fn) => fn.name).join(', ');
  throw new Error(`没有函数 ${name || '(-f)'}，可用 (there are): ${available}`);
}
