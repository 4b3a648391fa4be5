import { readAccess } from '../cloud/access.ts';
import { DeployRefusal } from '../resources/resource.ts';
import type { CommandContext } from './framework.ts';
import { readEnvFileFaults } from './readEnvFile.ts';

/** A command cannot begin without these. */
export interface CommandNeeds {
  environment?: true;
  keyPair?: true;
  /** Values of `serverless.yml` that functions can read. */
  readableSettings?: true;
}

/** Refuses a service that names no environment. */
export function refuseWithoutEnvId({ envId }: { envId?: unknown }): void {
  if (envId) return;
  throw new Error(
    '未设置环境 ID：设置 TCB_ENV_ID（可写入 .env），见云开发控制台「环境概览」 (set TCB_ENV_ID, in the shell or in .env)',
  );
}

/** Refuses a command that misses something, naming all of it at once, before anything is loaded. */
export function refuseMissing(context: CommandContext, needs: CommandNeeds): void {
  const { framework, env } = context;
  const { provider } = framework.service;
  const missing = [
    ...(needs.environment ? faultOf(() => refuseWithoutEnvId(provider)) : []),
    ...(needs.keyPair ? faultOf(() => readAccess(env, String(provider.region))) : []),
  ];
  if (needs.readableSettings || missing.length > 0) {
    missing.unshift(...readEnvFileFaults(context).map(({ what, fix }) => `${what}。${fix}`));
  }
  if (missing.length === 0) return;
  throw new DeployRefusal(
    'MISSING',
    `${missing.join('\n')}\n运行 npm run init 逐项填写 (npm run init asks for each of them)`,
  );
}

function faultOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
