import type { ControlDeps } from './deps.ts';
import { faultRoutes } from './faults/routes.ts';
import { openApiOf, type Route, route } from './route.ts';
import { functionRoutes } from './routes/functions.ts';
import { orderRoutes } from './routes/orders.ts';
import { paymentRoutes } from './routes/payments.ts';
import { platformRoutes } from './routes/platform.ts';
import { scenarioRoutes } from './routes/scenarios.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import { timeRoutes } from './routes/time.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { worldRoutes } from './routes/world.ts';
import type { Scenarios } from './scenarios/scenarios.ts';

/** Lists the control API, call by call. */
export function routesOf(deps: ControlDeps, scenarios: Scenarios): Route[] {
  const groups = [
    paymentRoutes,
    orderRoutes,
    platformRoutes,
    timeRoutes,
    worldRoutes,
    timelineRoutes,
    functionRoutes,
    faultRoutes,
    snapshotRoutes,
  ];
  const routes = [...groups.flatMap((group) => group(deps)), ...scenarioRoutes(scenarios)];
  const document: Route = route('GET /_local/openapi.json', () => openApiOf([...routes, document]));
  return [...routes, document];
}
