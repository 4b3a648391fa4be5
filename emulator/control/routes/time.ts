import type { ControlDeps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { clockOf, moveClock } from '../time.ts';

/** Lists the routes about time. */
export function timeRoutes(deps: ControlDeps): Route[] {
  const { runner } = deps;
  const timed = () => runner.functions().filter(({ timers }) => timers.length > 0);
  return [
    route('GET /_local/clock', () => clockOf(deps)),
    route('POST /_local/clock', ({ body }) => moveClock(deps, body)),
    route('POST /_local/timers/{function}', ({ path }) =>
      timed().some(({ name }) => name === path.function)
        ? runner.fireTimer(path.function)
        : notFound('function'),
    ),
  ];
}
