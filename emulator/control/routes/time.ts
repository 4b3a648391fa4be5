import type { ControlDeps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { clockOf, moveClock } from '../time.ts';

const AGENDA_MAX = 200;

/** Lists the routes about time. */
export function timeRoutes(deps: ControlDeps): Route[] {
  const { runner } = deps;
  const timed = () => runner.functions().filter(({ timers }) => timers.length > 0);
  return [
    route('GET /_local/clock', () => clockOf(deps)),
    route('GET /_local/agenda', () =>
      deps.world.agenda
        .list()
        .slice(0, AGENDA_MAX)
        .map(({ kind, key, atMs }) => ({ kind, key, at: new Date(atMs).toISOString() })),
    ),
    route('POST /_local/clock', ({ body }) => moveClock(deps, body)),
    route('POST /_local/timers/{function}', ({ path }) =>
      timed().some(({ name }) => name === path.function)
        ? runner.fireTimer(path.function)
        : notFound('function'),
    ),
  ];
}
