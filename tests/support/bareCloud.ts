import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CloudBase, createCloudBase } from '../../emulator/cloudbase/cloudbase.ts';
import { databaseOf } from '../../emulator/functions.ts';
import { listen } from '../../emulator/server.ts';
import type { VersionOutcome } from '../../emulator/tencentcloud/options.ts';
import { createTencentCloud, type TencentCloud } from '../../emulator/tencentcloud/tencentcloud.ts';
import { openWorld, type World } from '../../emulator/world/world.ts';
import { type Access, readAccess } from '../../infra/serverless-tencent/cloud/access.ts';
import { type Cloud, openCloud } from '../../infra/serverless-tencent/cloud/cloud.ts';
import { dealtKeys } from './dealtKeys.ts';

/** Runs an unpacked function for `InvokeFunction`, by its folder. */
type RunFolder = (folder: string, event: unknown) => Promise<Partial<VersionOutcome>>;

/** The Tencent Cloud API over an empty environment; nothing runs functions but what is given for it. */
export interface BareCloud {
  cloud: Cloud;
  access: Access;
  tencentcloud: TencentCloud;
  cloudbase: CloudBase;
  world: World;
  /** The environment of a command line that works on it. */
  env: Record<string, string>;
  close(): Promise<void>;
}

export const ENV_ID = 'pay-1a2b3c';
const REGION = 'ap-shanghai';
const KEY = { secretId: 'AKIDbare', secretKey: 'bare-secret-key', token: 'bare-token' };

/**
 * Opens an empty cloud; states last a moment, and waits of the deploy are cut to as little. Without `run` a call
 * answers the version that was called.
 */
export async function openBareCloud(run?: RunFolder): Promise<BareCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'bare-cloud-'));
  const world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    realMs: Date.now,
    waitMs: (ms) => wait(ms, undefined, { ref: false }),
    randomBytes,
    chance: Math.random,
  });
  const credentials = (id: string) => (id === KEY.secretId ? KEY : undefined);
  const cloudbase = createCloudBase(world, {
    envId: ENV_ID,
    credentials,
    invoke: async () => ({ result: null }),
  });
  const tencentcloud: TencentCloud = createTencentCloud(world, {
    envId: ENV_ID,
    region: REGION,
    credentials,
    stateMs: 2,
    domain: `${ENV_ID}.${REGION}.app.tcloudbase.com`,
    codeFolder: join(folder, 'functions'),
    database: databaseOf(cloudbase),
    invoke: async ({ name, version, event }) => {
      const called = tencentcloud
        .deployed()
        .find((each) => each.name === name && each.version === version);
      const ran = run ? await run(dirname(called?.file ?? ''), event) : { result: version };
      return { requestId: 'r', durationMs: 1, log: [], ...ran };
    },
    logs: () => [],
    changed: () => {},
  });
  const server = await listen(tencentcloud.handle, 0);
  const env = {
    TENCENTCLOUD_ENDPOINT: `http://127.0.0.1:${server.port}`,
    TENCENTCLOUD_SECRET_ID: KEY.secretId,
    TENCENTCLOUD_SECRET_KEY: KEY.secretKey,
    TENCENTCLOUD_SESSION_TOKEN: KEY.token,
    TCB_ENV_ID: ENV_ID,
  };
  const access = readAccess(env, REGION);
  return {
    cloud: openCloud(access, (ms) => wait(Math.min(ms, 3))),
    access,
    tencentcloud,
    cloudbase,
    world,
    env,
    close: async () => {
      await server.close();
      world.data.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
