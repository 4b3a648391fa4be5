import type { Package } from '../../build/zip.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { collectionResource } from '../resources/collections.ts';
import { type CloudEnvironment, readEnvironment } from '../resources/environment.ts';
import { functionResource } from '../resources/function.ts';
import { leftoversResource, listOurs } from '../resources/leftovers.ts';
import { functionRulesResource, storageResource } from '../resources/permissions.ts';
import {
  type DeployOptions,
  DeployRefusal,
  type Resource,
  type Step,
} from '../resources/resource.ts';
import { routesResource } from '../resources/routes.ts';
import { timersResource } from '../resources/timers.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { converge, type Listener } from './converge.ts';

/** How many functions are deployed side by side; the API allows some 20 calls a second. */
const SIDE_BY_SIDE = 5;

/** What is deployed: the service as `serverless.yml` says, and the code of its functions. */
export interface Deployment {
  cloud: Cloud;
  service: Service;
  /** By function name. */
  code: ReadonlyMap<string, Package>;
  options: DeployOptions;
}

/**
 * Everything that a deploy keeps, in its order: data first, then the functions on it, then the ways in,
 * then what may be removed. Resources of one stage do not depend on each other.
 */
function stagesOf(deployment: Deployment, environment: CloudEnvironment): Resource[][] {
  const { cloud, service, options } = deployment;
  const ours = once(async () => new Set(await listOurs(cloud, service)));
  return [
    [
      ...Object.entries(service.collections).map(([name, wish]) =>
        collectionResource(cloud, environment.database, name, wish, options),
      ),
      storageResource(cloud, service, environment.bucket),
    ],
    service.functions.map((one) => functionOf(deployment, one, environment)),
    service.functions.map((one) => timersResource(cloud, service, one, options)),
    [routesResource(cloud, service, ours, options)],
    [functionRulesResource(cloud, service)],
    [leftoversResource(cloud, service, options)],
  ];
}

function functionOf(
  { cloud, service, code, options }: Deployment,
  one: ServiceFunction,
  { logs }: CloudEnvironment,
): Resource {
  const packed = code.get(one.name);
  if (!packed) throw new Error(`${one.name}: 未打包 (it was not packaged)`);
  return functionResource({ cloud, service, one, code: packed, around: logs, options });
}

/**
 * Brings the cloud to what `serverless.yml` says; answers the steps that were taken. Everything is read
 * first, so that what cannot be done is refused before anything is written.
 */
export async function deployAll(deployment: Deployment, listener: Listener): Promise<Step[]> {
  const { cloud } = deployment;
  const environment = await usableEnvironment(deployment);
  const stages = stagesOf(deployment, environment);
  const behind = new Set<Resource>();
  await sideBySide(stages.flat(), async (one) => {
    if ((await one.steps()).length > 0) behind.add(one);
  });
  const taken: Step[] = [];
  for (const stage of stages) {
    const work = stage.filter((one) => behind.has(one));
    const all = await sideBySide(work, (one) => converge(one, cloud.wait, listener));
    taken.push(...all.flat());
  }
  return taken;
}

/** Deploys one function alone: its code, configuration and timers. */
export async function deployOne(
  deployment: Deployment,
  name: string,
  listener: Listener,
): Promise<Step[]> {
  const { cloud, service, options } = deployment;
  const one = service.functions.find((other) => other.name === name);
  if (!one) throw new Error(`serverless.yml 中没有函数 ${name} (it has no such function)`);
  const environment = await usableEnvironment(deployment);
  const resources = [
    functionOf(deployment, one, environment),
    timersResource(cloud, service, one, options),
  ];
  const taken: Step[] = [];
  for (const resource of resources) taken.push(...(await converge(resource, cloud.wait, listener)));
  return taken;
}

/** What a deploy would do now, and what it would leave behind; writes nothing. */
export async function planAll(
  deployment: Deployment,
): Promise<{ steps: Step[]; leftovers: string[] }> {
  const environment = await usableEnvironment(deployment);
  const resources = stagesOf(deployment, environment).flat();
  const steps = await sideBySide(resources, (one) => one.steps());
  const leftovers = deployment.options.prune
    ? []
    : await sideBySide(resources, async (one) => (await one.leftovers?.()) ?? []);
  return { steps: steps.flat(), leftovers: leftovers.flat() };
}

/** The environment, if anything can be deployed to it. */
async function usableEnvironment({ cloud, service }: Deployment): Promise<CloudEnvironment> {
  const environment = await readEnvironment(cloud, service.envId);
  if (environment.status === 'NORMAL') return environment;
  throw new DeployRefusal(
    'ENVIRONMENT_NOT_NORMAL',
    `环境 ${service.envId} 状态为 ${environment.status}：在云开发控制台恢复后再部署（欠费、隔离或初始化中） ` +
      '(the environment is suspended, unpaid or not ready: see the console)',
  );
}

/** Works on a few at a time; after a failure no further one is begun, and the first failure is thrown. */
async function sideBySide<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < all.length && failures.length === 0) {
      const at = next;
      next += 1;
      try {
        results[at] = await work(all[at] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
