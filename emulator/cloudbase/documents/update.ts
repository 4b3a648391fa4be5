import { updateOne } from 'mingo/updater';
import { refuse } from '../errors.ts';
import { type Doc, fromText, isPlainObject } from '../values/ejson.ts';
import { runMingo } from '../values/mingo.ts';
import { OPERATORS } from '../values/operators.ts';

/** A change to a document: operators (`merge`) or the whole new document. */
export interface Change {
  merge: boolean;
  data: Doc;
}

/**
 * Applies a change to a document that was kept as `text`, without touching the original. Refuses
 * what MongoDB refuses: a change of `_id`, a path through null or a scalar, a sum on what is no
 * number, a push on what is no array.
 */
export function applyChange(text: string, { merge, data }: Change, query: Doc): Doc {
  const doc = fromText(text);
  if (!merge) return replaceDocument(doc._id, data);
  const { $setOnInsert: _, ...operators } = data;
  return operate(doc, operators, query);
}

/**
 * Builds the document that an upsert writes where nothing matched: the query's equalities, then the
 * change.
 */
export function buildUpsert(query: Doc, { merge, data }: Change, newId: () => string): Doc {
  const { _id = data._id ?? newId(), ...equal } = equalities(query);
  if (!merge) return replaceDocument(_id, data);
  const base = Object.keys(equal).length > 0 ? operate({ _id }, { $set: equal }, {}) : { _id };
  const { $setOnInsert, ...operators } = data;
  return operate(base, { ...operators, ...onInsert($setOnInsert, operators) }, {});
}

/** Puts `_id` first and refuses what no document may look like. */
export function asDocument(data: Doc, newId: () => string): Doc {
  refuseOperators(data);
  const { _id = newId(), ...rest } = data;
  if (Array.isArray(_id) || _id instanceof RegExp) {
    throw refuse.database("The '_id' value cannot be an array or a regex");
  }
  return { _id, ...rest };
}

function replaceDocument(id: unknown, data: Doc): Doc {
  if (data._id !== undefined && JSON.stringify(data._id) !== JSON.stringify(id)) {
    throw refuse.database("the (immutable) field '_id' was found to have been altered");
  }
  return asDocument({ ...data, _id: id }, () => '');
}

function refuseOperators(data: Doc): void {
  const operator = Object.keys(data).find((name) => name.startsWith('$'));
  if (operator !== undefined) {
    throw refuse.database(`Document can't have $ prefixed field names: ${operator}`);
  }
}

function operate(doc: Doc, operators: Doc, query: Doc): Doc {
  const names = Object.keys(operators);
  if (names.length === 0) throw refuse.database('the update is empty');
  for (const name of names) {
    if (!name.startsWith('$')) throw refuse.database(`unknown modifier: ${name}`);
    const paths = operators[name];
    if (!isPlainObject(paths)) throw refuse.database(`${name} takes an object of fields`);
    for (const path of Object.keys(paths)) checkTarget(doc, name, path);
  }
  runMingo(() => updateOne([doc], query, operators, {}, OPERATORS));
  return doc;
}

function onInsert(fields: unknown, operators: Doc): Doc {
  if (!isPlainObject(fields)) return {};
  return { $set: { ...(isPlainObject(operators.$set) ? operators.$set : {}), ...fields } };
}

function equalities(query: Doc): Doc {
  const found: Doc = {};
  for (const [name, condition] of Object.entries(query)) {
    if (name === '$and' && Array.isArray(condition)) {
      for (const part of condition.filter(isPlainObject)) Object.assign(found, equalities(part));
    } else if (!name.startsWith('$')) {
      const value = isPlainObject(condition) && '$eq' in condition ? condition.$eq : condition;
      const isOperator = isPlainObject(value) && Object.keys(value).some((k) => k.startsWith('$'));
      if (!isOperator) found[name] = value;
    }
  }
  return found;
}

/** An operator needs this type at its path, unless nothing is there; null is something. */
const OPERAND_TYPES: Record<string, 'number' | 'array'> = {
  $inc: 'number',
  $mul: 'number',
  $push: 'array',
  $addToSet: 'array',
  $pull: 'array',
  $pullAll: 'array',
  $pop: 'array',
};

/** These operators build no path to what is not there. */
const BUILDS_NO_PATH = new Set(['$unset', '$pull', '$pullAll', '$pop', '$rename']);

// mingo passes silently over these mistakes; MongoDB does not.
function checkTarget(doc: Doc, operator: string, path: string): void {
  const names = path.split('.');
  let node: unknown = doc;
  for (const [at, name] of names.entries()) {
    if (name.startsWith('$')) return;
    const isWay = isPlainObject(node) || (Array.isArray(node) && /^\d+$/.test(name));
    if (!isWay) {
      if (BUILDS_NO_PATH.has(operator)) return;
      const element = `{${names[at - 1] ?? ''}: ${JSON.stringify(node)}}`;
      throw refuse.database(`Cannot create field '${name}' in element ${element}`);
    }
    const here = node as Doc;
    if (!Object.hasOwn(here, name)) return;
    node = here[name];
  }
  const need = OPERAND_TYPES[operator];
  const fits = need === 'array' ? Array.isArray(node) : typeof node === need;
  if (need && !fits) {
    const type = node === null ? 'null' : typeof node;
    throw refuse.database(`Cannot apply ${operator} to '${path}': it is ${type} and no ${need}`);
  }
}
