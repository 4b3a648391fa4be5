import type { Cloud } from '../cloud/cloud.ts';
import type { CommandContext } from '../context/framework.ts';
import { openService } from '../context/open.ts';
import { isOurs } from '../resources/desiredFunction.ts';
import { readFunction } from '../resources/functionState.ts';
import { findDomain } from '../resources/routes.ts';
import { readTimers } from '../resources/timers.ts';
import type { Service } from '../service/service.ts';

/** Runs `serverless info`: prints what is deployed in the environment. */
export async function printInfo(context: CommandContext): Promise<void> {
  const { service, cloud } = openService(context);
  const lines = await Promise.all(
    service.functions.map(({ name }) => functionLine(cloud, service, name)),
  );
  const { domain = '', routes = [] } = (await findDomain(cloud, service)) ?? {};
  const ownRoutes = routes.filter(({ name }) => service.functions.some((fn) => fn.name === name));
  context.utils.writeText(
    [
      `环境 (environment)  ${service.envId}  ${service.region}  ${service.stage}`,
      '函数 (functions)',
      ...lines,
      '路由 (routes)',
      ...ownRoutes.map(({ path, name }) => `  https://${domain}${path}  → ${name}`),
    ].join('\n'),
  );
}

async function functionLine(cloud: Cloud, service: Service, name: string): Promise<string> {
  const { envId } = service;
  const state = await readFunction(cloud, envId, name);
  if (!state) return `  ${name.padEnd(20)} 未部署 (not deployed)`;
  if (!isOurs(service, state.latest.description)) {
    return `  ${name.padEnd(20)} 其他工具部署的同名函数 (deployed by something else)`;
  }
  const { status, serving, served, versions } = state;
  const timers = await readTimers(cloud, { FunctionName: name, Namespace: envId });
  const timerTexts = timers.map(({ cron, enabled }) => `  ${cron}${enabled ? '' : ' 停用 (off)'}`);
  const [code = '', cache] = served.description.split(', ').slice(1);
  const codeText = `${code.split(' ').at(-1)?.slice(0, 12)}${cache ? ' 有代码缓存 (cached)' : ''}`;
  const facts = `${served.runtime}  ${served.memoryMb} MB  ${served.timeoutS} s  ${codeText}`;
  const versionText = `版本 (version) ${serving} / ${versions.join(' ')}`;
  return `  ${name.padEnd(20)} ${status.padEnd(9)} ${facts}  ${versionText}${timerTexts.join('')}`;
}
