import type { Data } from '../world/data.ts';
import { Collection, type Version } from './documents/collection.ts';
import { refuse } from './errors.ts';
import { type IndexDefinition, OrderedIndex } from './indexes/orderedIndex.ts';
import { type Doc, fromText, toText } from './values/ejson.ts';

/** One document to write; without `next` it is removed. */
export interface Write {
  collection: Collection;
  id: string;
  next?: { doc: Doc; text: string };
}

/** All collections, kept in the data file and held in memory. */
export interface State {
  collection(name: string): Collection;
  collections(): Collection[];
  /** Creates what is missing; indexes are distinguished by name. */
  create(name: string, indexes: IndexDefinition[]): void;
  /** Removes a collection with its documents. */
  drop(name: string): void;
  dropIndex(name: string, index: string): void;
  /** Number of the last commit. */
  seq(): number;
  /** Makes the writes durable, all or none, then visible. */
  commit(writes: Write[]): void;
  /** Lets go of what no snapshot since commit `oldestSeq` can see. */
  forget(oldestSeq: number): void;
  /** Removes every document, keeps collections and indexes. */
  reset(): void;
  /** Takes over what the data file holds now; throws, changing nothing, where it makes no sense. */
  reload(): void;
}

/** Opens the collections where an earlier run left them. */
export function openState(data: Data): State {
  const file = openTables(data);
  const collections = new Map(readAll(file).map((collection) => [collection.name, collection]));
  let seq = 0;

  return {
    collection: (name) => {
      const found = collections.get(name);
      if (!found) throw refuse.collection(name);
      return found;
    },
    collections: () => [...collections.values()],
    create: (name, indexes) => {
      const collection = collections.get(name) ?? new Collection(name, []);
      collection.indexes = withIndexes(collection, indexes);
      collections.set(name, collection);
      file.putCollection(collection);
    },
    drop: (name) => {
      if (collections.delete(name)) data.atomically(() => file.dropCollection(name));
    },
    dropIndex: (name, index) => {
      const collection = collections.get(name);
      if (!collection) throw refuse.collection(name);
      collection.indexes = collection.indexes.filter(({ definition }) => definition.name !== index);
      file.putCollection(collection);
    },
    seq: () => seq,
    commit: (writes) => {
      data.atomically(() => {
        for (const write of writes) file.putDocument(write);
      });
      seq += 1;
      for (const { collection, id, next } of writes) {
        collection.replace(id, next && { id, ...next, seq }, seq);
      }
    },
    forget: (oldestSeq) => {
      for (const collection of collections.values()) collection.forget(oldestSeq);
    },
    reset: () => {
      data.atomically(() => {
        file.clear();
        for (const collection of collections.values()) file.putCollection(collection);
      });
      for (const collection of collections.values()) collection.clear();
    },
    reload: () => takeOver(collections, file),
  };
}

/** Puts what the data file holds in the place of collections; they stay as they are where it makes no sense. */
function takeOver(collections: Map<string, Collection>, file: ReturnType<typeof openTables>): void {
  const next = readAll(file);
  refuseInconsistent(next, file);
  const names = new Set(next.map(({ name }) => name));
  for (const name of collections.keys()) if (!names.has(name)) collections.delete(name);
  for (const collection of next) collections.set(collection.name, collection);
}

/** Joins a collection's indexes with the desired ones; new ones are built over the documents there. */
function withIndexes(collection: Collection, desired: IndexDefinition[]): OrderedIndex[] {
  const stays = (actual: OrderedIndex) =>
    !desired.some((w) => w.name === actual.definition.name && !sameIndex(w, actual.definition));
  const remaining = collection.indexes.filter(stays);
  const fresh = desired.filter(
    (w) => !remaining.some((actual) => actual.definition.name === w.name),
  );
  return [...remaining, ...fresh.map((definition) => buildIndex(collection, definition))];
}

function sameIndex(a: IndexDefinition, b: IndexDefinition): boolean {
  const shape = ({ keys, unique = false, sparse = false }: IndexDefinition) =>
    JSON.stringify([Object.entries(keys), unique, sparse]);
  return shape(a) === shape(b);
}

function buildIndex(collection: Collection, definition: IndexDefinition): OrderedIndex {
  const index = new OrderedIndex(definition);
  index.build(collection.current.values());
  refuseClash(collection, index);
  return index;
}

type Tables = ReturnType<typeof openTables>;

function readAll(file: Tables): Collection[] {
  return file.readCollections().map(({ name, indexes }) => {
    const collection = new Collection(name, indexes);
    collection.load(file.readVersions(collection));
    return collection;
  });
}

/** Refuses what no writes could have led to. */
function refuseInconsistent(collections: readonly Collection[], file: Tables): void {
  for (const collection of collections) {
    for (const index of collection.indexes) refuseClash(collection, index);
  }
  if (file.hasStray()) throw new Error('a document is in no collection');
}

function refuseClash({ name }: Collection, index: OrderedIndex): void {
  const clash = index.definition.unique && index.clash();
  if (clash) throw refuse.duplicate(name, index.definition.name, index.print(clash));
}

function openTables({ db }: Data) {
  db.exec(
    `CREATE TABLE IF NOT EXISTS cloudbase_collections(
       name TEXT PRIMARY KEY, indexes TEXT NOT NULL) WITHOUT ROWID;
     CREATE TABLE IF NOT EXISTS cloudbase_documents(
       collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
       PRIMARY KEY(collection, id))`,
  );
  const readCollections = db.prepare('SELECT name, indexes FROM cloudbase_collections');
  const putCollection = db.prepare(
    'INSERT OR REPLACE INTO cloudbase_collections(name, indexes) VALUES (?,?)',
  );
  // In the order of insertion, which is the natural order of documents.
  const readDocuments = db.prepare(
    'SELECT id, body FROM cloudbase_documents WHERE collection = ? ORDER BY rowid',
  );
  const stray = db.prepare(
    `SELECT 1 FROM cloudbase_documents
     WHERE collection NOT IN (SELECT name FROM cloudbase_collections) LIMIT 1`,
  );
  const put = db.prepare(
    `INSERT INTO cloudbase_documents(collection, id, body) VALUES (?,?,?)
     ON CONFLICT(collection, id) DO UPDATE SET body = excluded.body`,
  );
  const remove = db.prepare('DELETE FROM cloudbase_documents WHERE collection = ? AND id = ?');
  const dropDocuments = db.prepare('DELETE FROM cloudbase_documents WHERE collection = ?');
  const dropCollection = db.prepare('DELETE FROM cloudbase_collections WHERE name = ?');
  return {
    readCollections: () =>
      (readCollections.all() as { name: string; indexes: string }[]).map(({ name, indexes }) => ({
        name,
        indexes: JSON.parse(indexes) as IndexDefinition[],
      })),
    readVersions: ({ name }: Collection): Version[] =>
      (readDocuments.all(name) as { id: string; body: string }[]).map(({ id, body }) => ({
        id,
        doc: fromText(body),
        text: body,
        seq: 0,
      })),
    hasStray: () => stray.get() !== undefined,
    putCollection: ({ name, definitions }: Collection) =>
      void putCollection.run(name, JSON.stringify(definitions)),
    putDocument: ({ collection, id, next }: Write) =>
      void (next ? put.run(collection.name, id, next.text) : remove.run(collection.name, id)),
    dropCollection: (name: string) => {
      dropDocuments.run(name);
      dropCollection.run(name);
    },
    clear: () => {
      db.exec('DELETE FROM cloudbase_documents; DELETE FROM cloudbase_collections');
    },
  };
}

/** Writes an `_id` as the text that documents are found by. */
export function idText(id: unknown): string {
  return toText(id);
}
