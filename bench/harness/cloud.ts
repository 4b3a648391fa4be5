import type { LocalCloud } from '../../emulator/main.ts';
import { openLocalCloud } from '../../tests/support/localCloud.ts';
import type { Bench } from './bench.ts';

/** Runs `work` against a fresh local cloud with the project deployed, its timers firing as a user's. */
export async function withCloud<T>(
  { prepare }: Pick<Bench, 'prepare'>,
  env: Record<string, string>,
  work: (cloud: LocalCloud) => Promise<T>,
): Promise<T> {
  const cloud = await prepare('deploying to a local cloud', () =>
    openLocalCloud({ LOCAL_TIMERS: '', ...env }),
  );
  try {
    return await work(cloud);
  } finally {
    await cloud.close();
  }
}
