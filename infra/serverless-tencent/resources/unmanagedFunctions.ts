import type { Cloud } from '../cloud/cloud.ts';
import type { Service } from '../service/service.ts';
import { isOurs } from './desiredFunction.ts';
import { readFunctionRules, withoutRules } from './permissions.ts';
import type { DeployOptions, Resource, Step } from './resource.ts';

/**
 * Removes, with `--prune`, the functions that this service deployed and `serverless.yml` no longer
 * names.
 */
export function unmanagedFunctionsResource(
  cloud: Cloud,
  service: Service,
  options: DeployOptions,
): Resource {
  const listUnmanaged = async () => {
    const desired = service.functions.map(({ name }) => name);
    return (await listOwnFunctions(cloud, service)).filter((name) => !desired.includes(name));
  };
  return {
    subject: 'unmanaged functions',
    steps: async () => {
      if (!options.prune) return [];
      const names = await listUnmanaged();
      if (names.length === 0) return [];
      const rules = await readFunctionRules(cloud, service.envId);
      return [
        ...withoutRules(cloud, service, rules, names),
        ...names.map((name) => deleteFunction(cloud, service, name)),
      ];
    },
    unmanaged: async () => (await listUnmanaged()).map((name) => `function ${name}`),
  };
}

/** Lists the functions in the environment that this service deployed. */
export async function listOwnFunctions(cloud: Cloud, service: Service): Promise<string[]> {
  const all: { name: string; description: string }[] = [];
  for (;;) {
    const { Functions = [], TotalCount = 0 } = await cloud.scf('ListFunctions', {
      Namespace: service.envId,
      Offset: all.length,
      Limit: 100,
    });
    all.push(
      ...Functions.map(({ FunctionName = '', Description = '' }) => ({
        name: FunctionName,
        description: Description,
      })),
    );
    if (Functions.length === 0 || all.length >= TotalCount) break;
  }
  return all.filter(({ description }) => isOurs(service, description)).map(({ name }) => name);
}

/** Deletes a function with its versions and triggers. */
export function deleteFunction(cloud: Cloud, { envId }: Service, name: string): Step {
  return {
    subject: `function ${name}`,
    action: '删除 (remove)',
    run: async () => {
      await cloud.scf('DeleteFunction', { FunctionName: name, Namespace: envId });
    },
  };
}
