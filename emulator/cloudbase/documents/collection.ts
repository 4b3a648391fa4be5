import { type IndexDefinition, OrderedIndex } from '../indexes/orderedIndex.ts';
import type { Doc } from '../values/ejson.ts';

/** A document as it stood after one commit. Never changed afterwards, so readers may share it. */
export interface Version {
  /** The `_id` as text, which tells 1 from "1". */
  id: string;
  doc: Doc;
  /** The document as canonical extended JSON. */
  text: string;
  /** Number of the commit that wrote it. */
  seq: number;
}

interface Past {
  version: Version;
  /** Number of the commit that replaced or removed it. */
  until: number;
}

/**
 * The documents of one collection in memory: what stands now, and what open snapshots still see.
 */
export class Collection {
  readonly name: string;
  indexes: OrderedIndex[] = [new OrderedIndex({ name: '_id_', keys: { _id: 1 }, unique: true })];
  readonly current = new Map<string, Version>();
  /** Versions that were replaced while a snapshot was open, and commits of what is gone. */
  readonly #past = new Map<string, Past[]>();

  constructor(name: string, definitions: IndexDefinition[]) {
    this.name = name;
    this.indexes.push(...definitions.map((definition) => new OrderedIndex(definition)));
  }

  /** Lists the indexes that were asked for; the one on `_id` is always there. */
  get definitions(): IndexDefinition[] {
    return this.indexes.slice(1).map(({ definition }) => definition);
  }

  /** Finds the version that a snapshot taken after commit `seq` sees. */
  at(id: string, seq: number): Version | undefined {
    const now = this.current.get(id);
    if (now && now.seq <= seq) return now;
    return this.#past.get(id)?.find((past) => past.version.seq <= seq && seq < past.until)?.version;
  }

  /** Finds the last commit that touched a document, as far back as any snapshot reaches. */
  touchedAt(id: string): number {
    const gone = this.#past.get(id)?.map(({ until }) => until) ?? [];
    return Math.max(this.current.get(id)?.seq ?? 0, ...gone);
  }

  /** Lists documents of which an open snapshot may see another version than the current one. */
  get changedIds(): Iterable<string> {
    return this.#past.keys();
  }

  /** Takes in a committed version, or the removal of a document. */
  replace(id: string, next: Version | undefined, seq: number): void {
    const before = this.current.get(id);
    if (before) {
      const past = this.#past.get(id) ?? [];
      this.#past.set(id, [...past, { version: before, until: seq }]);
      for (const index of this.indexes) index.remove(id, before.doc);
    }
    if (next) {
      this.current.set(id, next);
      for (const index of this.indexes) index.add(id, next.doc);
    } else this.current.delete(id);
  }

  /** Lets go of versions that no snapshot since commit `oldestSeq` can see. */
  forget(oldestSeq: number): void {
    for (const [id, past] of this.#past) {
      const seen = past.filter(({ until }) => until > oldestSeq);
      if (seen.length === 0) this.#past.delete(id);
      else if (seen.length < past.length) this.#past.set(id, seen);
    }
  }

  /** Takes in everything at once, after a start. */
  load(versions: Version[]): void {
    for (const version of versions) this.current.set(version.id, version);
    for (const index of this.indexes) index.build(versions);
  }

  clear(): void {
    this.current.clear();
    this.#past.clear();
    for (const index of this.indexes) index.build([]);
  }
}
