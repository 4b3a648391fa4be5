import type { Action, ActionDeps } from '../action.ts';
import { missingParameter, refuse } from '../errors.ts';
import { optionalInteger, optionalObject, optionalText, requiredText } from '../wire/params.ts';
import { isLevel, levelFault } from './levels.ts';

const NAME_FORM = /^[A-Za-z0-9-][A-Za-z0-9_-]{0,95}$/;
const PAGE_MAX = 1000;

/** `CreateTable`: a collection that only its creators and administrators may reach, or as given. */
export const createTable: Action = {
  write: true,
  run: (params, deps) => {
    const { options, permissions } = deps;
    const name = requiredText(params, 'TableName');
    if (!NAME_FORM.test(name)) {
      throw refuse(
        'InvalidParameterValue',
        `表名 ${name} 不合法：最多 96 个字母、数字、- _，不以 _ 开头 (letters, digits, - and _)`,
      );
    }
    if (options.database.tables().some((table) => table.name === name)) {
      throw refuse('ResourceUnavailable.ResourceExist', `表 ${name} 已存在 (the table exists)`);
    }
    const level = optionalText(optionalObject(params, 'PermissionInfo') ?? {}, 'AclTag');
    if (level !== undefined && !isLevel(level)) throw levelFault(level);
    create(name, options.database);
    permissions.set('collection', name, { level: level ?? 'PRIVATE' });
    return {};
  },
};

function create(name: string, database: ActionDeps['options']['database']): void {
  try {
    database.createTable(name);
  } catch (error) {
    throw refuse('FailedOperation.CreateTable', `创建表 ${name} 失败：${String(error)} (failed)`);
  }
}

/** `DescribeTable`: its indexes; without a word on sparse ones, as in the SDK. */
export const describeTable: Action = {
  write: false,
  run: (params, deps) => {
    const { name, indexes } = tableOf(requiredText(params, 'TableName'), deps);
    const building = deps.building.get(name) ?? [];
    const shown = [
      { Name: '_id_', Unique: true, Keys: [{ Name: '_id', Direction: '1' }] },
      ...indexes
        .filter((index) => !building.includes(index.name) && index.name !== '_id_')
        .map((index) => ({
          Name: index.name,
          Unique: index.unique ?? false,
          Keys: Object.entries(index.keys).map(([Name, to]) => ({ Name, Direction: String(to) })),
        })),
    ];
    return { Indexes: shown, IndexNum: shown.length };
  },
};

/** `ListTables`: by part of the name; `MgoLimit` must be there. */
export const listTables: Action = {
  write: false,
  run: (params, { options }) => {
    const limit = optionalInteger(params, 'MgoLimit');
    const offset = optionalInteger(params, 'MgoOffset') ?? 0;
    if (limit === undefined) throw missingParameter('MgoLimit');
    if (limit < 0 || limit > PAGE_MAX || offset < 0) {
      throw refuse('InvalidParameterValue', 'MgoLimit 应为 0–1000 (MgoLimit from 0 to 1000)');
    }
    const search = optionalText(params, 'SearchValue') ?? '';
    const found = options.database.tables().filter(({ name }) => name.includes(search));
    const tables = found.slice(offset, offset + limit).map(({ name, count, indexes }) => ({
      TableName: name,
      Count: count,
      IndexCount: indexes.filter((index) => index.name !== '_id_').length + 1,
    }));
    return { Tables: tables, Pager: { Offset: offset, Limit: limit, Total: found.length } };
  },
};

/** `DeleteTable`: with its documents. */
export const deleteTable: Action = {
  write: true,
  run: (params, deps) => {
    const { name } = tableOf(requiredText(params, 'TableName'), deps);
    deps.options.database.dropTable(name);
    deps.permissions.remove('collection', name);
    deps.building.delete(name);
    return {};
  },
};

/** Finds a table by its name; refuses with ResourceNotFound.TableNotFound. */
export function tableOf(name: string, { options }: ActionDeps) {
  const table = options.database.tables().find((each) => each.name === name);
  if (table) return table;
  throw refuse(
    'ResourceNotFound.TableNotFound',
    `没有表 ${name}，请先创建 (there is no such table, create it first)`,
  );
}
