import type { CloudBase } from '@cloudbase/node-sdk';

/** Calls a function by its name and resolves to its answer; rejects with the platform's `code`. */
export async function callFunction(
  app: Pick<CloudBase, 'callFunction'>,
  called: { name: string; data: object },
  timeoutMs: number,
): Promise<unknown> {
  const timeout = Math.max(1, Math.ceil(timeoutMs));
  const { result, ...answer } = await app.callFunction(called, { timeout });
  // The SDK answers some of the platform's refusals instead of throwing them.
  if ('code' in answer) throw Object.assign(new Error('callFunction'), answer);
  return result;
}
