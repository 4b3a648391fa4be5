import { backoffMs, type Wait } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';
import type { Resource, Step } from '../resources/resource.ts';

/** A resource is read and acted upon so often before it is given up. */
const ATTEMPTS_MAX = 12;

/** Gets each step, to show it to a person who waits. */
export interface StepListener {
  onStart(step: Step): void;
  onDone(step: Step): void;
  /** Gets how many of all that is to be changed stand. */
  onProgress?(progress: Progress): void;
}

/** So many of the things that a deploy changes stand. */
export interface Progress {
  done: number;
  total: number;
}

/**
 * Reads a resource and acts on it until nothing is left to do; answers the steps taken. A call
 * whose fate is unknown, or that found the resource busy, leads to another look, never to a blind
 * repeat; so a deploy that died anywhere is completed by the next one.
 */
export async function converge(
  resource: Resource,
  wait: Wait,
  listener: StepListener,
): Promise<Step[]> {
  const taken: Step[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const steps = await resource.steps();
    if (steps.length === 0) return taken;
    if (attempt > ATTEMPTS_MAX) throw notConverging(resource, steps);
    try {
      for (const step of steps) {
        listener.onStart(step);
        await step.run();
        listener.onDone(step);
        taken.push(step);
      }
    } catch (error) {
      if (!(error instanceof CloudError) || error.retry === 'never' || attempt === ATTEMPTS_MAX) {
        throw error;
      }
      await wait(backoffMs(attempt));
    }
  }
}

function notConverging({ subject }: Resource, steps: Step[]): Error {
  const remaining = steps.map(({ action }) => action).join('; ');
  return new Error(
    `${subject}: 多次写入后仍与 serverless.yml 不符，可能有其他工具同时在修改 ` +
      `(still not as it should be; is another tool changing it?): ${remaining}`,
  );
}
