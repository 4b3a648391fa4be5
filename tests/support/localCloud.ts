import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployProject } from '../../emulator/deploy.ts';
import { type LocalCloud, startLocalCloud } from '../../emulator/main.ts';

/** Starts an empty local cloud in this process; closing it removes its data too. */
export async function emptyLocalCloud(env: Record<string, string> = {}): Promise<LocalCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'scf-wechatpay-'));
  const cloud = await startLocalCloud({ port: 0, file: join(folder, 'data.db'), env });
  return {
    ...cloud,
    close: async () => {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a local cloud with the project deployed to it by `serverless deploy`. */
export async function openLocalCloud(env: Record<string, string> = {}): Promise<LocalCloud> {
  const cloud = await emptyLocalCloud(env);
  try {
    await deployProject(cloud, { root: process.cwd(), env: process.env, write: () => {} });
    return cloud;
  } catch (error) {
    await cloud.close();
    throw error;
  }
}
