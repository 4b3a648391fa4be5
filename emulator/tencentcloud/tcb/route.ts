import type { Action, ActionDeps } from '../action.ts';
import { notSimulated, refuse } from '../errors.ts';
import type { Route } from '../state/routes.ts';
import {
  objects,
  optionalBoolean,
  optionalInteger,
  optionalObject,
  optionalText,
  type Params,
  requiredObject,
  requiredText,
  texts,
} from '../wire/params.ts';

const ROUTES_MAX = 20;
const PATH_FORM = /^(?=.{1,100}$)\/(?:[A-Za-z0-9_.~-]+(?:\/[A-Za-z0-9_.~-]+)*)?$/;

/** Fields that are stored as they came. */
const STORED_FIELDS = ['EnableSafeDomain', 'EnablePathTransmission', 'QPSPolicy', 'Extension'];

/** `CreateHTTPServiceRoute`: does not ask whether the function is there. */
export const createHTTPServiceRoute: Action = {
  write: true,
  deploys: true,
  run: (params, deps) => {
    const now = deps.world.clock.nowMs();
    const routes = readRoutes(params, deps).map((fields): Route => {
      const path = pathOf(fields);
      if (deps.routes.find(path)) {
        throw refuse('ResourceInUse.HTTPServiceRoute', `路由 ${path} 已存在 (the route exists)`);
      }
      requiredText(fields, 'UpstreamResourceType');
      requiredText(fields, 'UpstreamResourceName');
      const blank = { path, upstream: '', enabled: true, others: {} };
      return applyParams({ ...blank, addedMs: now, modifiedMs: now }, fields);
    });
    putAll(deps, routes);
    return {};
  },
};

/** `ModifyHTTPServiceRoute`: what is given of a route is replaced. */
export const modifyHTTPServiceRoute: Action = {
  write: true,
  deploys: true,
  run: (params, deps) => {
    const modifiedMs = deps.world.clock.nowMs();
    const routes = readRoutes(params, deps).map((fields) => {
      const route = applyParams(routeAt(deps, pathOf(fields)), fields);
      return { ...route, modifiedMs };
    });
    putAll(deps, routes);
    return {};
  },
};

/** `DeleteHTTPServiceRoute`: without paths, every route; the default domain itself stays. */
export const deleteHTTPServiceRoute: Action = {
  write: true,
  deploys: true,
  run: (params, deps) => {
    checkDomain(requiredText(params, 'Domain'), deps);
    const named = texts(params, 'Paths');
    const paths = named.length > 0 ? named : deps.routes.all().map(({ path }) => path);
    deps.world.data.atomically(() => {
      for (const path of paths) deps.routes.remove(routeAt(deps, path).path);
    });
    return {};
  },
};

function readRoutes(params: Params, deps: ActionDeps): Params[] {
  const domain = requiredObject(params, 'Domain');
  checkDomain(requiredText(domain, 'Domain'), deps);
  const routes = objects(domain, 'Routes');
  const paths = new Set(routes.map((route) => route.Path));
  if (routes.length > ROUTES_MAX || paths.size < routes.length) {
    throw refuse(
      'InvalidParameter',
      'Routes 最多 20 条，路径不可重复 (at most 20, each path once)',
    );
  }
  return routes;
}

function checkDomain(domain: string, { options }: ActionDeps): void {
  if (domain === options.domain) return;
  throw refuse(
    'ResourceNotFound.HTTPServiceDomain',
    `没有域名 ${domain}，本地云只有 ${options.domain} (there is only ${options.domain})`,
  );
}

function pathOf(fields: Params): string {
  const path = requiredText(fields, 'Path');
  if (PATH_FORM.test(path)) return path;
  throw refuse(
    'InvalidParameterValue',
    `路径 ${path} 不合法：以 / 开头，由字母、数字、- _ . ~ 和 / 组成，不以 / 结尾 ` +
      '(a path begins with /, holds letters, digits, - _ . ~ and /, and does not end with /)',
  );
}

function routeAt({ routes }: ActionDeps, path: string): Route {
  const route = routes.find(path);
  if (route) return route;
  throw refuse('InvalidParameter.ResourceNotExists', `没有路由 ${path} (there is no such route)`);
}

function applyParams(route: Route, fields: Params): Route {
  const type = optionalText(fields, 'UpstreamResourceType') ?? 'SCF';
  if (type !== 'SCF') {
    throw notSimulated('InvalidParameterValue', `UpstreamResourceType ${type}`);
  }
  if (optionalBoolean(fields, 'EnableAuth'))
    throw notSimulated('InvalidParameterValue', 'EnableAuth');
  if (optionalText(optionalObject(fields, 'PathRewrite') ?? {}, 'Prefix')) {
    throw notSimulated('InvalidParameterValue', 'PathRewrite');
  }
  checkQps(optionalObject(fields, 'QPSPolicy') ?? {});
  const stored = STORED_FIELDS.flatMap((name) => ((fields[name] ?? null) === null ? [] : [name]));
  return {
    ...route,
    upstream: optionalText(fields, 'UpstreamResourceName') ?? route.upstream,
    enabled: optionalBoolean(fields, 'Enable') ?? route.enabled,
    others: { ...route.others, ...Object.fromEntries(stored.map((name) => [name, fields[name]])) },
  };
}

function checkQps(policy: Params): void {
  const perClient = optionalObject(policy, 'QPSPerClient');
  const total = optionalInteger(policy, 'QPSTotal') ?? 0;
  const isKnown = ['UserID', 'ClientIP'].includes(String(perClient?.LimitBy));
  if (total < 0 || (perClient && !isKnown)) {
    throw refuse(
      'InvalidParameterValue',
      'QPSTotal 应 ≥ 0，LimitBy 应为 UserID 或 ClientIP (QPSTotal from 0, LimitBy one of these)',
    );
  }
}

function putAll({ world, routes }: ActionDeps, next: Route[]): void {
  world.data.atomically(() => {
    for (const route of next) routes.put(route);
  });
}
