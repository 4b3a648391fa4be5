import type { CloudBase } from './cloudbase/cloudbase.ts';
import { failures } from './runner/invocation.ts';
import type { FunctionSpec, Runner } from './runner/runner.ts';
import type { DeployedVersion, TencentCloudOptions } from './tencentcloud/tencentcloud.ts';
import type { World } from './world/world.ts';

/** What is invoked for a version: callers get the default one by the function's name. */
function keyOf(name: string, version: string): string {
  return `${name}:${version}`;
}

/**
 * Every deployed version as the runner takes it: the default one under the function's name, each version
 * under its own too. `settings` stand for a change in the console: they replace values, and add none.
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
  /** Replaces all functions; `settings` as {@link specsOf} takes them. */
  load(deployed: readonly DeployedVersion[], settings?: Readonly<Record<string, string>>): void;
}

/**
 * Lets callFunction, of clients and of other functions, reach only what CloudBase stamped. What was
 * deployed as a plain function of scf is not found; routes, timers and the API reach it as ever.
 */
export function deployedRunner(runner: Runner): DeployedRunner {
  let strangers: ReadonlySet<string> = new Set();
  return {
    load: (deployed, settings) => {
      runner.load(specsOf(deployed, settings));
      const plain = deployed.filter(({ isDefault, callable }) => isDefault && !callable);
      strangers = new Set(plain.map(({ name }) => name));
    },
    runner: {
      ...runner,
      invoke: async (name, event, invoker) => {
        const isCall = invoker.kind === 'client' || invoker.kind === 'function';
        if (!isCall || !strangers.has(name)) return runner.invoke(name, event, invoker);
        return { requestId: '', durationMs: 0, log: [], error: failures.notFound(name) };
      },
    },
  };
}

/** Runs a version for the Tencent Cloud API; a call of the API carries nothing of CloudBase. */
export function invokeVersion(runner: Runner): TencentCloudOptions['invoke'] {
  return ({ name, version, event }) => runner.invoke(keyOf(name, version), event, { kind: 'http' });
}

/** The log lines of functions, as the timeline kept them, newest first. */
export function logsOf({ timeline }: World): TencentCloudOptions['logs'] {
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
          line.atMs <= toMs &&
          (name === undefined || line.name === name) &&
          (requestId === undefined || line.requestId === requestId),
      )
      .reverse();
}

/** The collections of the local CloudBase, as the Tencent Cloud API changes them. */
export function databaseOf(cloudbase: CloudBase): TencentCloudOptions['database'] {
  return {
    tables: cloudbase.collections,
    createTable: (name) => cloudbase.createCollection(name),
    createIndex: (table, index) => cloudbase.createCollection(table, [index]),
    dropIndex: cloudbase.dropIndex,
    dropTable: cloudbase.dropCollection,
  };
}
