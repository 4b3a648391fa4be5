import { readAccess } from '../cloud/access.ts';
import { type Cloud, openCloud } from '../cloud/cloud.ts';
import { type Session, textOption } from '../framework.ts';
import type { DeployOptions } from '../resources/resource.ts';
import { readService, type Service } from '../service/service.ts';

/** The service that `serverless.yml` describes. */
export function serviceOf({ framework }: Session): Service {
  const { service, functions, provider } = framework.service;
  const { collections } = framework.configurationInput;
  // The framework puts IS_LOCAL in, for `invoke local`.
  const { IS_LOCAL: _, ...environment } = (provider.environment ?? {}) as Record<string, unknown>;
  return readService({
    ...{ service, functions, provider: { ...provider, environment } },
    ...(collections ? { collections } : {}),
  });
}

const ENV_ID_MISSING =
  '未设置环境 ID：设置 TCB_ENV_ID（可写入 .env），见云开发控制台「环境概览」 (set TCB_ENV_ID, in the shell or in .env)';

/** The service, and the cloud it lies in. */
export function opened(session: Session): { service: Service; cloud: Cloud } {
  const service = serviceOf(session);
  if (service.envId === '') throw new Error(ENV_ID_MISSING);
  return { service, cloud: openCloud(readAccess(session.env, service.region), session.wait) };
}

/** How the command line asks for a deploy. */
export function deployOptions(session: Session): DeployOptions {
  return {
    prune: session.options.prune === true,
    adopt: session.options.adopt === true,
    unset: (textOption(session, 'unset') ?? '').split(',').filter(Boolean),
  };
}

/** The function that the command line names, which must be in `serverless.yml`. */
export function namedFunction(session: Session, { functions }: Service): string {
  const name = textOption(session, 'function') ?? '';
  if (functions.some((one) => one.name === name)) return name;
  const known = functions.map((one) => one.name).join(', ');
  throw new Error(`没有函数 ${name || '(-f)'}，可用 (there are): ${known}`);
}
