import type { LocalCloud } from '../emulator/main.ts';
import { openLocalCloud } from '../tests/support/localCloud.ts';

/** Runs `work` against a fresh local cloud with the project deployed. */
export async function withCloud<T>(
  env: Record<string, string>,
  work: (cloud: LocalCloud) => Promise<T>,
): Promise<T> {
  const cloud = await openLocalCloud(env);
  try {
    return await work(cloud);
  } finally {
    await cloud.close();
  }
}
