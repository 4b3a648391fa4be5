import type { DeployedFunction, DeployedVersion } from './options.ts';
import { fileOfHandler } from './scf/limits.ts';
import { resolve } from './scf/qualifier.ts';
import type { Codes } from './state/codes.ts';
import type { FunctionState, Functions, Revision, Trigger } from './state/functions.ts';
import type { Routes } from './state/routes.ts';

/** CloudBase stamps its functions with this; its manager-node sends it with CreateFunction. */
const CLOUDBASE_STAMP = 'MINI_QCBASE';

/** The versions that can be run follow from these. */
interface Deployment {
  functions: Functions;
  codes: Codes;
  routes: Routes;
}

/** Lists every version that can be run now, its code unpacked; `$LATEST` before the numbers. */
export function deployedVersions(deployment: Deployment): DeployedVersion[] {
  const { functions, codes, routes } = deployment;
  return functions.all().flatMap((state) =>
    runnable(state).map(([version, revision]): DeployedVersion => {
      const isDefault = resolve(state, '$DEFAULT').version === version;
      const { code, handler, timeoutS, memoryMb, environment, others } = revision;
      return {
        name: state.name,
        version,
        isDefault,
        memoryMb,
        environment,
        callable: others.Stamp === CLOUDBASE_STAMP,
        file: codes.fileOf(code, fileOfHandler(handler)),
        timeoutMs: timeoutS * 1000,
        timers: state.triggers.filter((trigger) => fires(trigger, state, version)).map(timerOf),
        routes: isDefault ? routesTo(state.name, routes) : [],
      };
    }),
  );
}

/** Lists every function as its callers get it. */
export function deployedFunctions(functions: Functions): DeployedFunction[] {
  return functions.all().map((state) => {
    const { version, revision } = resolve(state, '$DEFAULT');
    const served = version === '$LATEST' ? (state.serving ?? revision) : revision;
    const { code, codeBytes, runtime, memoryMb, timeoutS, modifiedMs } = served;
    const { name, status } = state;
    const timeoutMs = timeoutS * 1000;
    return { name, status, version, code, codeBytes, runtime, memoryMb, timeoutMs, modifiedMs };
  });
}

/**
 * Lists the versions that run: during an update the code before it, and of the published ones the
 * Active.
 */
function runnable(state: FunctionState): [version: string, revision: Revision][] {
  const exists = state.status !== 'Creating' && state.status !== 'CreateFailed';
  const active = Object.entries(state.versions).filter(([, { status }]) => status === 'Active');
  return [...(exists ? [['$LATEST', state.serving ?? state.latest] as const] : []), ...active].map(
    ([version, revision]) => [version, revision],
  );
}

function fires(trigger: Trigger, state: FunctionState, version: string): boolean {
  return trigger.enabled && resolve(state, trigger.qualifier).version === version;
}

function timerOf({ name, cron, message }: Trigger) {
  return { name, cron, ...(message === '' ? {} : { message }) };
}

function routesTo(name: string, routes: Routes) {
  return routes
    .all()
    .filter((route) => route.enabled && route.upstream === name)
    .map(({ path }) => ({ path }));
}
