import type { Data } from '../../world/data.ts';

/** A route of HTTP access on the default domain. */
export interface Route {
  path: string;
  /** Name of a function; it need not exist. */
  upstream: string;
  enabled: boolean;
  /** Fields that are stored and read back, under their names on the wire. */
  others: Record<string, unknown>;
  addedMs: number;
  modifiedMs: number;
}

/** The routes of the environment, by path. */
export interface Routes {
  all(): Route[];
  find(path: string): Route | undefined;
  put(route: Route): void;
  remove(path: string): void;
}

/** Opens the routes. */
export function openRoutes(data: Data): Routes {
  const table = data.table<Route>('tencentcloud_routes');
  return {
    all: () => table.all().map(([, route]) => route),
    find: (path) => table.get(path),
    put: (route) => table.put(route.path, route),
    remove: (path) => table.delete(path),
  };
}
