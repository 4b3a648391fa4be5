import type { Package } from '../../build/zip.ts';
import { readAccess } from '../cloud/access.ts';
import { runEngine } from '../components/engine.ts';
import { listManualSteps } from '../components/manualSteps.ts';
import { refuseOptions, refuseUnsupported } from '../components/refuse.ts';
import type { Method } from '../components/render.ts';
import type { CommandContext } from '../context/framework.ts';
import { confirmLoss } from '../context/loss.ts';
import { refuseWithoutEnvId } from '../context/missing.ts';
import { refuseUnreadableSettings, serviceOf } from '../context/open.ts';
import { fittingEnvironment } from '../resources/desiredFunction.ts';
import { DeployRefusal } from '../resources/resource.ts';
import type { Service } from '../service/service.ts';
import { type FunctionPackage, packagesByName } from './package.ts';

/** Warnings that are printed before anything is sent. */
const WARNINGS = [
  'engine: components 仅供仍在使用腾讯云托管「Serverless 应用平台」的账号，该平台是否仍在运行未知；其余请用 engine: api ' +
    '(only for accounts that are still on the hosted Serverless application platform, of unknown life; all others: engine: api)',
  'SecretKey 与全部环境变量会随请求正文发给该托管引擎；用子账号的临时密钥 ' +
    '(SecretKey and every environment value travel in the request body to the hosted engine: use temporary keys of a sub-account)',
  '角色绑定服务在已停用的 API 网关上，其非 JSON 回答会使引擎崩溃 ' +
    '(the role-bind host is on a retired gateway; an answer that is no JSON crashes the engine)',
  '它不发送云开发标记 MINI_QCBASE，小程序能否调用这样部署的函数未经验证 ' +
    '(it sends no CloudBase stamp: whether a mini program can call such functions is unverified)',
];

/** Runs `serverless deploy` with `engine: components`; the package phase made the packages. */
export async function deployByComponents(
  context: CommandContext,
  packages: readonly FunctionPackage[],
): Promise<void> {
  const count = await runMethod('deploy', context, packagesByName(packages));
  const { service } = context.framework.service;
  context.utils.log.notice.success(
    `平台报告已部署 (the platform says it deployed) ${count}: ${service}。` +
      'SCF 上的实际状态未经核实；用 engine: api 执行 serverless info 可查看 ' +
      '(what stands at SCF was not checked: serverless info with engine: api shows it)',
  );
}

/**
 * Runs `serverless remove` with `engine: components`: removes the functions that `serverless.yml`
 * names now.
 */
export async function removeByComponents(context: CommandContext): Promise<void> {
  const { envId, stage, functions } = serviceOf(context);
  const names = functions.map(({ name }) => name).join(', ');
  await confirmLoss(context, {
    lines: [`将从环境 ${envId}（阶段 ${stage}）移除函数 (functions to be removed): ${names}`],
    word: envId,
  });
  const count = await runMethod('remove', context, new Map());
  const { log } = context.utils;
  log.notice.success(`平台报告已移除 (the platform says it removed) ${count}`);
  log.warning(
    '手动创建的集合、路由与规则，以及已从 serverless.yml 删去的函数仍在 ' +
      '(what was set up by hand, and functions that left serverless.yml before, are still there)',
  );
}

function withFittingEnvironments(service: Service): Service {
  const functions = service.functions.map((fn) => {
    return { ...fn, environment: fittingEnvironment(fn.name, fn.environment) };
  });
  return { ...service, functions };
}

async function runMethod(
  method: Method,
  context: CommandContext,
  code: ReadonlyMap<string, Package>,
): Promise<number> {
  const { framework, options, env, utils } = context;
  const asked = serviceOf(context);
  refuseOptions(options);
  if (method === 'deploy') refuseUnsupported(asked);
  if (method === 'deploy') refuseWithoutEnvId(asked);
  const access = readAccess(env, asked.region);
  if (access.endpoint) throw localCloudRefusal(access.endpoint);
  if (method === 'deploy') refuseUnreadableSettings(context, asked);
  const service = method === 'deploy' ? withFittingEnvironments(asked) : asked;
  for (const line of WARNINGS) utils.log.warning(line);
  if (method === 'deploy') {
    utils.log.notice('需手动设置 (to be set up by hand):');
    for (const line of listManualSteps(service)) utils.log.notice(`  ${line}`);
  }
  const print = (line: string) => utils.log.notice(`  ${line}`);
  await runEngine(method, { root: framework.serviceDir, service, code, access, env, print });
  return service.functions.length;
}

function localCloudRefusal(endpoint: URL): DeployRefusal {
  return new DeployRefusal(
    'ENGINE_COMPONENTS',
    `已设置 TENCENTCLOUD_ENDPOINT=${endpoint.origin}，但该引擎只连接腾讯云；取消该变量，或改用 engine: api ` +
      '(the engine knows Tencent Cloud alone, not the local one: unset it, or use engine: api)',
  );
}
