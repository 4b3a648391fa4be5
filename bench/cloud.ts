import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '../emulator/main.ts';

/** Runs `work` against a fresh local cloud over the built functions. */
export async function withCloud<T>(
  env: Record<string, string>,
  work: (cloud: LocalCloud) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'scf-wechatpay-'));
  const file = join(folder, 'data.db');
  const cloud = await startLocalCloud({ root: process.cwd(), port: 0, file, env, build: false });
  try {
    return await work(cloud);
  } finally {
    await cloud.close();
    await rm(folder, { recursive: true });
  }
}
