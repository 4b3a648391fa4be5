import type { Collection, Version } from '../documents/collection.ts';
import { type Selection, select, type View } from '../documents/selection.ts';
import { refuse } from '../errors.ts';
import type { OrderedIndex } from '../indexes/orderedIndex.ts';
import { idText, type State, type Write } from '../state.ts';
import { type Doc, documentText, toText } from '../values/ejson.ts';

/** Another transaction holds what a session wants to write, or wrote it after the session began. */
export class ContendedError extends Error {}

/** The locks name who holds which document or unique key until its transaction ends. */
export type Locks = Map<string, Session>;

/** All sessions share these. */
export interface SessionDeps {
  state: State;
  locks: Locks;
  /** The environment, named in messages. */
  envId: string;
  /** Called for every document that is examined. */
  examine(): void;
}

/**
 * One reader and writer of documents: it sees the commits before it began and its own writes, and
 * nothing of others. A transaction keeps one for up to 30 s, any other action for one moment.
 */
export class Session {
  readonly seq: number;
  readonly #deps: SessionDeps;
  readonly #writes = new Map<string, Write>();
  /** The locks of this session, and for unique keys the document that holds them. */
  readonly #claims = new Map<string, string>();

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.seq = deps.state.seq();
  }

  /** Finds the documents of a selection; refuses an unknown collection. */
  find(collectionName: string, selection: Selection): Version[] {
    const collection = this.#deps.state.collection(collectionName);
    return select(this.#view(collection), selection, this.#deps.examine);
  }

  /** Writes a document that must be new; refuses a duplicate of its `_id` or a unique key. */
  insert(collectionName: string, doc: Doc): void {
    const collection = this.#deps.state.collection(collectionName);
    const id = idText(doc._id);
    this.#claimDocument(collection, id);
    const [byId] = collection.indexes;
    if (byId && this.#at(collection, id)) throw this.#duplicate(collection, byId, [doc._id]);
    this.#put(collection, id, doc);
  }

  /**
   * Writes a document in place of the one with its `_id`. Answers false if that changes nothing.
   */
  replace(collectionName: string, doc: Doc): boolean {
    const collection = this.#deps.state.collection(collectionName);
    const id = idText(doc._id);
    this.#claimDocument(collection, id);
    return this.#put(collection, id, doc);
  }

  remove(collectionName: string, id: string): void {
    const collection = this.#deps.state.collection(collectionName);
    this.#claimDocument(collection, id);
    this.#writes.set(documentKey(collection, id), { collection, id });
  }

  /** Counts the documents that it wrote. */
  get size(): number {
    return this.#writes.size;
  }

  commit(): void {
    if (this.#writes.size > 0) this.#deps.state.commit([...this.#writes.values()]);
  }

  /** Lets others write again what this session held. */
  release(): void {
    for (const key of this.#claims.keys()) this.#deps.locks.delete(key);
    this.#claims.clear();
  }

  #view(collection: Collection): View {
    const isCurrent = this.seq === this.#deps.state.seq();
    const own = [...this.#writes.values()].filter((write) => write.collection === collection);
    return {
      collection,
      at: (id) => this.#at(collection, id),
      differing: () => [
        ...(isCurrent ? [] : collection.changedIds),
        ...own.map((write) => write.id),
      ],
    };
  }

  #at(collection: Collection, id: string): Version | undefined {
    const own = this.#writes.get(documentKey(collection, id));
    if (!own) return collection.at(id, this.seq);
    return own.next && { id, ...own.next, seq: this.seq };
  }

  #put(collection: Collection, id: string, doc: Doc): boolean {
    const text = documentText(doc);
    if (this.#at(collection, id)?.text === text) return false;
    for (const index of collection.indexes.slice(1)) {
      if (index.definition.unique) this.#claimKeys(collection, index, id, doc);
    }
    this.#writes.set(documentKey(collection, id), { collection, id, next: { doc, text } });
    return true;
  }

  #claimDocument(collection: Collection, id: string): void {
    this.#claim(documentKey(collection, id), id);
    if (collection.touchedAt(id) > this.seq) throw new ContendedError();
  }

  #claimKeys(collection: Collection, index: OrderedIndex, id: string, doc: Doc): void {
    for (const key of index.keysOf(doc)) {
      const keyText = toText(key);
      const holder = this.#claim(`${collection.name}\0${index.definition.name}\0${keyText}`, id);
      const owners = [...index.walk({ prefix: key }), ...(holder === undefined ? [] : [holder])];
      for (const owner of owners) {
        if (owner !== id && this.#holds(collection, index, owner, keyText)) {
          throw this.#duplicate(collection, index, key);
        }
      }
    }
  }

  /** Whether another document holds a unique key, as this session sees it. */
  #holds(collection: Collection, index: OrderedIndex, owner: string, keyText: string): boolean {
    const document = documentKey(collection, owner);
    if (!this.#writes.has(document)) {
      const other = this.#deps.locks.get(document);
      const isOpen = other !== undefined && other !== this;
      if (isOpen || collection.touchedAt(owner) > this.seq) throw new ContendedError();
    }
    const seen = this.#at(collection, owner);
    const keys = seen ? index.keysOf(seen.doc) : [];
    return keys.some((key) => toText(key) === keyText);
  }

  /** Takes a lock for this session; answers which document of it held the lock before. */
  #claim(key: string, id: string): string | undefined {
    const holder = this.#deps.locks.get(key);
    if (holder && holder !== this) throw new ContendedError();
    this.#deps.locks.set(key, this);
    const before = this.#claims.get(key);
    this.#claims.set(key, id);
    return before;
  }

  #duplicate(collection: Collection, index: OrderedIndex, key: readonly unknown[]): Error {
    const namespace = `${this.#deps.envId}.${collection.name}`;
    return refuse.duplicate(namespace, index.definition.name, index.print(key));
  }
}

function documentKey(collection: Collection, id: string): string {
  return `${collection.name}\0${id}`;
}
