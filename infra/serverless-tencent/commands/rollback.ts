import { type CommandContext, textOption } from '../context/framework.ts';
import { functionNameOf, openService } from '../context/open.ts';
import { isOurs } from '../resources/desiredFunction.ts';
import { DEFAULT_ALIAS, readFunction } from '../resources/functionState.ts';
import { DeployRefusal } from '../resources/resource.ts';

/**
 * Runs `serverless rollback function -f NAME --function-version N`: callers get an earlier version,
 * code and configuration, at once. `previous`: the one before that which serves. The next deploy
 * goes forward again.
 */
export async function rollbackFunction(context: CommandContext): Promise<void> {
  const { service, cloud } = openService(context);
  const name = functionNameOf(context, service);
  const state = await readFunction(cloud, service.envId, name);
  if (!state) throw new Error(`${name} 未部署 (it is not deployed)`);
  if (!isOurs(service, state.latest.description)) {
    throw new DeployRefusal(
      'FUNCTION_FOREIGN',
      `${name} 不是本项目部署的 (deployed by something else)`,
    );
  }
  const { versions, serving } = state;
  const previous = versions.filter((version) => Number(version) < Number(serving)).at(-1);
  const requested = textOption(context, 'function-version');
  const target = requested === 'previous' ? previous : requested;
  if (target === undefined || !versions.includes(target)) {
    throw new Error(
      `${name} 没有可回退的版本 ${target ?? ''}，现有 (no such version; there are): ${versions.join(', ')}`,
    );
  }
  if (target === serving) {
    context.utils.log.notice(
      `${name}: 已是版本 (already version) ${target}，未作改动 (nothing done)`,
    );
    return;
  }
  await cloud.scf('UpdateAlias', {
    FunctionName: name,
    Namespace: service.envId,
    Name: DEFAULT_ALIAS,
    FunctionVersion: target,
  });
  context.utils.log.notice.success(
    `${name}: 版本 (version) ${serving} → ${target}；下次部署会切回最新代码 (the next deploy goes forward again)`,
  );
}

/**
 * Refuses `serverless rollback`, the framework's own, of a whole service: here versions are of
 * functions.
 */
export async function refuseRollback(): Promise<never> {
  throw new Error(
    '按函数回退 (roll back by function): serverless rollback function -f NAME --function-version previous',
  );
}
