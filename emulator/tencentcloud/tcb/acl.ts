import type { Action } from '../action.ts';
import { requiredText } from '../wire/params.ts';
import { isLevel, levelFault } from './levels.ts';
import { tableOf } from './table.ts';

/** `ModifyDatabaseACL`: one of the simple permissions of a collection. */
export const modifyDatabaseACL: Action = {
  write: true,
  run: (params, deps) => {
    const { name } = tableOf(requiredText(params, 'CollectionName'), deps);
    const level = requiredText(params, 'AclTag');
    if (!isLevel(level)) throw levelFault(level);
    deps.permissions.set('collection', name, { level });
    return {};
  },
};

/** `DescribeDatabaseACL`: `PRIVATE` until it is set. */
export const describeDatabaseACL: Action = {
  write: false,
  run: (params, deps) => {
    const { name } = tableOf(requiredText(params, 'CollectionName'), deps);
    return { AclTag: deps.permissions.get('collection', name)?.level ?? 'PRIVATE' };
  },
};
