import type { Contract } from '../contract/contract.ts';
import { readConfig } from './config.ts';
import { type Main, pipeline, type Run } from './pipeline.ts';
import { printLine, systemClock } from './system.ts';
import { wire } from './wiring.ts';

/**
 * Builds a deployed function on the real machine. A wrong configuration stops the cold start here,
 * naming the key, what it should hold and where to find it.
 */
export function endpoint<I>(contract: Contract<I>, run: Run<I>): Main {
  const config = readConfig(contract.name);
  const surroundings = { config, toolsFor: wire(config), clock: systemClock, print: printLine };
  return pipeline(contract, run, surroundings);
}
