import type { World } from '../world/world.ts';
import type { TencentCloudOptions } from './options.ts';
import type { Codes } from './state/codes.ts';
import type { Functions } from './state/functions.ts';
import type { Permissions } from './state/permissions.ts';
import type { Progress } from './state/progress.ts';
import type { Routes } from './state/routes.ts';
import type { Uploads } from './state/uploads.ts';
import type { Params } from './wire/params.ts';

/** What actions work with. */
export interface ActionDeps {
  world: World;
  options: TencentCloudOptions;
  functions: Functions;
  codes: Codes;
  progress: Progress;
  uploads: Uploads;
  routes: Routes;
  permissions: Permissions;
  /** Indexes that are being built: table → their names. Memory only: a restart ends all building. */
  building: Map<string, string[]>;
}

/** The fields of an answer beside `RequestId`. */
export type Reply = Record<string, unknown>;

/** One action of the API. */
export interface Action {
  run(params: Params, deps: ActionDeps): Reply | Promise<Reply>;
  /** Whether it changes anything; the timeline tells of writes only. */
  write: boolean;
  /** Whether it changes what runs. */
  deploys?: true;
  /** Whether it names no environment or namespace. */
  anywhere?: true;
}

/** One service of the API: the first label of its host, its version and its actions. */
export interface ApiService {
  version: string;
  actions: Readonly<Record<string, Action>>;
  /** Refuses a request for another environment or namespace. */
  admit(params: Params, options: TencentCloudOptions): void;
}
