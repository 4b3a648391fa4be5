import type { Cloud } from '../cloud/cloud.ts';
import type { CommandContext } from '../context/framework.ts';
import { openService } from '../context/open.ts';
import { converge } from '../deploy/converge.ts';
import { type Database, deleteTable, listTables } from '../resources/collections.ts';
import { readEnvironment } from '../resources/environment.ts';
import { readFunctionRules, withoutRules } from '../resources/permissions.ts';
import type { Resource, Step } from '../resources/resource.ts';
import { findDomain, removeRoute } from '../resources/routes.ts';
import { deleteFunction, listOwnFunctions } from '../resources/unmanagedFunctions.ts';
import type { Service } from '../service/service.ts';

/**
 * Runs `serverless remove`: takes away what this service deployed: routes, rules, functions with
 * their triggers. Collections stay, since they are the merchant's books; `--data` removes them too.
 * What others deployed is not touched.
 */
export async function remove(context: CommandContext): Promise<void> {
  const { service, cloud } = openService(context);
  const { log } = context.utils;
  const { database } = await readEnvironment(cloud, service.envId);
  const done = (step: Step) => log.notice(`  ${step.subject.padEnd(32)} ${step.action}`);
  for (const resource of [
    routesAndRulesResource(cloud, service),
    functionsResource(cloud, service),
    ...(context.options.data === true ? [collectionsResource(cloud, service, database)] : []),
  ]) {
    await converge(resource, cloud.wait, { onStart: () => {}, onDone: done });
  }
  const remaining = (await listTables(cloud, database)).filter(({ name }) =>
    Object.hasOwn(service.collections, name),
  );
  for (const { name, count } of remaining) {
    const documentCount = count ?? '若干';
    log.warning(
      `集合 ${name} 已保留，有 ${documentCount} 条数据；确需删除使用 --data (it stays, with its documents; --data removes it)`,
    );
  }
  log.notice.success(`已移除 (removed): ${service.envId}`);
}

function routesAndRulesResource(cloud: Cloud, service: Service): Resource {
  return {
    subject: 'routes and rules',
    steps: async () => {
      const ownFunctions = await listOwnFunctions(cloud, service);
      const { domain = '', routes = [] } = (await findDomain(cloud, service)) ?? {};
      const rules = await readFunctionRules(cloud, service.envId);
      return [
        ...routes
          .filter(({ name }) => ownFunctions.includes(name))
          .map(({ path }) => removeRoute(cloud, service, domain, path)),
        ...withoutRules(cloud, service, rules, ownFunctions),
      ];
    },
  };
}

function functionsResource(cloud: Cloud, service: Service): Resource {
  return {
    subject: 'functions',
    steps: async () =>
      (await listOwnFunctions(cloud, service)).map((name) => deleteFunction(cloud, service, name)),
  };
}

function collectionsResource(cloud: Cloud, service: Service, database: Database): Resource {
  return {
    subject: 'collections',
    steps: async () =>
      (await listTables(cloud, database))
        .filter(({ name }) => Object.hasOwn(service.collections, name))
        .map(({ name }) => deleteTable(cloud, database, name)),
  };
}
