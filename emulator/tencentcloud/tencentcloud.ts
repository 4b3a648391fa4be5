import type { World } from '../world/world.ts';
import type { ActionDeps } from './action.ts';
import { deployedVersions } from './deployed.ts';
import { createHandler } from './handler.ts';
import type { ApiCall, DeployedVersion, TencentCloudOptions } from './options.ts';
import { isUpload } from './scf/upload.ts';
import { openCodes } from './state/codes.ts';
import { openFunctions } from './state/functions.ts';
import { openPermissions } from './state/permissions.ts';
import { createProgress } from './state/progress.ts';
import { openRoutes } from './state/routes.ts';
import { openUploads } from './state/uploads.ts';
import { mayInvoke } from './tcb/permission.ts';

export type { ApiCall, DeployedVersion, TencentCloudOptions } from './options.ts';

/** The Tencent Cloud API (scf, tcb) of the local cloud, and what was deployed through it. */
export interface TencentCloud {
  /** Tells whether a request belongs here: an API action, or an upload to the temporary bucket. */
  owns(request: Request): boolean;
  /** Answers a request that belongs here; throws `ConnectionReset` where a fault swallows a message. */
  handle(request: Request): Promise<Response>;
  /** What can be run now; code that is not unpacked yet is unpacked. */
  deployed(): DeployedVersion[];
  /** The calls that acted since the start or the last {@link TencentCloud.forgetCalls}, in order. */
  calls(): ApiCall[];
  forgetCalls(): void;
  /** Tells whether the rule of functions lets a signed-in client call this one; no rule does. */
  clientMayInvoke(name: string): boolean;
}

/** Builds the API over the world's data file, as an earlier run left it. */
export function createTencentCloud(world: World, options: TencentCloudOptions): TencentCloud {
  const functions = openFunctions(world.data);
  const stateMs = options.stateMs ?? 20;
  const deps: ActionDeps = {
    world,
    options: { ...options, stateMs },
    functions,
    codes: openCodes(world.data, options.codeFolder),
    progress: createProgress(world, functions, stateMs, options.changed),
    uploads: openUploads(world.data),
    routes: openRoutes(world.data),
    permissions: openPermissions(world.data),
    building: new Map(),
  };
  let calls: ApiCall[] = [];
  return {
    owns: (request) =>
      isUpload(request) || (request.method === 'POST' && request.headers.has('x-tc-action')),
    handle: createHandler(deps, (call) => void calls.push(call)),
    deployed: () => deployedVersions(deps),
    calls: () => calls.map((call) => ({ ...call })),
    forgetCalls: () => {
      calls = [];
    },
    clientMayInvoke: (name) => mayInvoke(deps.permissions, name),
  };
}
