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

/**
 * The routes of all functions. Routes to other functions are left alone; a path that leads to somebody
 * else's is never taken from it. `ours` names the functions that this service deployed, also before.
 */
export function routesResource(
  cloud: Cloud,
  service: Service,
  ours: () => Promise<ReadonlySet<string>>,
  options: DeployOptions,
): Resource {
  const wishes = wishesOf(service);
  const left = async ({ routes }: DomainState) => {
    const mine = await ours();
    return routes.filter(
      ({ path, name }) => mine.has(name) && !wishes.some((wish) => wish.path === path),
    );
  };
  return {
    subject: 'routes',
    steps: async () => {
      const there =
        wishes.length > 0 ? await readDomain(cloud, service) : await findDomain(cloud, service);
      if (!there) return [];
      const find = (path: string) => there.routes.find((route) => route.path === path);
      await refuseTaken(wishes, find, ours);
      const missing = wishes.filter(({ path }) => !find(path));
      const changed = wishes.filter((wish) => isChanged(wish, find(wish.path)));
      const old = options.prune ? await left(there) : [];
      return [
        ...missing.map((wish) => putRoute(cloud, service, there.domain, wish, true)),
        ...changed.map((wish) => putRoute(cloud, service, there.domain, wish, false)),
        ...old.map(({ path }) => removeRoute(cloud, service, there.domain, path)),
      ];
    },
    leftovers: async () => {
      const there = await findDomain(cloud, service);
      return there ? (await left(there)).map(({ path }) => `route ${path}`) : [];
    },
  };
}

function wishesOf({ functions }: Service): RouteState[] {
  return functions.flatMap(({ name, routes }) =>
    routes.map(({ path, qps }) => ({ path, name, qps, enabled: true, asksLogin: false })),
  );
}

function isChanged(wish: RouteState, is: RouteState | undefined): boolean {
  return is !== undefined && JSON.stringify(wish) !== JSON.stringify(is);
}

async function refuseTaken(
  wishes: RouteState[],
  find: (path: string) => RouteState | undefined,
  ours: () => Promise<ReadonlySet<string>>,
): Promise<void> {
  for (const { path, name } of wishes) {
    const is = find(path);
    if (!is || is.name === name || (await ours()).has(is.name)) continue;
    throw new DeployRefusal(
      'ROUTE_TAKEN',
      `路径 ${path} 已指向其他服务 ${is.name}；未作改动。换一个路径，或在控制台删除该路由 ` +
        '(the path leads to somebody else’s service: choose another, or remove it in the console)',
    );
  }
}

function putRoute(
  cloud: Cloud,
  { envId }: Service,
  domain: string,
  { path, name, qps, enabled, asksLogin }: RouteState,
  isNew: boolean,
): Step {
  const route = {
    Path: path,
    UpstreamResourceType: 'SCF',
    UpstreamResourceName: name,
    EnableAuth: asksLogin,
    EnablePathTransmission: false,
    Enable: enabled,
    ...(qps === undefined ? {} : { QPSPolicy: { QPSTotal: qps } }),
  };
  const request = { EnvId: envId, Domain: { Domain: domain, Routes: [route] } };
  return {
    subject: `route ${path}`,
    does: `${isNew ? '创建 (create)' : '更新 (update)'}: ${name}, ${qps} 次/秒 (a second)`,
    run: async () => {
      if (isNew) await cloud.tcb('CreateHTTPServiceRoute', request);
      else await cloud.tcb('ModifyHTTPServiceRoute', request);
    },
  };
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
    does: '删除 (remove)',
    run: async () => {
      // Without paths the whole domain would go.
      await cloud.tcb('DeleteHTTPServiceRoute', { EnvId: envId, Domain: domain, Paths: [path] });
    },
  };
}

/** Reads the domain that `serverless.yml` names, or the environment's default one; it must be there. */
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
