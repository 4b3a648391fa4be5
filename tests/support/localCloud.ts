import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../emulator/main.ts';
import { dealtKeys } from './dealtKeys.ts';
import { deployBuilt } from './deploy/projectDeployment.ts';

/** Starts an empty local cloud in this process; closing it removes its data too. */
export async function emptyLocalCloud(
  env: Record<string, string> = {},
  more: Pick<LocalCloudOptions, 'root' | 'host' | 'devtools'> = {},
): Promise<LocalCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'scf-wechatpay-'));
  const cloud = await startLocalCloud({
    port: 0,
    file: join(folder, 'data.db'),
    ...more,
    env: {
      // Tests name their own prices, unless they are about quotes.
      WXPAY_PRICE_SOURCE: 'client',
      // The minute that happens to end in a test fires nothing: timers fire where the test says so.
      LOCAL_TIMERS: 'held',
      ...env,
    },
    rsaKey: dealtKeys(),
  });
  return {
    ...cloud,
    close: async () => {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a local cloud with the project deployed to it, as it was built last. */
export async function openLocalCloud(
  env: Record<string, string> = {},
  more: Pick<LocalCloudOptions, 'host' | 'devtools'> = {},
): Promise<LocalCloud> {
  const cloud = await emptyLocalCloud(env, more);
  try {
    await deployBuilt(cloud);
    return cloud;
  } catch (error) {
    await cloud.close();
    throw error;
  }
}
