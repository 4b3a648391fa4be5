/** Whole numbers below `below`, in an order that its seed decides. */
export type Chance = (below: number) => number;

/** The seed of this run: `SEED`, or drawn by vitest.config.ts; a failing test tells it. */
export function seedOfRun(): number {
  return Number(process.env.SEED);
}

/** A repeatable stream of chances (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
