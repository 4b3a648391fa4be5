import type { Package } from '../../build/zip.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { codeOf } from '../cloud/code.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { differences, isOurs, type Surroundings, wishFor } from './desiredFunction.ts';
import {
  DEFAULT_ALIAS,
  type FunctionState,
  type FunctionVersion,
  readFunction,
  settledWell,
} from './functionState.ts';
import { type DeployOptions, DeployRefusal, type Resource, type Step } from './resource.ts';

/** The CloudBase role and stamp that make a function reachable by callFunction. */
const BELONGING = { Role: 'TCB_QcsRole', Stamp: 'MINI_QCBASE' };

/** How many published versions are kept, to roll back to. */
const VERSIONS_KEPT = 5;

/** Everything about one function that a step needs. */
interface Work {
  cloud: Cloud;
  service: Service;
  one: ServiceFunction;
  code: Package;
  around: Surroundings;
  options: DeployOptions;
}

/**
 * One function: code, configuration, a published version, and the alias `$DEFAULT` that callers get.
 * `$LATEST` is changed first and serves nobody; the alias moves last, so callers see old or new, whole.
 */
export function functionResource(work: Work): Resource {
  const { cloud, service, one } = work;
  return {
    subject: `function ${one.name}`,
    steps: async () => stepsFor(work, await readFunction(cloud, service.envId, one.name)),
  };
}

function stepsFor(work: Work, state: FunctionState | undefined): Step[] {
  const { service, one, code, around, options } = work;
  if (state) refuseForeign(work, state);
  const wish = wishFor(service, one, code, around, state?.latest.environment ?? {}, options);
  if (!state) return [create(work, wish), publish(work, wish)];
  if (state.status === 'CreateFailed') return [removeFailed(work, state)];
  refuseRuntime(work, state);
  // What an update that failed left behind, only another one tells.
  const isNewCode =
    state.latest.description !== wish.description || /^(Update|Publish)Failed$/.test(state.status);
  const parts = differences(state.latest, wish);
  const edits = [
    ...(isNewCode ? [updateCode(work)] : []),
    ...(isNewCode || parts.length > 0 ? [configure(work, wish, parts)] : []),
  ];
  const isPublished =
    edits.length === 0 && state.newest !== undefined && isEqual(state.newest.is, wish);
  if (!isPublished) {
    // Where callers get `$LATEST` itself, what they have is held fast before it is edited.
    const held = edits.length > 0 && state.serving === '$LATEST';
    return [
      ...(held ? [hold(work, state.latest)] : []),
      ...edits,
      publish(work, wish),
      ...forget(work, state, 1),
    ];
  }
  const { version } = state.newest ?? { version: '' };
  return state.serving === version ? forget(work, state, 0) : [point(work, version)];
}

function isEqual(is: FunctionVersion, wish: FunctionVersion): boolean {
  return is.description === wish.description && differences(is, wish).length === 0;
}

function refuseForeign({ service, one, options }: Work, { latest }: FunctionState): void {
  if (options.adopt || isOurs(service, latest.description)) return;
  throw new DeployRefusal(
    'FUNCTION_FOREIGN',
    `环境中已有同名函数 ${one.name}，不是本项目部署的；未作任何改动。确认可以覆盖后使用 --adopt ` +
      `(a function of this name, deployed by something else, is there; --adopt takes it over)`,
  );
}

function refuseRuntime({ service, one }: Work, { latest }: FunctionState): void {
  if (latest.runtime === service.runtime) return;
  throw new DeployRefusal(
    'RUNTIME_IMMUTABLE',
    `${one.name} 的运行环境是 ${latest.runtime}，SCF 不支持改为 ${service.runtime}。把 provider.runtime 改回，` +
      '或先 serverless remove 再部署：订单保留，但仅在控制台设置的变量会随函数删除，请先记下 ' +
      '(the runtime of a function cannot be changed: put provider.runtime back, or remove and deploy anew; orders stay, variables that were set in the console alone go with the functions)',
  );
}

function step(work: Work, does: string, run: () => Promise<unknown>): Step {
  const { cloud, service, one } = work;
  return {
    subject: `function ${one.name}`,
    does,
    run: async () => {
      await run();
      await settledWell(cloud, service.envId, one.name);
    },
  };
}

function at({ service, one }: Work) {
  return { FunctionName: one.name, Namespace: service.envId };
}

function configuration(wish: FunctionVersion, around: Surroundings) {
  const variables = Object.entries(wish.environment).map(([Key, Value]) => ({ Key, Value }));
  return {
    Description: wish.description,
    Timeout: wish.timeoutS,
    MemorySize: wish.memoryMb,
    Environment: { Variables: variables },
    ...(around.clsTopicId === ''
      ? {}
      : { ClsLogsetId: around.clsLogsetId, ClsTopicId: around.clsTopicId }),
    // Without it a change of the log topic is refused.
    Role: BELONGING.Role,
  };
}

function create(work: Work, wish: FunctionVersion): Step {
  return step(work, '创建 (create)', async () => {
    const request = {
      ...at(work),
      ...BELONGING,
      ...configuration(wish, work.around),
      Handler: wish.handler,
      Runtime: wish.runtime,
      Type: 'Event',
      InstallDependency: 'FALSE',
      Code: await codeOf(work.cloud, work.service, work.one.name, work.code),
    };
    await work.cloud.scf('CreateFunction', request);
  });
}

function updateCode(work: Work): Step {
  return step(work, '更新代码 (code)', async () => {
    const Code = await codeOf(work.cloud, work.service, work.one.name, work.code);
    await work.cloud.scf('UpdateFunctionCode', { ...at(work), Handler: 'index.main', Code });
  });
}

function configure(work: Work, wish: FunctionVersion, parts: string[]): Step {
  const named = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  return step(work, `更新配置 (configuration)${named}`, () =>
    work.cloud.scf('UpdateFunctionConfiguration', {
      ...at(work),
      ...configuration(wish, work.around),
    }),
  );
}

function publish(work: Work, wish: FunctionVersion): Step {
  return step(work, '发布新版本并切换 (publish, switch callers over)', async () => {
    const published = await work.cloud.scf('PublishVersion', {
      ...at(work),
      Description: wish.description,
    });
    await settledWell(work.cloud, work.service.envId, work.one.name);
    await pointTo(work, published.FunctionVersion ?? '');
  });
}

/** Callers stay on what they have, while `$LATEST` is edited. */
function hold(work: Work, version: FunctionVersion): Step {
  return { ...publish(work, version), does: '固定现有版本 (hold what callers have)' };
}

function point(work: Work, version: string): Step {
  return step(work, `切换到版本 ${version} (switch callers over)`, () => pointTo(work, version));
}

function pointTo(work: Work, version: string) {
  const alias = { Name: DEFAULT_ALIAS, FunctionVersion: version };
  return work.cloud.scf('UpdateAlias', { ...at(work), ...alias });
}

function removeFailed(work: Work, { statusText }: FunctionState): Step {
  return step(work, `清除创建失败的函数 (remove what failed to be created): ${statusText}`, () =>
    work.cloud.scf('DeleteFunction', at(work)),
  );
}

/** Old versions beyond those kept; never the one that serves. `coming`: how many are about to be added. */
function forget(work: Work, { versions, serving }: FunctionState, coming: number): Step[] {
  const old = versions.slice(0, Math.max(0, versions.length + coming - VERSIONS_KEPT));
  return old
    .filter((version) => version !== serving)
    .map((version) =>
      step(work, `删除旧版本 ${version} (delete an old version)`, () =>
        work.cloud.scf('DeleteFunctionVersion', { ...at(work), Qualifier: version }),
      ),
    );
}
