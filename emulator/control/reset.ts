import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { ControlParts } from './parts.ts';
import { clockOf } from './time.ts';

/**
 * Empties the world: no order, fault, event, plan. Whatever is under way is ended first, functions with
 * their processes, so that nothing that began before writes into the empty world. What is deployed stays.
 */
export async function emptyWorld(parts: ControlParts): Promise<object> {
  const { world, runner } = parts;
  world.agenda.clear();
  world.faults.set([]);
  world.life.end();
  await runner.endRunning();
  // What a process sent before its end has been read by now, and is at a door in the next turn.
  await turnOfTheLoop();
  return world.agenda.inTurn(async () => {
    await world.gate.idle();
    await world.doors.idle();
    clear(parts);
    return clockOf(parts);
  });
}

function clear({ world, runner, wechat, cloudbase, reconfigure }: ControlParts): void {
  world.agenda.clear();
  world.faults.set([]);
  world.timeline.clear();
  wechat.reset();
  cloudbase.reset();
  runner.tokens.reset();
  reconfigure(wechat.merchant());
  runner.skipTimersTo(world.clock.nowMs());
}
