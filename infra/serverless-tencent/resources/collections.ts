import type { CollectionResource, IndexResource } from '../../resources.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { CloudError } from '../cloud/cloudError.ts';
import type { DeployOptions, Resource, Step } from './resource.ts';

/** Where documents lie. */
export interface Database {
  envId: string;
  /** `tnt-…`. */
  instanceId: string;
}

/** A collection with its indexes and who may reach it. Documents are never touched. */
export function collectionResource(
  cloud: Cloud,
  database: Database,
  name: string,
  wish: CollectionResource,
  options: DeployOptions,
): Resource {
  const at = tableAt(database, name);
  const left = (there: IndexState[]) =>
    there.filter((is) => !wish.indexes.some((index) => index.name === is.name));
  return {
    subject: `collection ${name}`,
    steps: async () => {
      const there = await readIndexes(cloud, database, name);
      const acl = there && (await readAcl(cloud, database, name));
      const found = (index: IndexResource) => there?.find((is) => is.name === index.name);
      const changed = wish.indexes.filter((index) => isChanged(index, found(index)));
      return [
        ...(there ? [] : [createTable(cloud, at)]),
        ...(acl === wish.acl ? [] : [setAcl(cloud, database, name, wish.acl)]),
        ...changes(cloud, at, {
          drop: [...changed, ...(options.prune ? left(there ?? []) : [])].map(
            (index) => index.name,
          ),
          create: wish.indexes.filter((index) => !found(index) || changed.includes(index)),
        }),
      ];
    },
    leftovers: async () =>
      left((await readIndexes(cloud, database, name)) ?? []).map(
        (index) => `index ${name}/${index.name}`,
      ),
  };
}

/** An index as the cloud answers it: whether it is sparse, it does not say. */
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
  const { Indexes = [] } = await cloud.tcb('DescribeTable', tableAt(database, name));
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

/** All collections of the environment. */
export async function listTables(cloud: Cloud, database: Database): Promise<TableState[]> {
  const all: TableState[] = [];
  for (;;) {
    const { Tables, Pager } = await cloud.tcb('ListTables', {
      ...connector(database),
      MgoOffset: all.length,
      MgoLimit: 100,
    });
    const found = Tables ?? [];
    all.push(
      ...found.map(({ TableName, Count }) => ({
        name: TableName ?? '',
        count: Count ?? undefined,
      })),
    );
    if (found.length === 0 || all.length >= (Pager?.Total ?? 0)) return all;
  }
}

/** Who may reach a collection from a client. */
export async function readAcl(cloud: Cloud, { envId }: Database, name: string): Promise<string> {
  const { AclTag = '' } = await cloud.tcb('DescribeDatabaseACL', {
    EnvId: envId,
    CollectionName: name,
  });
  return AclTag;
}

function connector({ envId, instanceId }: Database) {
  return { EnvId: envId, MongoConnector: { InstanceId: 'flexdb', DatabaseName: instanceId } };
}

function tableAt(database: Database, name: string) {
  return { TableName: name, ...connector(database) };
}

type At = ReturnType<typeof tableAt>;

function createTable(cloud: Cloud, at: At): Step {
  return {
    subject: `collection ${at.TableName}`,
    does: '创建 (create)',
    run: async () => {
      await cloud.tcb('CreateTable', at);
    },
  };
}

/** Removes a collection with all its documents. */
export function deleteTable(cloud: Cloud, database: Database, name: string): Step {
  return {
    subject: `collection ${name}`,
    does: '删除，含全部数据 (remove, with all documents)',
    run: async () => {
      await cloud.tcb('DeleteTable', tableAt(database, name));
    },
  };
}

function setAcl(cloud: Cloud, { envId }: Database, name: string, AclTag: string): Step {
  return {
    subject: `collection ${name}`,
    does: `权限 (access): ${AclTag}`,
    run: async () => {
      await cloud.tcb('ModifyDatabaseACL', { EnvId: envId, CollectionName: name, AclTag });
    },
  };
}

function isChanged(wish: IndexResource, is: IndexState | undefined): boolean {
  return is !== undefined && (is.keys !== keysOf(wish) || is.unique !== (wish.unique ?? false));
}

/** The keys of an index as text, to be compared. */
export function keysOf({ keys }: IndexResource): string {
  return Object.entries(keys)
    .map(([key, direction]) => `${key}:${direction}`)
    .join();
}

/** All indexes in one call each way: one is refused while another is being built. */
function changes(
  cloud: Cloud,
  at: At,
  { drop, create }: { drop: readonly string[]; create: readonly IndexResource[] },
): Step[] {
  const subject = `indexes ${at.TableName}`;
  const names = create.map(({ name }) => name);
  const dropStep = {
    subject,
    does: `删除 (remove): ${drop.join(', ')}`,
    run: async () => {
      const DropIndexes = drop.map((IndexName) => ({ IndexName }));
      await cloud.tcb('UpdateTable', { ...at, DropIndexes });
    },
  };
  const createStep = {
    subject,
    does: `创建 (create): ${names.join(', ')}`,
    run: async () => {
      await cloud.tcb('UpdateTable', { ...at, CreateIndexes: create.map(schemaOf) });
      await built(cloud, at, names);
    },
  };
  return [...(drop.length > 0 ? [dropStep] : []), ...(create.length > 0 ? [createStep] : [])];
}

function schemaOf({ name, keys, unique, sparse }: IndexResource) {
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

/** Waits until indexes are there: they are built in the background. */
async function built(cloud: Cloud, at: At, names: readonly string[]): Promise<void> {
  for (let polls = 0; polls < BUILD_POLLS_MAX; polls += 1) {
    const { Indexes = [] } = await cloud.tcb('DescribeTable', at);
    if (names.every((name) => Indexes.some((index) => index.Name === name))) return;
    await cloud.wait(Math.min(2000, 20 + polls * 20));
  }
  throw new CloudError('tcb.UpdateTable', {
    code: 'ResourceInUse.IndexCreating',
    message: `${names.join(', ')} 仍在创建，稍后再次部署 (still being built: deploy again later)`,
  });
}
