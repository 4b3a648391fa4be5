import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';
import type { LocalCloud } from '../../../emulator/main.ts';
import { bundleOf, functionNames } from '../../../infra/build/build.ts';
import { type Package, zipBundle } from '../../../infra/build/zip.ts';
import { readAccess } from '../../../infra/serverless-tencent/cloud/access.ts';
import { openCloud } from '../../../infra/serverless-tencent/cloud/cloud.ts';
import { type Deployment, deployAll } from '../../../infra/serverless-tencent/deploy/deployment.ts';
import { readService } from '../../../infra/serverless-tencent/service/service.ts';

interface ServerlessYml {
  service: string;
  functions: object;
  provider: { environment: Record<string, string> } & Record<string, unknown>;
}

const ENDS_SOON_MS = 10;

/**
 * Makes a deployment of the project's own `serverless.yml` from this process, with what a shell
 * would set; where it sets nothing, what was deployed stays.
 */
export async function projectDeployment(
  cloud: LocalCloud,
  code: ReadonlyMap<string, Package>,
  shell: Readonly<Record<string, string>> = {},
): Promise<Deployment> {
  const yml = parse(await readFile('serverless.yml', 'utf8')) as ServerlessYml;
  const { TCB_ENV_ID: envId, TCB_REGION: region = '' } = cloud.deployEnvironment();
  const environment = Object.fromEntries(
    Object.keys(yml.provider.environment).map((key) => [key, shell[key] ?? '']),
  );
  const provider = { ...yml.provider, envId, region, stage: 'local', environment };
  return {
    service: readService({ service: yml.service, functions: yml.functions, provider }),
    cloud: openCloud(readAccess(cloud.deployEnvironment(), region), (ms) =>
      wait(Math.min(ms, ENDS_SOON_MS)),
    ),
    code,
    options: { prune: false, adopt: false, unset: [], renewCache: false },
  };
}

/**
 * Deploys what the test run built, as `serverless deploy --stage local` does but for its first
 * second: the framework. That one is shown by commandLine.test.ts and cli.test.ts.
 */
export async function deployBuilt(cloud: LocalCloud): Promise<void> {
  const deployment = await projectDeployment(cloud, await builtCode(), cloud.deployEnvironment());
  await deployAll(deployment, { onStart: () => {}, onDone: () => {} });
}

let built: Promise<ReadonlyMap<string, Package>> | undefined;

/** Packs what the test run built, by function, once in a process. */
export function builtCode(): Promise<ReadonlyMap<string, Package>> {
  built ??= readBuilt();
  return built;
}

async function readBuilt(): Promise<ReadonlyMap<string, Package>> {
  const packed = functionNames.map(async (name) => {
    return [name, zipBundle(await readFile(bundleOf('dist', name)))] as const;
  });
  return new Map(await Promise.all(packed));
}

/** Makes a package of the same code with another hash. */
export function stampCode(code: Uint8Array, stamp: string): Package {
  return zipBundle(Buffer.concat([code, Buffer.from(`\n// ${stamp}\n`)]));
}
