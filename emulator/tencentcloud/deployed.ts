import type { ActionDeps } from './action.ts';
import type { DeployedVersion } from './options.ts';
import { fileOfHandler } from './scf/limits.ts';
import { resolve } from './scf/qualifier.ts';
import type { FunctionState, Revision, Trigger } from './state/functions.ts';

/** What CloudBase stamps its functions with; its manager-node sends it with CreateFunction. */
const CLOUDBASE_STAMP = 'MINI_QCBASE';

/** Every version that can be run now, its code unpacked; `$LATEST` before the numbers. */
export function deployedVersions(deps: ActionDeps): DeployedVersion[] {
  return deps.functions.all().flatMap((state) =>
    runnable(state).map(([version, revision]): DeployedVersion => {
      const isDefault = resolve(state, '$DEFAULT').version === version;
      const { code, handler, timeoutS, memoryMb, environment, others } = revision;
      return {
        ...{ name: state.name, version, isDefault, memoryMb, environment },
        callable: others.Stamp === CLOUDBASE_STAMP,
        file: deps.codes.fileOf(code, fileOfHandler(handler)),
        timeoutMs: timeoutS * 1000,
        timers: state.triggers.filter((one) => fires(one, state, version)).map(timerOf),
        routes: isDefault ? routesTo(state.name, deps) : [],
      };
    }),
  );
}

/** While an update is under way the code before it runs; a version that is not Active does not. */
function runnable(state: FunctionState): [version: string, revision: Revision][] {
  const isThere = state.status !== 'Creating' && state.status !== 'CreateFailed';
  const active = Object.entries(state.versions).filter(([, { status }]) => status === 'Active');
  return [...(isThere ? [['$LATEST', state.serving ?? state.latest] as const] : []), ...active].map(
    ([version, revision]) => [version, revision],
  );
}

function fires(trigger: Trigger, state: FunctionState, version: string): boolean {
  return trigger.enabled && resolve(state, trigger.qualifier).version === version;
}

function timerOf({ name, cron, message }: Trigger) {
  return { name, cron, ...(message === '' ? {} : { message }) };
}

function routesTo(name: string, { routes }: ActionDeps) {
  return routes
    .all()
    .filter((route) => route.enabled && route.upstream === name)
    .map(({ path }) => ({ path }));
}
