import { durationMs } from '../../shared/contract/duration.ts';
import type { AnswerOf, BodyOf } from './api/controlApi.ts';
import type { ControlDeps, RunnerControls } from './deps.ts';
import { RefusalError } from './errors.ts';

/** WeChat's certificates here end in 2200: beyond that nothing would be signed, and no cloud start again. */
export const TIME_MAX_MS = Date.parse('2100-01-01T00:00:00Z');

type Clock = AnswerOf<'GET /_local/clock'>;
type Move = BodyOf<'POST /_local/clock'>;

/** Answers the present, and what comes next. */
export function clockOf({ world, runner }: ControlDeps): Clock {
  const next = runner.nextTimer();
  return {
    now: world.clock.now().toISOString(),
    offsetMs: world.clock.offsetMs(),
    ...(next ? { nextTimer: { ...next, at: new Date(next.atMs).toISOString() } } : {}),
  };
}

/** Moves time; settles once all that fell due has happened. */
export async function moveClock(deps: ControlDeps, move: Move): Promise<Clock> {
  const { world, runner } = deps;
  const toMs = targetOf(move, world.clock.nowMs());
  const timers = move.timers ?? 'last';
  if (timers !== 'all') runner.skipTimersTo(toMs);
  const then = async () => {
    if (timers === 'last') await fireTimers(runner);
    const detail = { to: new Date(toMs).toISOString(), timers };
    world.timeline.add({ what: 'clock.moved', detail });
  };
  await world.agenda.advance(toMs, { then });
  return clockOf(deps);
}

/** Fires each timer once. */
async function fireTimers(runner: RunnerControls): Promise<void> {
  for (const { name, timers } of runner.functions()) {
    if (timers.length > 0) await runner.fireTimer(name);
  }
}

function targetOf({ advance, to }: Move, nowMs: number): number {
  if ((advance === undefined) === (to === undefined)) {
    throw new RefusalError(400, 'INVALID', 'advance 和 to 二选一 (give one of both)', 'advance');
  }
  if (advance !== undefined) {
    const ms = durationMs(advance);
    if (ms !== undefined && nowMs + ms <= TIME_MAX_MS) return nowMs + ms;
    throw new RefusalError(
      400,
      'INVALID',
      'ISO 8601 时长，如 PT6M，最远到 2100 年 (a duration, until 2100)',
      'advance',
    );
  }
  const ms = Date.parse(to ?? '');
  if (!(ms <= TIME_MAX_MS))
    throw new RefusalError(400, 'INVALID', '应为 2100 年前的时间 (an instant before 2100)', 'to');
  if (ms < nowMs) {
    throw new RefusalError(400, 'INVALID', '时间不能倒退 (time never runs back)', 'to');
  }
  return ms;
}
