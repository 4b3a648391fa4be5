import { request } from 'node:http';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { World } from '../world/world.ts';

/** A request is read in one turn of the loop, and reaches its handler in a later one. */
const QUIET_TURNS = 10;

/**
 * Sends a request over a new connection, which is reset, as all are while a life ends. Connections are accepted in
 * their order: when this one was, so were all that the ended processes had opened.
 */
export function connectOnce(url: string): Promise<void> {
  return new Promise((resolve) => {
    request(`${url}/v3/`, { agent: false })
      .on('response', (answer) => answer.resume())
      .on('error', () => resolve())
      .on('close', () => resolve())
      .end();
  });
}

/** Waits until nothing is under way, and the requests of ended processes were read and reset. */
export async function waitUntilIdle({ gate, requests }: World): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
    if (!gate.isIdle() || !requests.isIdle()) quiet = 0;
    await gate.idle();
    await requests.idle();
    await turnOfTheLoop();
  }
}
