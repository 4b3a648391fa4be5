/**
 * Lets contestants race: short turns, in an order that changes, so that a busy machine slows all alike; the
 * figures are medians of turns.
 */
import { type Bench, doInTime } from './bench.ts';
import { noteOf, type Series } from './series.ts';
import { median, type Row } from './table.ts';

/** Does a task once, by its number in the turn; rejects when the outcome is not as it must be. */
export interface Contestant {
  run(i: number): unknown;
  /** Prepares a turn; it is not measured. */
  prepare?(): void;
}

/** A contestant in one task, and its time in each round. */
export interface Lane extends Contestant {
  name: string;
  turns: Series<{ round: number; us: number }>;
}

/** A task, what is done of it in a turn, and who does it; the first is the floor. */
export interface Race {
  task: string;
  count: number;
  lanes: Lane[];
}

/** The rounds before the first do not count. */
const WARM_UP = 10;

/** Runs a race for so many rounds, or until the time is over. */
export async function race(
  bench: Bench,
  { task, count, lanes }: Race,
  { rounds: wanted, isOver }: { rounds: number; isOver(): boolean },
): Promise<void> {
  const rounds = Array.from({ length: WARM_UP + wanted }, (_, i) => i - WARM_UP);
  await doInTime(rounds, { isOver }, async (round) => {
    bench.doing(`${task}, ${Math.max(0, round + 1)} of ${wanted} rounds`);
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[(i + Math.abs(round)) % lanes.length] as Lane;
      if (round < 0) await bench.attempt(() => turn(lane, count));
      else await lane.turns.take(async () => ({ round, us: await turn(lane, count) }));
    }
  });
}

/** Microseconds of processor time that one task takes in a turn of `count`: waiting is not counted. */
async function turn({ run, prepare }: Contestant, count: number): Promise<number> {
  prepare?.();
  const begun = process.cpuUsage();
  for (let i = 0; i < count; i++) await run(i);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / count;
}

/** Makes the rows of a race: each contestant beside the floor of the same round. */
export function rowsOf({ task, lanes }: Race): Row[] {
  const floors = new Map(lanes[0]?.turns.values.map(({ round, us }) => [round, us]));
  return lanes.map(({ name, turns }) => {
    const ratios = turns.values.map(({ round, us }) => (floors.get(round) ?? Number.NaN) / us);
    return {
      task,
      contestant: name,
      rounds: turns.values.length,
      'p50 µs (CPU)': median(turns.values.map(({ us }) => us)),
      'of the floor': median(ratios.filter(Number.isFinite)),
      failed: turns.failed,
      ...noteOf(turns),
    };
  });
}
