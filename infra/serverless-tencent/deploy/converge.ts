import { backoffMs, type Wait } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';
import type { Resource, Step } from '../resources/resource.ts';

/** How often a resource is read and acted upon before it is given up. */
const ROUNDS_MAX = 12;

/** What happens on the way, for a person who waits. */
export interface Listener {
  begins(step: Step): void;
  done(step: Step): void;
}

/**
 * Reads a resource and acts on it until nothing is left to do; answers the steps taken. A call whose
 * fate is unknown, or that found the resource busy, leads to another look, never to a blind repeat;
 * so a deploy that died anywhere is completed by the next one.
 */
export async function converge(
  resource: Resource,
  wait: Wait,
  listener: Listener,
): Promise<Step[]> {
  const taken: Step[] = [];
  for (let round = 1; ; round += 1) {
    const steps = await resource.steps();
    if (steps.length === 0) return taken;
    if (round > ROUNDS_MAX) throw notConverging(resource, steps);
    try {
      for (const step of steps) {
        listener.begins(step);
        await step.run();
        listener.done(step);
        taken.push(step);
      }
    } catch (error) {
      if (!(error instanceof CloudError) || error.retry === 'never' || round === ROUNDS_MAX) {
        throw error;
      }
      await wait(backoffMs(round));
    }
  }
}

function notConverging({ subject }: Resource, steps: Step[]): Error {
  const left = steps.map(({ does }) => does).join('; ');
  return new Error(
    `${subject}: 多次写入后仍与 serverless.yml 不符，可能有其他工具同时在修改 ` +
      `(still not as it should be; is another tool changing it?): ${left}`,
  );
}
