import type { Action } from '../action.ts';
import { notSimulated, refuse } from '../errors.ts';
import type { Alias, FunctionState } from '../state/functions.ts';
import { optionalObject, optionalText, type Params, pageOf, requiredText } from '../wire/params.ts';
import { timeText } from '../wire/times.ts';
import { aliasOf, findAlias, versionOf } from './qualifier.ts';

const NAME_FORM = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const DESCRIPTION_MAX = 1000;

/** `CreateAlias` */
export const createAlias: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, functions, world }) => {
    const state = progress.ready(requiredText(params, 'FunctionName'));
    const name = requiredText(params, 'Name');
    if (findAlias(state, name)) {
      throw refuse('ResourceInUse.Alias', `别名 ${name} 已存在 (the alias exists)`);
    }
    if (!NAME_FORM.test(name)) {
      throw refuse(
        'InvalidParameterValue.Alias',
        `别名 ${name} 不合法：1–64 个字母、数字、- 或 _，以字母开头 (letters, digits, - or _)`,
      );
    }
    const now = world.clock.nowMs();
    const target = targetOf(state, params);
    const alias = { name, ...target, addedMs: now, modifiedMs: now };
    functions.put(withAlias(state, alias));
    return {};
  },
};

/** `UpdateAlias`: moves an alias to another version; traffic is not split here. */
export const updateAlias: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, functions, world }) => {
    const state = progress.ready(requiredText(params, 'FunctionName'));
    const alias = aliasOf(state, requiredText(params, 'Name'));
    const target = targetOf(state, params, alias.description);
    functions.put(withAlias(state, { ...alias, ...target, modifiedMs: world.clock.nowMs() }));
    return {};
  },
};

/** `DeleteAlias`: any but `$DEFAULT`, with the triggers that are bound to it. */
export const deleteAlias: Action = {
  write: true,
  deploys: true,
  run: (params, { progress, functions }) => {
    const state = progress.ready(requiredText(params, 'FunctionName'));
    const { name } = aliasOf(state, requiredText(params, 'Name'));
    if (name === '$DEFAULT') {
      throw refuse('InvalidParameterValue.Alias', '不能删除 $DEFAULT ($DEFAULT stays)');
    }
    const { [name]: _, ...aliases } = state.aliases;
    const triggers = state.triggers.filter(({ qualifier }) => qualifier !== name);
    functions.put({ ...state, aliases, triggers });
    return {};
  },
};

/** `GetAlias` */
export const getAlias: Action = {
  write: false,
  run: (params, { functions }) => {
    const state = functions.get(requiredText(params, 'FunctionName'));
    return aliasView(aliasOf(state, requiredText(params, 'Name')));
  },
};

/** `ListAliases`: all, or those that lead to `FunctionVersion`. */
export const listAliases: Action = {
  write: false,
  run: (params, { functions }) => {
    const { aliases } = functions.get(requiredText(params, 'FunctionName'));
    const version = optionalText(params, 'FunctionVersion');
    const found = Object.values(aliases).filter((alias) => !version || alias.version === version);
    return { Aliases: pageOf(params, found).map(aliasView), TotalCount: found.length };
  },
};

function withAlias(state: FunctionState, alias: Alias): FunctionState {
  return { ...state, aliases: { ...state.aliases, [alias.name]: alias } };
}

function targetOf(state: FunctionState, params: Params, current = '') {
  const routing = optionalObject(params, 'RoutingConfig') ?? {};
  if (Object.values(routing).some((part) => Array.isArray(part) && part.length > 0)) {
    throw notSimulated('InvalidParameterValue.Param', 'RoutingConfig');
  }
  const { version, status } = versionOf(state, requiredText(params, 'FunctionVersion'));
  if (status !== 'Active' && version !== '$LATEST') {
    throw refuse(
      'FailedOperation.FunctionVersionStatusNotActive',
      `版本 ${version} 当前状态为 ${status}，不能被指向 (an alias leads to Active versions only)`,
    );
  }
  const description = optionalText(params, 'Description') ?? current;
  if (description.length > DESCRIPTION_MAX) {
    throw refuse('InvalidParameterValue.Description', '描述最多 1000 个字符 (at most 1000)');
  }
  return { version, description };
}

function aliasView({ name, version, description, addedMs, modifiedMs }: Alias) {
  return {
    Name: name,
    FunctionVersion: version,
    Description: description,
    RoutingConfig: { AdditionalVersionWeights: [], AddtionVersionMatchs: [] },
    AddTime: timeText(addedMs),
    ModTime: timeText(modifiedMs),
  };
}
