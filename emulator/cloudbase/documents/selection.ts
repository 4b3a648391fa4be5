import { Query } from 'mingo/query';
import { type Plan, planQuery } from '../indexes/planner.ts';
import type { Doc } from '../values/ejson.ts';
import { runMingo } from '../values/mingo.ts';
import { OPERATORS } from '../values/operators.ts';
import { type Sort, sortDocuments } from '../values/paths.ts';
import type { Collection, Version } from './collection.ts';

/**
 * A selection takes the documents that match `query`, in the order of `sort`, `limit` of them after
 * `offset`.
 */
export interface Selection {
  query: Doc;
  sort?: Sort;
  offset?: number;
  limit?: number;
}

/** A reader sees this of one collection. */
export interface View {
  collection: Collection;
  /** Finds a document, if this reader sees it. */
  at(id: string): Version | undefined;
  /** Lists documents that this reader sees otherwise than the indexes do. */
  differing(): Iterable<string>;
}

/** Finds documents through the index that fits best; `examine` is called for each one. */
export function select(view: View, selection: Selection, examine: () => void): Version[] {
  const { query, sort = [], offset = 0, limit = Number.POSITIVE_INFINITY } = selection;
  const { ids, ordered } = candidates(view, query, sort);
  const matcher = runMingo(() => new Query(query, OPERATORS));
  const enough = ordered ? offset + limit : Number.POSITIVE_INFINITY;
  const found: Version[] = [];
  const seen = new Set<string>();
  for (const id of ids) {
    if (found.length >= enough) break;
    const version = view.at(id);
    if (!version || seen.has(id)) continue;
    seen.add(id);
    examine();
    if (runMingo(() => matcher.test(version.doc))) found.push(version);
  }
  const inOrder = ordered ? found : sortDocuments(found, sort);
  return inOrder.slice(offset, offset + limit);
}

function candidates(
  view: View,
  query: Doc,
  sort: Sort,
): { ids: Iterable<string>; ordered: boolean } {
  const { indexes, current } = view.collection;
  const differing = [...view.differing()];
  const best = planQuery(indexes, query, sort);
  const indexed = best ? reach(best) : current.keys();
  const ordered = sort.length === 0 || (best?.ordered === true && differing.length === 0);
  return { ids: chain(indexed, differing), ordered };
}

function* reach({ index, intervals, reverse }: Plan): Generator<string> {
  for (const interval of intervals) yield* index.walk(interval, { reverse });
}

function* chain(...parts: Iterable<string>[]): Generator<string> {
  for (const part of parts) yield* part;
}
