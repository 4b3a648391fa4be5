import { durationMs } from '../../../shared/contract/duration.ts';
import type { ControlDeps } from '../deps.ts';

/**
 * An instant as a scenario names it, so that it means the same at each play: `${now+PT5M}`, `${nextTimer}`,
 * `${tomorrowAtTen}` (Beijing, when yesterday's bill is there), `${expires(outTradeNo)-PT1S}`.
 */
const MOMENT = /^(?:now|nextTimer|tomorrowAtTen|expires\((\w+)\))(?:([+-])(P[\dDTHMS]+))?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;
/** An instant so near to the end of an order is meant by it. */
const NEAR_MS = 120_000;

/** Finds the value of a variable, or the variable of a value. */
type Lookup = (name: string) => string | undefined;

/** Tells whether a text is an instant. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text);
}

/** Tells whether a name is one of a moment, and of which variable it speaks. */
export function momentNamed(name: string): { variable?: string } | undefined {
  const [whole, variable, , by] = MOMENT.exec(name) ?? [];
  if (whole === undefined || (by !== undefined && durationMs(by) === undefined)) return undefined;
  return variable === undefined ? {} : { variable };
}

/** Finds the instant that a moment is at present; undefined where there is none. */
export function instantOf(deps: ControlDeps, name: string, find: Lookup): string | undefined {
  const [, variable, sign, by = 'PT0S'] = MOMENT.exec(name) ?? [];
  const baseMs =
    variable === undefined
      ? basesOf(deps)[name.split(/[+-]/)[0] as keyof ReturnType<typeof basesOf>]
      : expiryOf(deps, find(variable) ?? '');
  const byMs = durationMs(by);
  if (baseMs === undefined || byMs === undefined) return undefined;
  return new Date(sign === '-' ? baseMs - byMs : baseMs + byMs).toISOString();
}

/** Names an instant by what it is at present; `orders` are the numbers that may be of one, named by `nameOf`. */
export function momentOf(
  deps: ControlDeps,
  instant: string,
  orders: Iterable<string>,
  nameOf: Lookup,
): string {
  const ms = Date.parse(instant);
  const { now, nextTimer, tomorrowAtTen } = basesOf(deps);
  if (ms === nextTimer) return 'nextTimer';
  if (ms === tomorrowAtTen) return 'tomorrowAtTen';
  for (const outTradeNo of orders) {
    const expiryMs = expiryOf(deps, outTradeNo) ?? Number.NaN;
    const isNear = Math.abs(ms - expiryMs) <= NEAR_MS;
    if (isNear) return `expires(${nameOf(outTradeNo)})${offset(ms - expiryMs)}`;
  }
  return `now${offset(ms - now)}`;
}

function basesOf({ world, runner }: ControlDeps) {
  const now = world.clock.nowMs();
  const day = Math.floor((now + BEIJING_MS) / DAY_MS) + 1;
  return {
    now,
    nextTimer: runner.nextTimer()?.atMs,
    tomorrowAtTen: day * DAY_MS - BEIJING_MS + 10 * 3_600_000,
  };
}

function expiryOf({ wechat }: ControlDeps, outTradeNo: string): number | undefined {
  const { time_expire: expiry } = Object(wechat.truth(outTradeNo));
  return typeof expiry === 'string' ? Date.parse(expiry) : undefined;
}

/** Writes milliseconds as a duration of whole seconds, never less than they are. */
export function secondsOf(ms: number): string {
  return `PT${Math.ceil(ms / 1000)}S`;
}

function offset(ms: number): string {
  if (ms === 0) return '';
  return ms > 0 ? `+${secondsOf(ms)}` : `-${secondsOf(-ms)}`;
}
