import { beginAttempts, type CacheAttempts, hasCache, makeCodeCache } from './codeCache.ts';
import { desiredFunction, differingParts, isOurs } from './desiredFunction.ts';
import { type FunctionState, type FunctionVersion, readFunction } from './functionState.ts';
import {
  createFunction,
  deleteFailedFunction,
  deleteVersions,
  type FunctionDeployment,
  markUnfinished,
  publishActual,
  publishVersion,
  switchToVersion,
  unfinished,
  updateCode,
  updateConfiguration,
} from './functionSteps.ts';
import { DeployRefusal, type Resource, type Step } from './resource.ts';

/** How many published versions are kept, to roll back to. */
const VERSIONS_KEPT = 5;

/**
 * Keeps one function: code, configuration, a published version, and the alias `$DEFAULT` that
 * callers get. `$LATEST` is changed first and serves no caller; the alias moves last, so callers
 * see old or new, whole.
 */
export function functionResource(deployment: FunctionDeployment): Resource {
  const { cloud, service, fn } = deployment;
  const attempts = beginAttempts(deployment);
  return {
    subject: `function ${fn.name}`,
    steps: async () =>
      stepsFor(deployment, await readFunction(cloud, service.envId, fn.name), attempts),
  };
}

function stepsFor(
  deployment: FunctionDeployment,
  actual: FunctionState | undefined,
  attempts: CacheAttempts,
): Step[] {
  if (actual) refuseForeign(deployment, actual);
  const desired = desiredFunction(deployment, actual?.latest.environment ?? {});
  if (!actual) return [createFunction(deployment, desired), publishVersion(deployment, desired)];
  if (actual.status === 'CreateFailed') return [deleteFailedFunction(deployment, actual)];
  refuseRuntime(deployment, actual);
  if (attempts.left === 0) {
    return explain(publishSteps(deployment, actual, desired), attempts.failure);
  }
  const cached = { ...desired, description: actual.latest.description };
  const stands =
    hasCache(cached.description, desired.description) &&
    editSteps(deployment, actual, cached).length === 0;
  if (stands && !attempts.isRenewalDue) return publishSteps(deployment, actual, cached);
  return [...holdSteps(deployment, actual), makeCodeCache(deployment, desired, attempts)];
}

/** Brings `$LATEST` to what is desired, and callers to that. */
function publishSteps(
  deployment: FunctionDeployment,
  actual: FunctionState,
  desired: FunctionVersion,
): Step[] {
  const edits = editSteps(deployment, actual, desired);
  const { newest, serving } = actual;
  const isPublished = newest !== undefined && isEqual(newest.content, desired);
  if (edits.length > 0 && isPublished) return [...holdSteps(deployment, actual), ...edits];
  if (edits.length > 0 || !newest || !isEqual(newest.content, desired)) {
    return [
      ...(edits.length > 0 ? holdSteps(deployment, actual) : []),
      ...edits,
      publishVersion(deployment, desired),
      ...deleteVersions(deployment, oldVersions(actual, VERSIONS_KEPT - 1)),
    ];
  }
  if (serving !== newest.version) return [switchToVersion(deployment, newest.version)];
  return deleteVersions(deployment, oldVersions(actual, VERSIONS_KEPT));
}

/** Lets the first step say why there is no code cache. */
function explain(steps: Step[], failure: string | undefined): Step[] {
  return steps.map((step, index) => {
    if (index > 0 || failure === undefined) return step;
    return { ...step, action: `${step.action}，没有代码缓存 (without a code cache): ${failure}` };
  });
}

/** Holds what callers have before it is edited, where they get `$LATEST` itself: by a version that is that, or becomes it. */
function holdSteps(deployment: FunctionDeployment, actual: FunctionState): Step[] {
  const { serving, latest, newest } = actual;
  if (serving !== '$LATEST') return [];
  return newest && isEqual(newest.content, latest)
    ? [switchToVersion(deployment, newest.version)]
    : [publishActual(deployment, latest)];
}

/** Brings `$LATEST` to what is desired. */
function editSteps(
  deployment: FunctionDeployment,
  { latest, status }: FunctionState,
  desired: FunctionVersion,
): Step[] {
  // Only another update shows whether one that failed took effect.
  const isNewCode =
    latest.description !== desired.description || /^(Update|Publish)Failed$/.test(status);
  const parts = differingParts(latest, desired);
  return [
    ...(isNewCode && latest.description !== unfinished(desired).description
      ? [markUnfinished(deployment, desired)]
      : []),
    ...(isNewCode ? [updateCode(deployment)] : []),
    ...(isNewCode || parts.length > 0 ? [updateConfiguration(deployment, desired, parts)] : []),
  ];
}

function isEqual(actual: FunctionVersion, desired: FunctionVersion): boolean {
  return actual.description === desired.description && differingParts(actual, desired).length === 0;
}

/** Lists the versions beyond the `kept` newest ones, never the one that serves. */
function oldVersions({ versions, serving }: FunctionState, kept: number): string[] {
  return versions
    .slice(0, Math.max(0, versions.length - kept))
    .filter((version) => version !== serving);
}

function refuseForeign(
  { service, fn, options }: FunctionDeployment,
  { latest }: FunctionState,
): void {
  if (options.adopt || isOurs(service, latest.description)) return;
  throw new DeployRefusal(
    'FUNCTION_FOREIGN',
    `环境中已有同名函数 ${fn.name}，不是本项目部署的；未作任何改动。确认可以覆盖后使用 --adopt ` +
      `(a function of this name, deployed by something else, is there; --adopt takes it over)`,
  );
}

function refuseRuntime({ service, fn }: FunctionDeployment, { latest }: FunctionState): void {
  if (latest.runtime === service.runtime) return;
  throw new DeployRefusal(
    'RUNTIME_IMMUTABLE',
    `${fn.name} 的运行环境是 ${latest.runtime}，SCF 不支持改为 ${service.runtime}。把 provider.runtime 改回，` +
      '或先 serverless remove 再部署：订单保留，但仅在控制台设置的变量会随函数删除，请先记下 ' +
      '(the runtime of a function cannot be changed: put provider.runtime back, or remove and deploy anew; orders stay, variables that were set in the console alone go with the functions)',
  );
}
