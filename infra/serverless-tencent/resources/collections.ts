import type { CollectionResource, IndexResource } from '../../resources.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';
import type { DeployOptions, Resource, Step } from './resource.ts';

/** Names the database that an environment keeps its documents in. */
export interface Database {
  envId: string;
  /** `tnt-…`. */
  instanceId: string;
}

/** A collection that `serverless.yml` or the project itself asks for. */
export interface DesiredCollection extends CollectionResource {
  name: string;
}

/** Keeps a collection, its indexes and who may reach it. Documents are never touched. */
export function collectionResource(
  cloud: Cloud,
  database: Database,
  desired: DesiredCollection,
  options: DeployOptions,
): Resource {
  const { name, acl } = desired;
  const unmanagedIn = (actual: IndexState[]) =>
    actual.filter((index) => !desired.indexes.some((other) => other.name === index.name));
  return {
    subject: `collection ${name}`,
    steps: async () => {
      const actual = await readIndexes(cloud, database, name);
      const actualAcl = actual && (await readAcl(cloud, database, name));
      const isTheirs = actualAcl !== acl && (await belongsToMerchant(cloud, database, desired));
      return [
        ...(actual ? [] : [createTable(cloud, database, name)]),
        ...(actualAcl === acl || isTheirs ? [] : [setAcl(cloud, database, name, acl)]),
        ...indexSteps(cloud, tableIn(database, name), {
          desired: desired.indexes,
          actual: actual ?? [],
          unmanaged: options.prune ? unmanagedIn(actual ?? []) : [],
        }),
      ];
    },
    unmanaged: async () =>
      unmanagedIn((await readIndexes(cloud, database, name)) ?? []).map(
        (index) => `index ${name}/${index.name}`,
      ),
  };
}

/**
 * Tells whether a collection is one of the merchant's own that happens to have the name of a sample's: it holds
 * documents under another access rule, which clients of theirs may need. An empty one was left by a deploy that died.
 */
async function belongsToMerchant(
  cloud: Cloud,
  database: Database,
  { name, sampleOf }: DesiredCollection,
): Promise<boolean> {
  if (sampleOf === undefined) return false;
  const table = (await listTables(cloud, database)).find((one) => one.name === name);
  return table !== undefined && table.count !== 0;
}

/** An index as the cloud answers it; it does not say whether an index is sparse. */
export interface IndexState {
  name: string;
  keys: string;
  unique: boolean;
}

/** Reads the indexes of a collection but for that on `_id`; undefined: there is no collection. */
export async function readIndexes(
  cloud: Cloud,
  database: Database,
  name: string,
): Promise<IndexState[] | undefined> {
  if (!(await listTables(cloud, database)).some((table) => table.name === name)) return undefined;
  const { Indexes = [] } = await cloud.tcb('DescribeTable', tableIn(database, name));
  return Indexes.filter((index) => index.Name !== '_id_').map((index) => ({
    name: index.Name ?? '',
    keys: (index.Keys ?? []).map((key) => `${key.Name}:${Number(key.Direction)}`).join(),
    unique: index.Unique === true,
  }));
}

/** A collection with how many documents it holds; undefined: the cloud does not say. */
export interface TableState {
  name: string;
  count: number | undefined;
}

/** Lists all collections of the environment. */
export async function listTables(cloud: Cloud, database: Database): Promise<TableState[]> {
  const all: TableState[] = [];
  for (;;) {
    const { Tables, Pager } = await cloud.tcb('ListTables', {
      ...connectorOf(database),
      MgoOffset: all.length,
      MgoLimit: 100,
    });
    const actualOf = Tables ?? [];
    all.push(
      ...actualOf.map(({ TableName, Count }) => ({
        name: TableName ?? '',
        count: Count ?? undefined,
      })),
    );
    if (actualOf.length === 0 || all.length >= (Pager?.Total ?? 0)) return all;
  }
}

/** Reads who may reach a collection from a client. */
export async function readAcl(cloud: Cloud, { envId }: Database, name: string): Promise<string> {
  const { AclTag = '' } = await cloud.tcb('DescribeDatabaseACL', {
    EnvId: envId,
    CollectionName: name,
  });
  return AclTag;
}

function connectorOf({ envId, instanceId }: Database) {
  return { EnvId: envId, MongoConnector: { InstanceId: 'flexdb', DatabaseName: instanceId } };
}

function tableIn(database: Database, name: string) {
  return { TableName: name, ...connectorOf(database) };
}

type TableAddress = ReturnType<typeof tableIn>;

function createTable(cloud: Cloud, database: Database, name: string): Step {
  return {
    subject: `collection ${name}`,
    action: '创建 (create)',
    run: async () => {
      await cloud.tcb('CreateTable', tableIn(database, name));
    },
  };
}

/** Removes a collection with all its documents. */
export function deleteTable(cloud: Cloud, database: Database, name: string): Step {
  return {
    subject: `collection ${name}`,
    action: '删除，含全部数据 (remove, with all documents)',
    run: async () => {
      await cloud.tcb('DeleteTable', tableIn(database, name));
    },
  };
}

function setAcl(cloud: Cloud, { envId }: Database, name: string, AclTag: string): Step {
  return {
    subject: `collection ${name}`,
    action: `权限 (access): ${AclTag}`,
    run: async () => {
      await cloud.tcb('ModifyDatabaseACL', { EnvId: envId, CollectionName: name, AclTag });
    },
  };
}

function isChanged(desired: IndexResource, actual: IndexState | undefined): boolean {
  return (
    actual !== undefined &&
    (actual.keys !== keysOf(desired) || actual.unique !== (desired.unique ?? false))
  );
}

/** Writes the keys of an index as text, to be compared. */
export function keysOf({ keys }: IndexResource): string {
  return Object.entries(keys)
    .map(([key, direction]) => `${key}:${direction}`)
    .join();
}

/**
 * Brings all indexes up to date in one call each way: one is refused while another is being built.
 */
function indexSteps(
  cloud: Cloud,
  table: TableAddress,
  indexes: { desired: IndexResource[]; actual: IndexState[]; unmanaged: IndexState[] },
): Step[] {
  const { desired, actual, unmanaged } = indexes;
  const actualOf = ({ name }: IndexResource) => actual.find((index) => index.name === name);
  const changed = desired.filter((index) => isChanged(index, actualOf(index)));
  const dropped = [...changed, ...unmanaged].map(({ name }) => name);
  const created = desired.filter((index) => !actualOf(index) || changed.includes(index));
  return [
    ...(dropped.length > 0 ? [dropIndexes(cloud, table, dropped)] : []),
    ...(created.length > 0 ? [createIndexes(cloud, table, created)] : []),
  ];
}

function dropIndexes(cloud: Cloud, table: TableAddress, names: readonly string[]): Step {
  return {
    subject: `indexes ${table.TableName}`,
    action: `删除 (remove): ${names.join(', ')}`,
    run: async () => {
      const DropIndexes = names.map((IndexName) => ({ IndexName }));
      await cloud.tcb('UpdateTable', { ...table, DropIndexes });
    },
  };
}

function createIndexes(cloud: Cloud, table: TableAddress, indexes: readonly IndexResource[]): Step {
  const names = indexes.map(({ name }) => name);
  return {
    subject: `indexes ${table.TableName}`,
    action: `创建 (create): ${names.join(', ')}`,
    run: async () => {
      const CreateIndexes = indexes.map(createIndexRequest);
      await cloud.tcb('UpdateTable', { ...table, CreateIndexes });
      await waitUntilBuilt(cloud, table, names);
    },
  };
}

function createIndexRequest({ name, keys, unique, sparse }: IndexResource) {
  const MgoIndexKeys = Object.entries(keys).map(([Name, direction]) => ({
    Name,
    Direction: String(direction),
  }));
  return {
    IndexName: name,
    MgoKeySchema: {
      MgoIndexKeys,
      MgoIsUnique: unique ?? false,
      ...(sparse ? { MgoIsSparse: true } : {}),
    },
  };
}

const BUILD_POLLS_MAX = 60;

/** Waits until indexes exist, since the cloud builds them in the background. */
async function waitUntilBuilt(
  cloud: Cloud,
  table: TableAddress,
  names: readonly string[],
): Promise<void> {
  for (let polls = 0; polls < BUILD_POLLS_MAX; polls += 1) {
    const { Indexes = [] } = await cloud.tcb('DescribeTable', table);
    if (names.every((name) => Indexes.some((index) => index.Name === name))) return;
    await cloud.wait(Math.min(2000, 20 + polls * 20));
  }
  throw new CloudError('tcb.UpdateTable', {
    code: 'ResourceInUse.IndexCreating',
    message: `${names.join(', ')} 仍在创建，稍后再次部署 (still being built: deploy again later)`,
  });
}
