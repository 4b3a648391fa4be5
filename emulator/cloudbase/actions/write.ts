import { applyChange, asDocument, buildUpsert } from '../documents/update.ts';
import type { Session } from '../transactions/session.ts';
import { answerText, type Doc, fromClient, toText } from '../values/ejson.ts';
import { type Fields, flag, list } from '../wire/fields.ts';
import type { Action } from './action.ts';
import { aboutWrite, collectionOf, onDocuments, queryOf, reachOf } from './documents.ts';

/** `database.insertDocument`: one or several; the first that is refused ends it. */
export const insertDocument: Action = {
  recorded: true,
  run: async ({ fields }, deps) => {
    const now = deps.now();
    const docs = list(fields, 'data').map((text) =>
      asDocument(fromClient(text, 'data', now), deps.newId),
    );
    await onDocuments(fields, deps, (session) => {
      for (const doc of docs) session.insert(collectionOf(fields), doc);
    });
    const insertedIds = docs.map(({ _id }) => _id);
    return {
      kind: 'reply',
      reply: { data: { insertedIds } },
      about: aboutWrite(fields, insertedIds, { inserted: docs.length }),
    };
  },
};

/**
 * `database.modifyDocument`: `updated` counts the documents that changed, as MongoDB's nModified; of
 * documents that are replaced whole (`set`) it counts those that matched.
 */
export const modifyDocument: Action = {
  recorded: true,
  run: async ({ fields }, deps) => {
    const now = deps.now();
    const query = queryOf(fields, now);
    const change = { merge: flag(fields, 'merge'), data: dataOf(fields, now) };
    const done = await onDocuments(fields, deps, (session) => {
      const found = session.find(collectionOf(fields), { query, limit: reachOf(fields) });
      if (found.length === 0 && flag(fields, 'upsert')) {
        const doc = buildUpsert(query, change, deps.newId);
        session.insert(collectionOf(fields), doc);
        return { updatedIds: [], upsertedId: doc._id };
      }
      const next = found.map(({ text }) => applyChange(text, change, query));
      const changed = replaceAll(session, collectionOf(fields), next);
      return { updatedIds: change.merge ? changed : next.map(({ _id }) => _id) };
    });
    const updated = done.updatedIds.length;
    const upserts = done.upsertedId === undefined ? {} : { upsert_id: done.upsertedId };
    const ids = done.upsertedId === undefined ? done.updatedIds : [done.upsertedId];
    return {
      kind: 'reply',
      reply: { data: { updated, ...upserts } },
      about: aboutWrite(fields, ids.length > 0 ? ids : idsIn(query), { updated, ...upserts }),
    };
  },
};

/** `database.modifyAndReturnDoc`: changes the first match and answers it as it is afterwards. */
export const modifyAndReturnDoc: Action = {
  recorded: true,
  run: async ({ fields }, deps) => {
    const now = deps.now();
    const query = queryOf(fields, now);
    const change = { merge: true, data: dataOf(fields, now) };
    const doc = await onDocuments(fields, deps, (session) => {
      const [found] = session.find(collectionOf(fields), { query, limit: 1 });
      const next = found && applyChange(found.text, change, query);
      if (next) session.replace(collectionOf(fields), next);
      return next;
    });
    const updated = doc ? 1 : 0; // As findAndModify: a match counts even if nothing changed.
    return {
      kind: 'reply',
      reply: { data: { updated, doc: doc ? answerText(toText(doc)) : null } },
      about: aboutWrite(fields, doc ? [doc._id] : idsIn(query), { updated }),
    };
  },
};

/** `database.removeDocument` */
export const removeDocument: Action = {
  recorded: true,
  run: async ({ fields }, deps) => {
    const query = queryOf(fields, deps.now());
    const removed = await onDocuments(fields, deps, (session) => {
      const found = session.find(collectionOf(fields), { query, limit: reachOf(fields) });
      for (const { id } of found) session.remove(collectionOf(fields), id);
      return found.map(({ doc }) => doc._id);
    });
    const ids = removed.length > 0 ? removed : idsIn(query);
    return {
      kind: 'reply',
      reply: { data: { deleted: removed.length } },
      about: aboutWrite(fields, ids, { deleted: removed.length }),
    };
  },
};

function dataOf(fields: Fields, now: Date): Doc {
  return fromClient(fields.get('data'), 'data', now);
}

function replaceAll(session: Session, collection: string, docs: Doc[]): unknown[] {
  return docs.filter((doc) => session.replace(collection, doc)).map(({ _id }) => _id);
}

/** Reads the `_id` that a query names, for the timeline of a write that matched nothing. */
function idsIn(query: Doc): unknown[] {
  return typeof query._id === 'string' ? [query._id] : [];
}
