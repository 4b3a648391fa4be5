import type { World } from '../world/world.ts';
import { deployedVersions } from './deployed.ts';
import type { DeployedVersion, TencentCloudOptions } from './options.ts';
import { type Codes, openCodes } from './state/codes.ts';
import { type Functions, openFunctions } from './state/functions.ts';
import { openPermissions, type Permissions } from './state/permissions.ts';
import { createProgress, type Progress } from './state/progress.ts';
import { openRoutes, type Routes } from './state/routes.ts';
import { openUploads, type Uploads } from './state/uploads.ts';

/** Work that takes its time takes this long unless the options say otherwise. */
const STATE_MS = 20;

/** Everything that was deployed through the API, and what is under way. */
export interface State {
  functions: Functions;
  codes: Codes;
  progress: Progress;
  uploads: Uploads;
  routes: Routes;
  permissions: Permissions;
  /**
   * Indexes that are being built: table → their names. Memory only: a restart ends all building.
   */
  building: Map<string, string[]>;
  /** Work that takes its time takes this many real milliseconds. */
  stateMs: number;
  /** Lists what can be run now; code that is not unpacked yet is unpacked. */
  deployed(): DeployedVersion[];
  /** Announces that what runs has changed. */
  announce(): void;
}

/** Opens the state in the world's data file, as an earlier run left it. */
export function openState(world: World, options: TencentCloudOptions): State {
  const functions = openFunctions(world.data);
  const codes = openCodes(world.data, options.codeFolder);
  const routes = openRoutes(world.data);
  const stateMs = options.stateMs ?? STATE_MS;
  const deployed = () => deployedVersions({ functions, codes, routes });
  const announce = () => options.changed(deployed);
  return {
    functions,
    codes,
    progress: createProgress(world, functions, stateMs, announce),
    uploads: openUploads(world.data),
    routes,
    permissions: openPermissions(world.data),
    building: new Map(),
    stateMs,
    deployed,
    announce,
  };
}
