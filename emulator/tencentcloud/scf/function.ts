import type { Action, ActionDeps } from '../action.ts';
import { refuse } from '../errors.ts';
import type { FunctionState, Revision } from '../state/functions.ts';
import { optionalText, requiredText } from '../wire/params.ts';
import { takeCode } from './code.ts';
import { checkName } from './limits.ts';
import { applySettings, checkPublish, newSettings } from './settings.ts';
import { deleteVersion } from './version.ts';

/** Functions of one namespace. Source: 583/11637. */
const FUNCTIONS_MAX = 50;

const LATEST_ALIAS = '$DEFAULT';

/** `CreateFunction`: Creating, then Active. */
export const createFunction: Action = {
  write: true,
  deploys: true,
  run: (params, deps) => {
    const { functions, progress, world } = deps;
    const name = requiredText(params, 'FunctionName');
    checkName(name);
    if (functions.find(name)) {
      throw refuse('ResourceInUse.Function', `函数 ${name} 已存在 (the function exists)`);
    }
    if (functions.all().length >= FUNCTIONS_MAX) {
      throw refuse('LimitExceeded.Function', '最多 50 个函数 (at most 50 functions)');
    }
    const handler = optionalText(params, 'Handler') ?? 'index.main_handler';
    const settings = newSettings(params);
    return atomically(deps, () => {
      const now = world.clock.nowMs();
      const code = takeCode(params, handler, deps);
      const latest = { ...settings, ...code, handler, addedMs: now, modifiedMs: now };
      progress.begin(newFunction(name, idOf(deps), latest));
      return {};
    });
  },
};

function newFunction(name: string, id: string, latest: Revision): FunctionState {
  const { addedMs, modifiedMs } = latest;
  const standard = { name: LATEST_ALIAS, version: '$LATEST', description: '', addedMs, modifiedMs };
  return {
    name,
    id,
    latest,
    status: 'Creating',
    published: 0,
    versions: {},
    triggers: [],
    aliases: { [LATEST_ALIAS]: standard },
  };
}

/** `UpdateFunctionCode`: Updating, then Active; until then the code before it runs. */
export const updateFunctionCode: Action = {
  write: true,
  deploys: true,
  run: (params, deps) => {
    const name = requiredText(params, 'FunctionName');
    const state = deps.progress.ready(name, 'FailedOperation.UpdateFunctionCode');
    checkPublish(params);
    const handler = optionalText(params, 'Handler') ?? state.latest.handler;
    return atomically(deps, () => {
      beginUpdate(deps, state, { ...takeCode(params, handler, deps), handler });
      return {};
    });
  },
};

/** `UpdateFunctionConfiguration`: what is given is replaced, the environment as a whole. */
export const updateFunctionConfiguration: Action = {
  write: true,
  deploys: true,
  run: (params, deps) => {
    const state = deps.progress.ready(requiredText(params, 'FunctionName'));
    checkPublish(params);
    const settings = applySettings(state.latest, params);
    return atomically(deps, () => {
      beginUpdate(deps, state, settings);
      return {};
    });
  },
};

/** `DeleteFunction`: with versions, aliases and triggers; routes to it stay, and lead nowhere. */
export const deleteFunction: Action = {
  write: true,
  deploys: true,
  run: (params, deps) => {
    const name = requiredText(params, 'FunctionName');
    const qualifier = optionalText(params, 'Qualifier');
    if (qualifier) return deleteVersion(name, qualifier, deps);
    const { status } = deps.functions.get(name);
    if (status !== 'CreateFailed') deps.progress.ready(name);
    return atomically(deps, () => {
      deps.functions.remove(name);
      return {};
    });
  },
};

function beginUpdate(deps: ActionDeps, state: FunctionState, change: Partial<Revision>): void {
  const modifiedMs = deps.world.clock.nowMs();
  deps.progress.begin({
    ...state,
    status: 'Updating',
    latest: { ...state.latest, ...change, modifiedMs },
    serving: state.serving ?? state.latest,
  });
}

/** Does work as one durable commit; code that nothing refers to any more goes with it. */
function atomically<T>(deps: ActionDeps, work: () => T): T {
  return deps.world.data.atomically(() => {
    const result = work();
    deps.codes.forget(codesInUse(deps.functions.all()));
    return result;
  });
}

function codesInUse(functions: FunctionState[]): Set<string> {
  const revisions = functions.flatMap(({ latest, serving, versions }) => [
    latest,
    ...(serving ? [serving] : []),
    ...Object.values(versions),
  ]);
  return new Set(revisions.map(({ code }) => code));
}

function idOf({ world }: ActionDeps): string {
  return `lam-${world.randomBytes(4).toString('hex')}`;
}
