import { Lost } from './connectionReset.ts';
import type { World } from './world.ts';

/** How the two doors of Tencent's cloud word the faults that answer with a refusal. */
export interface StrikeRefusals {
  throttled(): Error;
  /** `code` is the fault's own word; left out: the door's usual one. */
  error(code: string | undefined): Error;
}

/**
 * Lets a fault strike before a request acts; answers whether the answer shall be lost after it acted.
 * Throws {@link Lost} for a lost request, and the door's refusal for `throttled` and `error`.
 */
export async function strike(
  world: World,
  operation: string,
  refusals: StrikeRefusals,
): Promise<boolean> {
  const fault = world.faults.strike(
    operation,
    'lost_request',
    'lost_answer',
    'error',
    'throttled',
    'slow',
  );
  if (!fault) return false;
  world.timeline.add({ what: operation, detail: { fault: fault.kind } });
  if (fault.kind === 'lost_request') throw new Lost(false);
  if (fault.kind === 'throttled') throw refusals.throttled();
  if (fault.kind === 'error') throw refusals.error(fault.code);
  if (fault.kind === 'slow') await world.life.pauseMs(fault.delayMs ?? 0);
  return fault.kind === 'lost_answer';
}
