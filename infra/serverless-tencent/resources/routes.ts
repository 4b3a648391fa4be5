import type { Cloud } from '../cloud/cloud.ts';
import type { Service } from '../service/service.ts';
import { type DeployOptions, DeployRefusal, type Resource, type Step } from './resource.ts';

/** A route of HTTP access (HTTP 访问服务) as it shall be, or as the cloud has it. */
export interface RouteState {
  path: string;
  /** The function it leads to. */
  name: string;
  /** Requests a second, in all; undefined: no limit. */
  qps: number | undefined;
  enabled: boolean;
  /** Asks every caller to be signed in; WeChat Pay is not. */
  asksLogin: boolean;
}

/** The domain that routes lie on, with those that are there. */
export interface DomainState {
  domain: string;
  isDefault: boolean;
  routes: RouteState[];
}

/** Lists the functions that this service deployed, also before. */
export type ListOwnFunctions = () => Promise<ReadonlySet<string>>;

/**
 * Keeps the routes of all functions. Routes to other functions are left alone; a path that leads to
 * somebody else's is never taken from it.
 */
export function routesResource(
  cloud: Cloud,
  service: Service,
  ownFunctions: ListOwnFunctions,
  options: DeployOptions,
): Resource {
  const desired = desiredRoutes(service);
  const isDesired = (path: string) => desired.some((route) => route.path === path);
  const unmanagedIn = async ({ routes }: DomainState) => {
    const own = await ownFunctions();
    return routes.filter(({ path, name }) => own.has(name) && !isDesired(path));
  };
  return {
    subject: 'routes',
    steps: async () => {
      const actual =
        desired.length > 0 ? await readDomain(cloud, service) : await findDomain(cloud, service);
      if (!actual) return [];
      const { domain, routes } = actual;
      await refuseTaken(desired, routes, ownFunctions);
      const added = desired.filter((route) => !sameIn(routes, route));
      const changed = desired.filter((route) => isChanged(route, sameIn(routes, route)));
      const removed = options.prune ? await unmanagedIn(actual) : [];
      return [
        ...added.map((route) => createRoute(cloud, service, domain, route)),
        ...changed.map((route) => updateRoute(cloud, service, domain, route)),
        ...removed.map(({ path }) => removeRoute(cloud, service, domain, path)),
      ];
    },
    unmanaged: async () => {
      const actual = await findDomain(cloud, service);
      return actual ? (await unmanagedIn(actual)).map(({ path }) => `route ${path}`) : [];
    },
  };
}

function desiredRoutes({ functions }: Service): RouteState[] {
  return functions.flatMap(({ name, routes }) =>
    routes.map(({ path, qps }) => ({ path, name, qps, enabled: true, asksLogin: false })),
  );
}

/** Finds the route on the same path, wherever it leads. */
function sameIn(routes: readonly RouteState[], { path }: RouteState): RouteState | undefined {
  return routes.find((route) => route.path === path);
}

function isChanged(desired: RouteState, actual: RouteState | undefined): boolean {
  return actual !== undefined && JSON.stringify(desired) !== JSON.stringify(actual);
}

async function refuseTaken(
  desired: readonly RouteState[],
  routes: readonly RouteState[],
  ownFunctions: ListOwnFunctions,
): Promise<void> {
  for (const route of desired) {
    const { path, name } = route;
    const actual = sameIn(routes, route);
    if (!actual || actual.name === name || (await ownFunctions()).has(actual.name)) continue;
    throw new DeployRefusal(
      'ROUTE_TAKEN',
      `路径 ${path} 已指向其他服务 ${actual.name}；未作改动。换一个路径，或在控制台删除该路由 ` +
        '(the path leads to somebody else’s service: choose another, or remove it in the console)',
    );
  }
}

function createRoute(cloud: Cloud, service: Service, domain: string, route: RouteState): Step {
  return {
    subject: `route ${route.path}`,
    action: `创建 (create): ${textOf(route)}`,
    run: async () => {
      await cloud.tcb('CreateHTTPServiceRoute', requestFor(service, domain, route));
    },
  };
}

function updateRoute(cloud: Cloud, service: Service, domain: string, route: RouteState): Step {
  return {
    subject: `route ${route.path}`,
    action: `更新 (update): ${textOf(route)}`,
    run: async () => {
      await cloud.tcb('ModifyHTTPServiceRoute', requestFor(service, domain, route));
    },
  };
}

function textOf({ name, qps }: RouteState): string {
  return `${name}, ${qps} 次/秒 (a second)`;
}

function requestFor(
  { envId }: Service,
  domain: string,
  { path, name, qps, enabled, asksLogin }: RouteState,
) {
  const route = {
    Path: path,
    UpstreamResourceType: 'SCF',
    UpstreamResourceName: name,
    EnableAuth: asksLogin,
    EnablePathTransmission: false,
    Enable: enabled,
    ...(qps === undefined ? {} : { QPSPolicy: { QPSTotal: qps } }),
  };
  return { EnvId: envId, Domain: { Domain: domain, Routes: [route] } };
}

/** Removes one route and leaves the domain. */
export function removeRoute(
  cloud: Cloud,
  { envId }: Pick<Service, 'envId'>,
  domain: string,
  path: string,
): Step {
  return {
    subject: `route ${path}`,
    action: '删除 (remove)',
    run: async () => {
      // Without paths the whole domain would go.
      await cloud.tcb('DeleteHTTPServiceRoute', { EnvId: envId, Domain: domain, Paths: [path] });
    },
  };
}

/**
 * Reads the domain that `serverless.yml` names, or the environment's default one; it must be there.
 */
export async function readDomain(cloud: Cloud, service: Service): Promise<DomainState> {
  const found = await findDomain(cloud, service);
  if (found) return found;
  throw new DeployRefusal(
    'DOMAIN_MISSING',
    service.domain === undefined
      ? '环境没有默认域名：在云开发控制台开通「HTTP 访问服务」 (no default domain: turn HTTP access on in the console)'
      : `域名 ${service.domain} 未绑定到该环境：先在控制台「HTTP 访问服务」绑定（需备案） (bind the filed domain in the console first)`,
  );
}

/** As {@link readDomain}; undefined where there is none. */
export async function findDomain(cloud: Cloud, service: Service): Promise<DomainState | undefined> {
  const { Domains = [] } = await cloud.tcb('DescribeHTTPServiceRoute', {
    EnvId: service.envId,
    Limit: 1000,
  });
  const found = Domains.find(({ Domain, IsDefault }) =>
    service.domain === undefined ? IsDefault === true : Domain === service.domain,
  );
  if (!found?.Domain) return undefined;
  return {
    domain: found.Domain,
    isDefault: found.IsDefault === true,
    routes: (found.Routes ?? []).map((route) => ({
      path: route.Path ?? '',
      name: upstreamOf(route),
      qps: route.QPSPolicy?.QPSTotal,
      enabled: route.Enable !== false,
      asksLogin: route.EnableAuth === true,
    })),
  };
}

/** Only functions have bare names: a container service of the same name is somebody else's. */
function upstreamOf({
  UpstreamResourceType: type,
  UpstreamResourceName: name = '',
}: {
  UpstreamResourceType?: string;
  UpstreamResourceName?: string;
}): string {
  return type === undefined || type === 'SCF' ? name : `${type}:${name}`;
}
