import type { Service } from '../world/service.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import { deployedFunctions } from './deployed.ts';
import { createHandler } from './handler.ts';
import type { ApiCall, DeployedFunction, DeployedVersion, TencentCloudOptions } from './options.ts';
import { FAULT_PLACES } from './routes.ts';
import { isUpload } from './scf/upload.ts';
import { openState } from './state.ts';
import { mayInvoke } from './tcb/permission.ts';

/** The Tencent Cloud API (scf, tcb) of the local cloud, and what was deployed through it. */
export interface TencentCloud extends Service {
  /** Checks whether a request belongs here: an API action, or an upload to the temporary bucket. */
  owns(request: HttpRequest): boolean;
  /**
   * Answers a request that belongs here; throws `ConnectionReset` where a fault swallows a message.
   */
  handle(request: HttpRequest): Promise<Response>;
  /** Lists what can be run now; code that is not unpacked yet is unpacked. */
  deployed(): DeployedVersion[];
  /** Lists every function, also those that cannot be run. */
  functions(): DeployedFunction[];
  /** Lists the calls that acted since the start or the last {@link TencentCloud.forgetCalls}. */
  calls(): ApiCall[];
  forgetCalls(): void;
  /** Checks whether the rule of functions lets a signed-in client call this one. */
  clientMayInvoke(name: string): boolean;
}

/** Builds the API over the world's data file, as an earlier run left it. */
export function createTencentCloud(world: World, options: TencentCloudOptions): TencentCloud {
  const state = openState(world, options);
  let calls: ApiCall[] = [];
  return {
    owns: (request) =>
      isUpload(request) || (request.method === 'POST' && request.headers.has('x-tc-action')),
    handle: createHandler({ ...state, world, options }, (call) => void calls.push(call)),
    faultPlaces: FAULT_PLACES,
    deployed: state.deployed,
    functions: () => deployedFunctions(state.functions),
    calls: () => calls.map((call) => ({ ...call })),
    forgetCalls: () => {
      calls = [];
    },
    clientMayInvoke: (name) => mayInvoke(state.permissions, name),
  };
}
