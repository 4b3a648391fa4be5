import type { Zip } from '../../build/zip.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { codeRequest } from '../cloud/code.ts';
import type { FunctionSource, LogTopic } from './desiredFunction.ts';
import {
  DEFAULT_ALIAS,
  type FunctionState,
  type FunctionVersion,
  waitUntilUsable,
} from './functionState.ts';
import type { Step } from './resource.ts';

/** A function reaches the database of its environment by this role of CloudBase. */
export const CLOUDBASE_ROLE = 'TCB_QcsRole';

/** CloudBase's role and stamp make a function reachable by callFunction. */
const CLOUDBASE_FIELDS = { Role: CLOUDBASE_ROLE, Stamp: 'MINI_QCBASE' };

/** A function to be deployed, and the cloud to deploy it to. */
export interface FunctionDeployment extends FunctionSource {
  cloud: Cloud;
}

function makeStep(
  deployment: FunctionDeployment,
  action: string,
  run: () => Promise<unknown>,
): Step {
  const { cloud, service, fn } = deployment;
  return {
    subject: `function ${fn.name}`,
    action,
    run: async () => {
      await run();
      await waitUntilUsable(cloud, service.envId, fn.name);
    },
  };
}

/** Names the function in a request. */
export function addressOf({ service, fn }: FunctionDeployment) {
  return { FunctionName: fn.name, Namespace: service.envId };
}

function codeOf({ cloud, service, fn }: FunctionDeployment, zip: Zip) {
  return codeRequest(cloud, service.envId, fn.name, zip);
}

function configurationRequest(desired: FunctionVersion, { clsLogsetId, clsTopicId }: LogTopic) {
  const variables = Object.entries(desired.environment).map(([Key, Value]) => ({ Key, Value }));
  return {
    Description: desired.description,
    Timeout: desired.timeoutS,
    MemorySize: desired.memoryMb,
    Environment: { Variables: variables },
    ...(clsTopicId === '' ? {} : { ClsLogsetId: clsLogsetId, ClsTopicId: clsTopicId }),
    // Without it a change of the log topic is refused.
    Role: CLOUDBASE_ROLE,
  };
}

/** Creates the function; no version of it is published yet. */
export function createFunction(deployment: FunctionDeployment, desired: FunctionVersion): Step {
  return makeStep(deployment, '创建 (create)', async () => {
    const request = {
      ...addressOf(deployment),
      ...CLOUDBASE_FIELDS,
      ...configurationRequest(desired, deployment.logTopic),
      Handler: desired.handler,
      Runtime: desired.runtime,
      Type: 'Event',
      InstallDependency: 'FALSE',
      Code: await codeOf(deployment, deployment.code),
    };
    await deployment.cloud.scf('CreateFunction', request);
  });
}

/** Puts the code into `$LATEST`, in another package where one is given. */
export function updateCode(deployment: FunctionDeployment, zip: Zip = deployment.code): Step {
  return makeStep(deployment, '更新代码 (code)', async () => {
    const Code = await codeOf(deployment, zip);
    const request = { ...addressOf(deployment), Handler: 'index.main', Code };
    await deployment.cloud.scf('UpdateFunctionCode', request);
  });
}

/** Describes a `$LATEST` whose code is being replaced: it is that of no deploy. */
export function unfinished(desired: FunctionVersion): FunctionVersion {
  return { ...desired, description: `${desired.description}, unfinished` };
}

/**
 * Marks `$LATEST` before its code is replaced: a deploy that dies then leaves no code under the description of other
 * code, which a later one would publish as that.
 */
export function markUnfinished(deployment: FunctionDeployment, desired: FunctionVersion): Step {
  return {
    ...updateConfiguration(deployment, unfinished(desired), []),
    action: '标记为未完成 (mark as unfinished)',
  };
}

/** Configures `$LATEST`; `parts` names what changes. */
export function updateConfiguration(
  deployment: FunctionDeployment,
  desired: FunctionVersion,
  parts: string[],
): Step {
  const suffix = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  return makeStep(deployment, `更新配置 (configuration)${suffix}`, () =>
    deployment.cloud.scf('UpdateFunctionConfiguration', {
      ...addressOf(deployment),
      ...configurationRequest(desired, deployment.logTopic),
    }),
  );
}

/** Publishes `$LATEST` as a version of its own, and gives it to callers. */
export function publishVersion(deployment: FunctionDeployment, desired: FunctionVersion): Step {
  return makeStep(deployment, '发布新版本并切换 (publish, switch callers over)', async () => {
    const { cloud, service, fn } = deployment;
    const published = await cloud.scf('PublishVersion', {
      ...addressOf(deployment),
      Description: desired.description,
    });
    await waitUntilUsable(cloud, service.envId, fn.name);
    await updateAlias(deployment, published.FunctionVersion ?? '');
  });
}

/** Publishes what callers have, so that they keep it while `$LATEST` is edited. */
export function publishActual(deployment: FunctionDeployment, actual: FunctionVersion): Step {
  return { ...publishVersion(deployment, actual), action: '固定现有版本 (hold what callers have)' };
}

/** Gives callers a version that was published before. */
export function switchToVersion(deployment: FunctionDeployment, version: string): Step {
  return makeStep(deployment, `切换到版本 ${version} (switch callers over)`, () =>
    updateAlias(deployment, version),
  );
}

function updateAlias(deployment: FunctionDeployment, version: string) {
  const alias = { Name: DEFAULT_ALIAS, FunctionVersion: version };
  return deployment.cloud.scf('UpdateAlias', { ...addressOf(deployment), ...alias });
}

/** Deletes a function whose creation failed, so that it can be created anew. */
export function deleteFailedFunction(
  deployment: FunctionDeployment,
  { statusText }: FunctionState,
): Step {
  const action = `清除创建失败的函数 (remove what failed to be created): ${statusText}`;
  return makeStep(deployment, action, () =>
    deployment.cloud.scf('DeleteFunction', addressOf(deployment)),
  );
}

/** Deletes published versions, a step each. */
export function deleteVersions(
  deployment: FunctionDeployment,
  versions: readonly string[],
): Step[] {
  return versions.map((version) =>
    makeStep(deployment, `删除旧版本 ${version} (delete an old version)`, () =>
      deployment.cloud.scf('DeleteFunctionVersion', {
        ...addressOf(deployment),
        Qualifier: version,
      }),
    ),
  );
}
