import type { Cloud } from '../cloud/cloud.ts';
import type { Session } from '../framework.ts';
import { readFunction } from '../resources/functionState.ts';
import { readDomain } from '../resources/routes.ts';
import { readTimers } from '../resources/timers.ts';
import type { Service } from '../service/service.ts';
import { opened } from './opened.ts';

/** `serverless info`: what stands in the environment. */
export async function info(session: Session): Promise<void> {
  const { service, cloud } = opened(session);
  const lines = await Promise.all(
    service.functions.map(({ name }) => functionLine(cloud, service, name)),
  );
  const { domain, routes } = await readDomain(cloud, service);
  const ours = routes.filter(({ name }) => service.functions.some((one) => one.name === name));
  session.utils.writeText(
    [
      `环境 (environment)  ${service.envId}  ${service.region}  ${service.stage}`,
      '函数 (functions)',
      ...lines,
      '路由 (routes)',
      ...ours.map(({ path, name }) => `  https://${domain}${path}  → ${name}`),
    ].join('\n'),
  );
}

async function functionLine(cloud: Cloud, { envId }: Service, name: string): Promise<string> {
  const state = await readFunction(cloud, envId, name);
  if (!state) return `  ${name.padEnd(20)} 未部署 (not deployed)`;
  const { status, serving, latest, versions } = state;
  const timers = await readTimers(cloud, { FunctionName: name, Namespace: envId });
  const due = timers.map(({ cron, enabled }) => `  ${cron}${enabled ? '' : ' 停用 (off)'}`);
  const code = latest.description.split(' ').at(-1)?.slice(0, 12) ?? '';
  const facts = `${latest.runtime}  ${latest.memoryMb} MB  ${latest.timeoutS} s  ${code}`;
  const kept = `版本 (version) ${serving} / ${versions.join(' ')}`;
  return `  ${name.padEnd(20)} ${status.padEnd(9)} ${facts}  ${kept}${due.join('')}`;
}
