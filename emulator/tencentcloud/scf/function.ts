import type { Action, Workshop } from '../action.ts';
import { refuse } from '../errors.ts';
import type { FunctionState, Revision } from '../state/functions.ts';
import { optionalText, requiredText } from '../wire/params.ts';
import { takeCode } from './code.ts';
import { checkName } from './limits.ts';
import { changedSettings, checkPublish, newSettings } from './settings.ts';
import { deleteVersion } from './version.ts';

/** Functions of one namespace. Source: 583/11637. */
const functionsMax = 50;

const latestAlias = '$DEFAULT';

/** `CreateFunction`: Creating, then Active. */
export const createFunction: Action = {
  write: true,
  deploys: true,
  run: (params, workshop) => {
    const { functions, progress, world } = workshop;
    const name = requiredText(params, 'FunctionName');
    checkName(name);
    if (functions.find(name)) {
      throw refuse('ResourceInUse.Function', `函数 ${name} 已存在 (the function exists)`);
    }
    if (functions.all().length >= functionsMax) {
      throw refuse('LimitExceeded.Function', '最多 50 个函数 (at most 50 functions)');
    }
    const handler = optionalText(params, 'Handler') ?? 'index.main_handler';
    const settings = newSettings(params);
    return atomically(workshop, () => {
      const now = world.clock.nowMs();
      const code = takeCode(params, handler, workshop);
      const latest = { ...settings, ...code, handler, addedMs: now, modifiedMs: now };
      progress.begin(newFunction(name, idOf(workshop), latest));
      return {};
    });
  },
};

function newFunction(name: string, id: string, latest: Revision): FunctionState {
  const { addedMs, modifiedMs } = latest;
  const standard = { name: latestAlias, version: '$LATEST', description: '', addedMs, modifiedMs };
  return {
    ...{ name, id, latest, status: 'Creating', published: 0, versions: {}, triggers: [] },
    aliases: { [latestAlias]: standard },
  };
}

/** `UpdateFunctionCode`: Updating, then Active; until then the code before it runs. */
export const updateFunctionCode: Action = {
  write: true,
  deploys: true,
  run: (params, workshop) => {
    const name = requiredText(params, 'FunctionName');
    const state = workshop.progress.ready(name, 'FailedOperation.UpdateFunctionCode');
    checkPublish(params);
    const handler = optionalText(params, 'Handler') ?? state.latest.handler;
    return atomically(workshop, () => {
      update(workshop, state, { ...takeCode(params, handler, workshop), handler });
      return {};
    });
  },
};

/** `UpdateFunctionConfiguration`: what is given is replaced, the environment as a whole. */
export const updateFunctionConfiguration: Action = {
  write: true,
  deploys: true,
  run: (params, workshop) => {
    const state = workshop.progress.ready(requiredText(params, 'FunctionName'));
    checkPublish(params);
    const settings = changedSettings(state.latest, params);
    return atomically(workshop, () => {
      update(workshop, state, settings);
      return {};
    });
  },
};

/** `DeleteFunction`: with versions, aliases and triggers; routes to it stay, and lead nowhere. */
export const deleteFunction: Action = {
  write: true,
  deploys: true,
  run: (params, workshop) => {
    const name = requiredText(params, 'FunctionName');
    const qualifier = optionalText(params, 'Qualifier');
    if (qualifier) return deleteVersion(name, qualifier, workshop);
    const { status } = workshop.functions.get(name);
    if (status !== 'CreateFailed') workshop.progress.ready(name);
    return atomically(workshop, () => {
      workshop.functions.remove(name);
      return {};
    });
  },
};

function update(workshop: Workshop, state: FunctionState, change: Partial<Revision>): void {
  const modifiedMs = workshop.world.clock.nowMs();
  workshop.progress.begin({
    ...state,
    status: 'Updating',
    latest: { ...state.latest, ...change, modifiedMs },
    serving: state.serving ?? state.latest,
  });
}

/** One durable commit; code that nothing refers to any more goes with it. */
function atomically<T>(workshop: Workshop, work: () => T): T {
  return workshop.world.data.atomically(() => {
    const result = work();
    workshop.codes.forget(codesInUse(workshop.functions.all()));
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

function idOf({ world }: Workshop): string {
  return `lam-${world.randomBytes(4).toString('hex')}`;
}
