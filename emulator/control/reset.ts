import { request } from 'node:http';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { World } from '../world/world.ts';
import type { AnswerOf } from './api/controlApi.ts';
import type { ControlDeps } from './deps.ts';
import { clockOf } from './time.ts';

/** A request is read in one turn of the loop, and reaches its handler in a later one. */
const QUIET_TURNS = 10;

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

/**
 * Sends a request over a new connection, which is reset, as all are now. Connections are accepted
 * in their order: when this one was, so were all that the ended processes had opened.
 */
function connectOnce(url: string): Promise<void> {
  return new Promise((resolve) => {
    request(`${url}/v3/`, { agent: false })
      .on('response', (answer) => answer.resume())
      .on('error', () => resolve())
      .on('close', () => resolve())
      .end();
  });
}

/** Waits until nothing is under way, and the requests of ended processes were read and reset. */
async function waitUntilIdle({ gate, requests }: World): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
    if (!gate.isIdle() || !requests.isIdle()) quiet = 0;
    await gate.idle();
    await requests.idle();
    await turnOfTheLoop();
  }
}

function clear({ world, runner, wechat, services, reconfigure }: ControlDeps): void {
  world.agenda.clear();
  world.faults.set([]);
  world.timeline.clear();
  for (const service of services) service.reset?.();
  reconfigure(wechat.merchant());
  runner.skipTimersTo(world.clock.nowMs());
}
