import type { Action, ActionDeps } from '../action.ts';
import { notSimulated, refuse } from '../errors.ts';
import type { TableIndex } from '../options.ts';
import {
  isObject,
  objects,
  optionalBoolean,
  optionalText,
  type Params,
  requiredObject,
  requiredText,
} from '../wire/params.ts';
import { tableOf } from './table.ts';

/** `UpdateTable`: drops indexes, then builds others, one after another; building takes its time. */
export const updateTable: Action = {
  write: true,
  run: (params, deps) => {
    const { name, indexes } = tableOf(requiredText(params, 'TableName'), deps);
    const gone = objects(params, 'DropIndexes').map((index) => requiredText(index, 'IndexName'));
    const desired = objects(params, 'CreateIndexes').map(indexOf);
    const actual = new Set(indexes.map((index) => index.name));
    for (const index of gone) checkDrop(index, actual);
    const remaining = indexes.filter((index) => !gone.includes(index.name));
    const fresh = desired.filter((index) => isNew(index, remaining));
    if (fresh.length > 0 && deps.building.has(name)) {
      throw refuse(
        'ResourceInUse.IndexCreating',
        `表 ${name} 正在创建索引，请稍后再试 (an index is being built, try again later)`,
      );
    }
    for (const index of gone) deps.options.database.dropIndex(name, index);
    for (const index of fresh) build(name, index, deps);
    return {};
  },
};

function checkDrop(name: string, actual: ReadonlySet<string>): void {
  if (name !== '_id_' && actual.has(name)) return;
  throw refuse('InvalidParameter', `没有可删除的索引 ${name} (there is no such index to drop)`);
}

/** Checks whether an index is new; refuses one that differs from another only in part. */
function isNew(desired: TableIndex, actual: TableIndex[]): boolean {
  const keysOf = ({ keys }: TableIndex) => JSON.stringify(Object.entries(keys));
  const shapeOf = (index: TableIndex) =>
    [index.name, keysOf(index), Boolean(index.unique), Boolean(index.sparse)].join();
  const near = actual.find(
    (index) => index.name === desired.name || keysOf(index) === keysOf(desired),
  );
  if (near && shapeOf(near) !== shapeOf(desired)) {
    throw refuse(
      'ResourceUnavailable.IndexOptionsConflict',
      `索引 ${desired.name} 与已有的 ${near.name} 冲突，请先删除 (it conflicts, drop that one first)`,
    );
  }
  return !near;
}

function build(
  table: string,
  index: TableIndex,
  { world, options, building, stateMs }: ActionDeps,
): void {
  try {
    options.database.createIndex(table, index);
  } catch (error) {
    if (!isObject(error) || error.code !== 'DATABASE_DUPLICATE_WRITE') throw error;
    throw refuse(
      'FailedOperation.DuplicatedData',
      `表 ${table} 已有重复数据，不能建唯一索引 ${index.name} (there are duplicates: remove them first)`,
    );
  }
  const names = [...(building.get(table) ?? []), index.name];
  building.set(table, names);
  const end = () => {
    if (building.get(table)?.includes(index.name)) building.delete(table);
  };
  world
    .waitMs(stateMs)
    .then(end)
    .catch((error: unknown) => {
      world.timeline.add({ what: 'tcb.failed', subject: table, detail: { error: String(error) } });
    });
}

function indexOf(fields: Params): TableIndex {
  const name = requiredText(fields, 'IndexName');
  const schema = requiredObject(fields, 'MgoKeySchema');
  if (optionalText(schema, 'PartialFilterExpression')) {
    throw notSimulated('InvalidParameterValue', 'PartialFilterExpression');
  }
  const keys = objects(schema, 'MgoIndexKeys').map(
    (key) => [requiredText(key, 'Name'), directionOf(requiredText(key, 'Direction'))] as const,
  );
  if (keys.length === 0 || new Set(keys.map(([key]) => key)).size < keys.length) {
    throw refuse('InvalidParameter', `索引 ${name} 没有字段或字段重复 (no key, or a key twice)`);
  }
  return {
    name,
    keys: Object.fromEntries(keys),
    unique: optionalBoolean(schema, 'MgoIsUnique') ?? false,
    sparse: optionalBoolean(schema, 'MgoIsSparse') ?? false,
  };
}

function directionOf(text: string): 1 | -1 {
  if (text === '1') return 1;
  if (text === '-1') return -1;
  throw refuse('InvalidParameter', `Direction 应为 "1" 或 "-1"，不是 ${text} ("1" or "-1")`);
}
