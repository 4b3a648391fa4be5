import type { Data } from '../../world/data.ts';
import { refuse } from '../errors.ts';

/** A function or a version is in one of these states. Source: 583/115197. */
export type Status =
  | 'Active'
  | 'Creating'
  | 'CreateFailed'
  | 'Updating'
  | 'UpdateFailed'
  | 'Publishing'
  | 'PublishFailed';

/** Code and configuration: what `$LATEST` holds and a version freezes. */
export interface Revision {
  /** sha256 of the zip, hex. */
  code: string;
  codeBytes: number;
  /** `file.export` */
  handler: string;
  runtime: string;
  description: string;
  timeoutS: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** Fields that the local cloud stores and reads back, under their names on the wire. */
  others: Record<string, unknown>;
  addedMs: number;
  modifiedMs: number;
}

/** A published version; its code and configuration never change. */
export interface Version extends Revision {
  status: Status;
}

/** A name that leads to a version. */
export interface Alias {
  name: string;
  version: string;
  description: string;
  addedMs: number;
  modifiedMs: number;
}

/** A timer; bound to a version or alias, by which it is also distinguished. */
export interface Trigger {
  name: string;
  qualifier: string;
  cron: string;
  enabled: boolean;
  message: string;
  description: string;
  addedMs: number;
  modifiedMs: number;
}

/** A function with all that belongs to it. */
export interface FunctionState {
  name: string;
  id: string;
  status: Status;
  latest: Revision;
  /**
   * `$LATEST` still runs this while an update is under way, and is it again after one that failed.
   */
  serving?: Revision;
  versions: Record<string, Version>;
  /** The highest version that ever was; numbers are not used twice. */
  published: number;
  aliases: Record<string, Alias>;
  triggers: Trigger[];
}

/** The functions of the namespace, in the data file; every write is durable when it returns. */
export interface Functions {
  all(): FunctionState[];
  find(name: string): FunctionState | undefined;
  /** As {@link Functions.find}; refuses with ResourceNotFound.Function. */
  get(name: string): FunctionState;
  put(state: FunctionState): void;
  remove(name: string): void;
}

/** Opens the functions; work that an earlier run left unfinished counts as done. */
export function openFunctions(data: Data): Functions {
  const table = data.table<FunctionState>('tencentcloud_functions');
  for (const [name, state] of table.all()) table.put(name, finishWork(state));
  return {
    all: () => table.all().map(([, state]) => state),
    find: (name) => table.get(name),
    get: (name) => {
      const state = table.get(name);
      if (state) return state;
      throw refuse(
        'ResourceNotFound.Function',
        `未找到函数 ${name}，请先创建 (there is no function ${name}, create it first)`,
      );
    },
    put: (state) => table.put(state.name, state),
    remove: (name) => table.delete(name),
  };
}

/** Finishes the work of a function: all that was under way is Active. */
export function finishWork(state: FunctionState): FunctionState {
  if (!isUnderWay(state.status)) return state;
  const { serving: _, ...rest } = state;
  const versions = Object.entries(state.versions).map(([number, version]) => {
    const status: Status = isUnderWay(version.status) ? 'Active' : version.status;
    return [number, { ...version, status }] as const;
  });
  return { ...rest, status: 'Active', versions: Object.fromEntries(versions) };
}

/** Fails the work of a function: `…Failed`, with the code and configuration of before. */
export function failWork(state: FunctionState): FunctionState {
  switch (state.status) {
    case 'Creating':
      return { ...state, status: 'CreateFailed' };
    case 'Updating': {
      const { serving, ...rest } = state;
      return { ...rest, latest: serving ?? state.latest, status: 'UpdateFailed' };
    }
    case 'Publishing': {
      const number = String(state.published);
      const version = state.versions[number];
      const versions = { ...state.versions };
      if (version) versions[number] = { ...version, status: 'PublishFailed' };
      return { ...state, status: 'Active', versions };
    }
    default:
      return state;
  }
}

/** Checks whether a status is one that passes by itself. */
export function isUnderWay(status: Status): boolean {
  return status === 'Creating' || status === 'Updating' || status === 'Publishing';
}
