import type { Cloud } from '../cloud/cloud.ts';
import type { CommandContext } from '../context/framework.ts';
import { confirmLoss } from '../context/loss.ts';
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
  const withData = context.options.data === true;
  const present = await readPresent(cloud, service, database);
  const lines = lossLines(service, present, withData ? present.collections : []);
  if (lines.length > 0) await confirmLoss(context, { lines, word: service.envId });
  const done = (step: Step) => log.notice(`  ${step.subject.padEnd(32)} ${step.action}`);
  let count = 0;
  for (const resource of [
    routesAndRulesResource(cloud, service),
    functionsResource(cloud, service),
    ...(withData ? [collectionsResource(cloud, service, database)] : []),
  ]) {
    const steps = await converge(resource, cloud.wait, { onStart: () => {}, onDone: done });
    count += steps.length;
  }
  for (const { name, count } of await listOwnTables(cloud, service, database)) {
    const documentCount = count ?? '若干';
    log.warning(
      `集合 ${name} 已保留，有 ${documentCount} 条数据；确需删除使用 --data (it stays, with its documents; --data removes it)`,
    );
  }
  const what = count === 0 ? '没有可移除的 (nothing to remove)' : '已移除 (removed)';
  log.notice.success(`${what}: ${service.envId}`);
}

/** A service has these in its environment. */
interface Present {
  functions: readonly string[];
  routes: readonly string[];
  collections: Awaited<ReturnType<typeof listTables>>;
}

async function readPresent(cloud: Cloud, service: Service, database: Database): Promise<Present> {
  const functions = await listOwnFunctions(cloud, service);
  const { routes = [] } = (await findDomain(cloud, service)) ?? {};
  return {
    functions,
    routes: routes.filter(({ name }) => functions.includes(name)).map(({ path }) => path),
    collections: await listOwnTables(cloud, service, database),
  };
}

/** Says what goes; nothing: there is nothing to lose. */
function lossLines(
  { envId, stage }: Service,
  { functions, routes }: Present,
  collections: Present['collections'],
): string[] {
  const parts = [
    ['函数及其控制台里的变量 (functions, with variables set in the console)', functions],
    ['路由 (routes)', routes],
    [
      '集合与数据 (collections with their documents)',
      collections.map(({ name, count }) => `${name} ${count ?? '?'} 条`),
    ],
  ] as const;
  const lines = parts
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `  ${what}: ${names.join(', ')}`);
  return lines.length === 0
    ? []
    : [`将从环境 ${envId}（阶段 ${stage}）移除 (to be removed):`, ...lines];
}

async function listOwnTables(cloud: Cloud, service: Service, database: Database) {
  const tables = await listTables(cloud, database);
  return tables.filter(({ name }) => Object.hasOwn(service.collections, name));
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
      (await listOwnTables(cloud, service, database)).map(({ name }) =>
        deleteTable(cloud, database, name),
      ),
  };
}
