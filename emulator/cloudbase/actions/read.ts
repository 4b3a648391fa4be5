import { Aggregator } from 'mingo/aggregator';
import { ProcessingMode } from 'mingo/core';
import { Query } from 'mingo/query';
import { refuse } from '../errors.ts';
import type { Session } from '../transactions/session.ts';
import {
  answerText,
  type Doc,
  fromClient,
  isPlainObject,
  toText,
  valueFromClient,
} from '../values/ejson.ts';
import { runMingo } from '../values/mingo.ts';
import { OPERATORS } from '../values/operators.ts';
import type { Sort } from '../values/paths.ts';
import { count, type Fields, list, optionalText } from '../wire/fields.ts';
import type { Action } from './action.ts';
import { collectionOf, onDocuments, queryOf } from './documents.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1000;

/** `database.getDocument`: at most 1,000 documents, 100 unless asked otherwise. */
export const getDocument: Action = {
  run: async ({ fields }, deps) => {
    const now = deps.now();
    const projection = optionalText(fields, 'projection');
    const wanted = projection === undefined ? undefined : fromClient(projection, 'projection', now);
    const selection = {
      query: queryOf(fields, now),
      sort: sortOf(fields, now),
      offset: count(fields, 'offset', 0),
      limit: Math.min(count(fields, 'limit', LIMIT_DEFAULT), LIMIT_MAX),
    };
    const found = await onDocuments(fields, deps, (session) =>
      session.find(collectionOf(fields), selection),
    );
    const texts = wanted
      ? project(
          found.map(({ doc }) => doc),
          wanted,
        ).map(toText)
      : found.map(({ text }) => text);
    return { kind: 'reply', reply: { data: { list: texts.map(answerText) } } };
  },
};

/** `database.calculateDocument`: how many match. */
export const calculateDocument: Action = {
  run: async ({ fields }, deps) => {
    const query = queryOf(fields, deps.now());
    const found = await onDocuments(fields, deps, (session) =>
      session.find(collectionOf(fields), { query }),
    );
    return { kind: 'reply', reply: { data: { total: found.length } } };
  },
};

/** `database.aggregateDocuments`: a pipeline; a `$match` at its head may use an index. */
export const aggregateDocuments: Action = {
  run: async ({ fields }, deps) => {
    const now = deps.now();
    const stages = list(fields, 'stages').map((stage) => stageOf(stage, now));
    const found = await onDocuments(fields, deps, (session) =>
      aggregate(session, collectionOf(fields), stages),
    );
    return { kind: 'reply', reply: { data: { list: found.map(toText).map(answerText) } } };
  },
};

function sortOf(fields: Fields, now: Date): Sort {
  const order = optionalText(fields, 'order');
  if (order === undefined) return [];
  return Object.entries(fromClient(order, 'order', now)).map(([path, direction]) => {
    if (direction === 1 || direction === -1) return [path, direction];
    throw refuse.malformed('order directions are 1 and -1');
  });
}

function project(docs: Doc[], projection: Doc): Doc[] {
  return runMingo(() => new Query({}, OPERATORS).find<Doc>(docs, projection).all());
}

function stageOf(stage: unknown, now: Date): Doc {
  if (!isPlainObject(stage) || typeof stage.stageKey !== 'string') {
    throw refuse.malformed('a stage has a stageKey and a stageValue');
  }
  return { [stage.stageKey]: valueFromClient(stage.stageValue, 'stageValue', now) };
}

function aggregate(session: Session, collection: string, stages: Doc[]): unknown[] {
  const documentsOf = (name: string, query: Doc) =>
    session.find(name, { query }).map(({ doc }) => doc);
  const match = stages[0]?.$match;
  const input = documentsOf(collection, isPlainObject(match) ? match : {});
  const options = {
    ...OPERATORS,
    processingMode: ProcessingMode.CLONE_INPUT,
    collectionResolver: (name: string) => documentsOf(name, {}),
  };
  return runMingo(() => new Aggregator(stages, options).run(input));
}
