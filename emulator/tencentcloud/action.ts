import type { World } from '../world/world.ts';
import type { TencentCloudOptions } from './options.ts';
import type { State } from './state.ts';
import type { Params } from './wire/params.ts';

/** Every action works with these. */
export interface ActionDeps extends State {
  world: World;
  options: TencentCloudOptions;
}

/** A reply holds the fields of an answer beside `RequestId`. */
export type Reply = Record<string, unknown>;

/** One action of the API. */
export interface Action {
  run(params: Params, deps: ActionDeps): Reply | Promise<Reply>;
  /** Whether it changes anything; the timeline records writes only. */
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
