import type { AnswerOf } from './api/controlApi.ts';
import type { ControlDeps } from './deps.ts';
import { connectOnce, waitUntilIdle } from './quiet.ts';
import { clockOf } from './time.ts';

/**
 * Empties the world: no order, fault, event, plan. Whatever is under way is ended first, functions
 * with their processes, and nothing begins meanwhile, so that nothing that began before writes into
 * the empty world. What is deployed stays.
 */
export function emptyWorld(deps: ControlDeps): Promise<AnswerOf<'GET /_local/clock'>> {
  const { world, runner, url } = deps;
  return world.life.end(async () => {
    world.agenda.clear();
    world.faults.set([]);
    await runner.endRunning();
    await connectOnce(url);
    return world.agenda.runAlone(async () => {
      await waitUntilIdle(world);
      clear(deps);
      return clockOf(deps);
    });
  });
}

function clear({ world, runner, wechat, services, reconfigure }: ControlDeps): void {
  world.agenda.clear();
  world.faults.set([]);
  world.timeline.clear();
  for (const service of services) service.reset?.();
  reconfigure(wechat.merchant());
  runner.skipTimersTo(world.clock.nowMs());
}
