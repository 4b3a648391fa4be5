import type { CloudBase, CloudBaseOptions } from './cloudbase/cloudbase.ts';
import type { HttpApiOptions } from './httpApi/httpApi.ts';
import { type Failure, failures } from './runner/errors.ts';
import type { FunctionSpec, Invoker, Outcome } from './runner/invocation.ts';
import type { Runner } from './runner/runner.ts';
import type { DeployedVersion, TencentCloudOptions } from './tencentcloud/options.ts';
import type { TencentCloud } from './tencentcloud/tencentcloud.ts';
import type { World } from './world/world.ts';

/** Names a version for the runner; callers get the default one by the function's name alone. */
function keyOf(name: string, version: string): string {
  return `${name}:${version}`;
}

/**
 * Describes every deployed version to the runner: the default one under the function's name, each
 * version under its own too. `settings` stand for a change in the console: they replace values, and
 * add none.
 */
export function specsOf(
  deployed: readonly DeployedVersion[],
  settings: Readonly<Record<string, string>> = {},
): FunctionSpec[] {
  return deployed.flatMap(({ isDefault, callable: _, ...version }) => {
    const changed = Object.entries(settings).filter(([key]) =>
      Object.hasOwn(version.environment, key),
    );
    const environment = { ...version.environment, ...Object.fromEntries(changed) };
    const spec: FunctionSpec = { ...version, environment };
    const key = keyOf(version.name, version.version);
    return [...(isDefault ? [spec] : []), { ...spec, key, timers: [], routes: [] }];
  });
}

/** A runner of what was deployed. */
export interface DeployedRunner {
  runner: Runner;
  /** Replaces all functions. */
  load(deployed: readonly DeployedVersion[]): void;
  /** Replaces the settings that {@link specsOf} lays over the functions, now and in later loads. */
  configure(settings: Readonly<Record<string, string>>): void;
}

/**
 * Lets callFunction, of clients and of other functions, reach only what CloudBase stamped. What was
 * deployed as a plain function of scf is not found; routes, timers and the API reach it as ever.
 */
export function deployedRunner(runner: Runner): DeployedRunner {
  let deployed: readonly DeployedVersion[] = [];
  let settings: Readonly<Record<string, string>> = {};
  let plain: ReadonlySet<string> = new Set();
  return {
    load: (next) => {
      runner.load(specsOf(next, settings));
      deployed = next;
      plain = new Set(next.filter(isPlain).map(({ name }) => name));
    },
    configure: (next) => {
      runner.load(specsOf(deployed, next));
      settings = next;
    },
    runner: {
      ...runner,
      invoke: async (name, event, invoker) => {
        const isCall = CALLS.includes(invoker.kind);
        const [bare = ''] = name.split(':');
        if (!isCall || !plain.has(bare)) return runner.invoke(name, event, invoker);
        return neverRan(failures.notFound(name));
      },
    },
  };
}

/** Calls of these kinds come through CloudBase, which does not know plain functions. */
const CALLS: readonly Invoker['kind'][] = ['client', 'function', 'api'];

function isPlain({ isDefault, callable }: DeployedVersion): boolean {
  return isDefault && !callable;
}

/**
 * Asks the environment's function rules before a client's call reaches a function, as the platform
 * does.
 */
export function withFunctionRules(runner: Runner, { clientMayInvoke }: TencentCloud): Runner {
  return {
    ...runner,
    invoke: async (name, event, invoker) => {
      if (invoker.kind !== 'client' || clientMayInvoke(name)) {
        return runner.invoke(name, event, invoker);
      }
      return neverRan(failures.notPermitted(name));
    },
  };
}

function neverRan(error: Failure): Outcome {
  return { requestId: '', durationMs: 0, log: [], error };
}

/**
 * Runs a function that another one calls through CloudBase: without a user, but for a program outside that plays
 * one. Whether the platform passes a function's user on is documented nowhere.
 */
export function invokeFromCloud(runner: Runner): CloudBaseOptions['invoke'] {
  return async ({ name, data, source: chain, token = '', gone }) => {
    const holder = runner.tokens.holder(token);
    const openid = holder?.isScript ? holder.openid : undefined;
    const user = openid === undefined ? {} : { openid };
    const invoker: Invoker = { kind: 'function', chain, gone, ...user };
    const { result, error } = await runner.invoke(name, data, invoker);
    return error ? { error } : { result };
  };
}

/** Runs a function for CloudBase's HTTP API, the version that is named where one is. */
export function invokeFromHttpApi(runner: Runner): HttpApiOptions['invoke'] {
  return async ({ name, qualifier = '$DEFAULT', event }) => {
    const key = qualifier === '$DEFAULT' ? name : keyOf(name, qualifier);
    const outcome = await runner.invoke(key, event, { kind: 'api' });
    const isKnown = key !== name && runner.functions().some((each) => each.name === name);
    if (outcome.error?.code !== 'FUNCTION_NOT_FOUND' || !isKnown) return outcome;
    const message = `没有这个版本 (no such version): ${qualifier}`;
    return { requestId: '', error: { code: 'FUNCTION_QUALIFIER_NOT_FOUND', message } };
  };
}

/** Runs a version for the Tencent Cloud API; a call of the API carries nothing of CloudBase. */
export function invokeVersion(runner: Runner): TencentCloudOptions['invoke'] {
  return ({ name, version, event }) => runner.invoke(keyOf(name, version), event, { kind: 'http' });
}

/** Reads the log lines of functions from the timeline, newest first. */
export function logsOf({
  timeline,
  clock,
}: Pick<World, 'timeline' | 'clock'>): TencentCloudOptions['logs'] {
  return ({ fromMs, toMs, name, requestId }) =>
    timeline
      .recent()
      .filter(({ what }) => what === 'function.call')
      .flatMap(({ at, subject = '', detail = {} }) => {
        const { log = [], requestId: id } = detail as { log?: string[]; requestId?: string };
        const [of = ''] = subject.split(':');
        return log.map((text) => ({ atMs: Date.parse(at), name: of, requestId: id ?? '', text }));
      })
      .filter(
        (line) =>
          line.atMs >= fromMs &&
          // Whoever asks goes by real time, what was printed by the clock of this world.
          line.atMs <= toMs + Math.max(0, clock.offsetMs()) &&
          (name === undefined || line.name === name) &&
          (requestId === undefined || line.requestId === requestId),
      )
      .reverse();
}

/** Lets the Tencent Cloud API manage the collections of the local CloudBase. */
export function databaseOf(cloudbase: CloudBase): TencentCloudOptions['database'] {
  return {
    tables: cloudbase.collections,
    createTable: (name) => cloudbase.createCollection(name),
    createIndex: (table, index) => cloudbase.createCollection(table, [index]),
    dropIndex: cloudbase.dropIndex,
    dropTable: cloudbase.dropCollection,
  };
}
