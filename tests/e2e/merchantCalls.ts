/**
 * Calls functions as CloudBase does between functions of one environment, for a stage in one process, on the
 * time of whoever calls.
 */
import type { World } from '../../emulator/world/world.ts';
import { readEventsKeys, type SignedMessage } from '../../shared/contract/event/signature.ts';
import type { Lifetimes } from './lifetimes.ts';

/** The key that signs what the merchant is told, as `WXPAY_EVENTS_KEY` has it. */
export const EVENTS_KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const eventsKeys = readEventsKeys(EVENTS_KEY);

/** The merchant's own function that hears of events; what it throws is what the platform answers. */
export type Fulfil = (event: SignedMessage) => Promise<unknown>;

/** Is thrown by a function whose caller dies while it works. */
export class CallerDies extends Error {}

type Run = () => Promise<unknown>;

/** How long a call takes beside the work of the function. */
const CALL_MS = 50;

/** Makes calls of functions: one whose answer does not come lasts as long as it may. */
export function createCalls(lifetimes: Lifetimes) {
  return async function call(run: Run, timeoutMs: number): Promise<unknown> {
    const end = lifetimes.wait();
    try {
      const answer = await run();
      end(CALL_MS);
      return answer;
    } catch (error) {
      if (error instanceof CallerDies) lifetimes.die();
      await lifetimes.unlessDead();
      if (Object(error).code === 'ETIMEDOUT') end(timeoutMs);
      throw error;
    }
  };
}

/** Runs a function with the fault that is switched on, if any: `duplicate` runs it twice, and answers once. */
export async function withFault({ faults }: Pick<World, 'faults'>, run: Run): Promise<unknown> {
  const kinds = ['lost_request', 'lost_answer', 'error', 'duplicate'] as const;
  const fault = faults.take('cloudbase.invokeFunction', ...kinds)?.kind;
  if (fault === 'error') throw withCode('SYS_ERR');
  if (fault === 'lost_request') throw withCode('ETIMEDOUT');
  const [answer] = await Promise.all(fault === 'duplicate' ? [run(), run()] : [run()]);
  if (fault === 'lost_answer') throw withCode('ETIMEDOUT');
  return answer;
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
