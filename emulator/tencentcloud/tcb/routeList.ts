import type { Action, ActionDeps } from '../action.ts';
import type { Route } from '../state/routes.ts';
import { filters, pageOf } from '../wire/params.ts';
import { isoText } from '../wire/times.ts';

/** `DescribeHTTPServiceRoute`: the default domain and its routes; filters match exactly. */
export const describeHTTPServiceRoute: Action = {
  write: false,
  run: (params, deps) => {
    const wanted = filters(params, ['Domain', 'Path', 'DomainType', 'UpstreamResourceType']);
    const fits = (name: string, value: unknown) =>
      wanted.get(name)?.includes(String(value)) ?? true;
    const routes = deps.routes
      .all()
      .map(routeView)
      .filter((route) => ['Path', 'UpstreamResourceType'].every((n) => fits(n, route[n])));
    const domain = domainView(deps, routes);
    const asksForRoutes = wanted.has('Path') || wanted.has('UpstreamResourceType');
    const isFound =
      ['Domain', 'DomainType'].every((name) => fits(name, domain[name])) &&
      (routes.length > 0 || !asksForRoutes);
    const domains = isFound ? [domain] : [];
    const { domain: OriginDomain } = deps.options;
    return { Domains: pageOf(params, domains), OriginDomain, TotalCount: domains.length };
  },
};

function routeView(route: Route): Record<string, unknown> {
  return {
    EnableSafeDomain: true,
    EnablePathTransmission: false,
    ...route.others,
    Path: route.path,
    UpstreamResourceType: 'SCF',
    UpstreamResourceName: route.upstream,
    EnableAuth: false,
    Enable: route.enabled,
    CreateTime: isoText(route.addedMs),
    UpdateTime: isoText(route.modifiedMs),
  };
}

function domainView({ options }: ActionDeps, routes: object[]): Record<string, unknown> {
  return {
    Domain: options.domain,
    DomainType: 'HTTPSERVICE',
    AccessType: 'DIRECT',
    Protocol: 'HTTP_AND_HTTPS',
    IsDefault: true,
    Enable: true,
    Status: 'SUCCESS',
    DNSStatus: 'OK',
    Routes: routes,
  };
}
