import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';
import type { LocalCloud } from '../../emulator/main.ts';
import { type Package, zipOf } from '../../infra/build/zip.ts';
import { readAccess } from '../../infra/serverless-tencent/cloud/access.ts';
import { openCloud } from '../../infra/serverless-tencent/cloud/cloud.ts';
import type { Deployment } from '../../infra/serverless-tencent/deployment.ts';
import { readService } from '../../infra/serverless-tencent/service/service.ts';

/**
 * The project's own `serverless.yml`, to be deployed again from this process. Its environment sets
 * nothing, so that what the command line deployed stays.
 */
export async function projectDeployment(
  cloud: LocalCloud,
  code: ReadonlyMap<string, Package>,
): Promise<Deployment> {
  const yml = parse(await readFile('serverless.yml', 'utf8')) as {
    service: string;
    functions: object;
    provider: Record<string, unknown>;
  };
  const { TCB_ENV_ID: envId, TCB_REGION: region = '' } = cloud.deployEnvironment();
  const provider = { ...yml.provider, envId, region, stage: 'local', environment: {} };
  return {
    service: readService({ service: yml.service, functions: yml.functions, provider }),
    cloud: openCloud(readAccess(cloud.deployEnvironment(), region), (ms) => wait(ms)),
    code,
    options: { prune: false, adopt: false, unset: [] },
  };
}

/** The same code under another hash. */
export function stamped(code: Uint8Array, stamp: string): Package {
  return zipOf(Buffer.concat([code, Buffer.from(`\n// ${stamp}\n`)]));
}
