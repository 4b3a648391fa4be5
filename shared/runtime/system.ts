/** Provides time, randomness and output of the real machine: no other file takes them. */
import { randomBytes as strongBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';
import type { RandomBytes } from '../ports/random.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  // biome-ignore lint/plugin: this is the clock port itself
  now: () => new Date(),
  // Not `performance`, whose first use loads a module and half a millisecond of a cold start.
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  wait: (ms) => wait(ms),
};

/** The machine's strong randomness. */
export const systemRandom: RandomBytes = (count) => strongBytes(count);

/** Prints a log line where SCF collects it. */
export function printLine(line: string): void {
  // biome-ignore lint/suspicious/noConsole: standard output is SCF's log
  console.log(line);
}
