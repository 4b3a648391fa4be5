import type { Action } from '../action.ts';
import { requiredText } from '../wire/params.ts';
import { isLevel, levelFault } from './levels.ts';
import { tableOf } from './table.ts';

/** `ModifyDatabaseACL`: one of the simple permissions of a collection. */
export const modifyDatabaseACL: Action = {
  write: true,
  run: (params, workshop) => {
    const { name } = tableOf(requiredText(params, 'CollectionName'), workshop);
    const level = requiredText(params, 'AclTag');
    if (!isLevel(level)) throw levelFault(level);
    workshop.permissions.set('collection', name, { level });
    return {};
  },
};

/** `DescribeDatabaseACL`: `PRIVATE` until it is set. */
export const describeDatabaseACL: Action = {
  write: false,
  run: (params, workshop) => {
    const { name } = tableOf(requiredText(params, 'CollectionName'), workshop);
    return { AclTag: workshop.permissions.get('collection', name)?.level ?? 'PRIVATE' };
  },
};
