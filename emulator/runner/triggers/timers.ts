import { type Cron, parseCron } from '../../world/time/cron.ts';
import type { World } from '../../world/world.ts';
import type { FunctionSpec } from '../invocation.ts';

const KIND = 'timer';

/** A trigger of a function, by the names of both. */
export interface Trigger {
  name: string;
  trigger: string;
}

/** A trigger that falls due at an instant, in virtual milliseconds. */
export interface DueTrigger extends Trigger {
  atMs: number;
}

/** The timer triggers (定时触发器) of all functions, planned in the agenda. */
export interface Timers {
  /**
   * Plans the triggers of these functions and forgets all others. One that stays as it was keeps
   * its next occurrence: deploying something else must not bring it forward.
   */
  load(functions: FunctionSpec[]): void;
  /** Names the trigger that falls due first. */
  next(): DueTrigger | undefined;
  /** Takes over the agenda of another world: plans what it did not know, forgets what is not here. */
  resume(): void;
  /** Plans every trigger for its first occurrence after `ms`. */
  skipTo(ms: number): void;
}

/** A planner does this with a due trigger, once its next occurrence is planned. */
export interface TimerDeps {
  fire(due: Trigger): Promise<unknown>;
  /** Lets those pass that real time made due: what fires is moved to, or asked for. */
  held: boolean;
}

/** Builds the planner. */
export function createTimers(world: World, { fire, held }: TimerDeps): Timers {
  let planned = new Map<string, Trigger & { cron: Cron }>();

  const plan = (key: string, afterMs: number) => {
    const known = planned.get(key);
    const atMs = known?.cron.nextAfter(afterMs);
    if (atMs === undefined) world.agenda.cancel(KIND, key);
    else world.agenda.plan({ kind: KIND, key, atMs });
  };
  const items = () => world.agenda.list().filter((item) => item.kind === KIND);

  world.agenda.on(KIND, async ({ key }, by) => {
    plan(key, world.clock.nowMs());
    const due = planned.get(key);
    if (due && !(held && by === 'time')) await fire({ name: due.name, trigger: due.trigger });
  });
  return {
    load: (functions) => {
      const before = planned;
      planned = new Map(functions.flatMap(entriesOf));
      const stays = (key: string) =>
        planned.has(key) && before.get(key)?.cron.text === planned.get(key)?.cron.text;
      for (const { key } of items()) if (!stays(key)) world.agenda.cancel(KIND, key);
      for (const key of planned.keys()) if (!stays(key)) plan(key, world.clock.nowMs());
    },
    next: () => {
      const [first] = items();
      const known = first && planned.get(first.key);
      return known && { name: known.name, trigger: known.trigger, atMs: first.atMs };
    },
    resume: () => {
      const there = new Set(items().map(({ key }) => key));
      for (const key of there) if (!planned.has(key)) world.agenda.cancel(KIND, key);
      for (const key of planned.keys()) if (!there.has(key)) plan(key, world.clock.nowMs());
    },
    skipTo: (ms) => {
      for (const key of planned.keys()) plan(key, ms);
    },
  };
}

function entriesOf({ name, timers }: FunctionSpec): [string, Trigger & { cron: Cron }][] {
  return timers.map((timer) => [
    `${name}/${timer.name}`,
    { name, trigger: timer.name, cron: parseCron(timer.cron) },
  ]);
}
