import { ConnectionReset } from './connectionReset.ts';
import type { FaultKind, FaultOption, FaultPlace } from './faults.ts';
import type { World } from './world.ts';

/** CloudBase and the Tencent Cloud API word the faults that they answer with a refusal. */
export interface FaultRefusals {
  throttled(): Error;
  /** `code` is the fault's own; left out: the service's usual one. */
  error(code: string | undefined): Error;
}

const KINDS = [
  'lost_request',
  'lost_answer',
  'error',
  'throttled',
  'slow',
] as const satisfies readonly FaultKind[];

/** Lists operations as places of these faults; `error` may have any code in the spelling of theirs. */
export function faultPlaces(operations: readonly string[]): FaultPlace[] {
  const kinds = KINDS.map(
    (kind): FaultOption =>
      kind === 'error' ? { kind, codePattern: '^[A-Z][A-Za-z_.]+$' } : { kind },
  );
  return operations.map((at) => ({ at, kinds }));
}

/**
 * Takes the fault that is switched on for an operation, if any, before a request acts; answers
 * whether the answer shall be lost after it acted. Throws {@link ConnectionReset} for a lost
 * request, and the service's refusal for `throttled` and `error`.
 */
export async function takeFault(
  world: World,
  operation: string,
  refusals: FaultRefusals,
): Promise<boolean> {
  const fault = world.faults.take(operation, ...KINDS);
  if (!fault) return false;
  world.timeline.add({ what: operation, detail: { fault: fault.kind } });
  if (fault.kind === 'lost_request') throw new ConnectionReset({ acted: false });
  if (fault.kind === 'throttled') throw refusals.throttled();
  if (fault.kind === 'error') throw refusals.error(fault.code);
  if (fault.kind === 'slow') await world.life.pauseMs(fault.delayMs ?? 0);
  return fault.kind === 'lost_answer';
}
