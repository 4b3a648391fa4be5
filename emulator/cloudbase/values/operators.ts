/**
 * Operators that mingo lacks or has otherwise than MongoDB. Where they are seen at work: the database suite of
 * `@cloudbase/node-sdk`, which was written against the real cloud.
 */
import { Context, evalExpr } from 'mingo/core';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import * as pipeline from 'mingo/operators/pipeline';
import * as projection from 'mingo/operators/projection';
import * as query from 'mingo/operators/query';
import * as window from 'mingo/operators/window';
import { Query } from 'mingo/query';
import type { AnyObject, Options } from 'mingo/types';
import { resolve } from 'mingo/util';
import { refuse } from '../errors.ts';
import { isPlainObject } from './ejson.ts';

/** An operator of an aggregation's expressions. */
type Expression = (doc: AnyObject, given: unknown, options: Options) => unknown;

/** Counts weeks from Sundays, the days before the first one being week 0. */
const week: Expression = (doc, date, options) => {
  const at: unknown = evalExpr(doc, date, options);
  if (at === null || at === undefined) return null;
  const day = (operator: string) => Number(evalExpr(doc, { [operator]: date }, options));
  return Math.floor((day('$dayOfYear') + 7 - day('$dayOfWeek')) / 7);
};

/** Makes the search for a text within another, counted in what `unitsOf` counts. */
function indexOf(name: string, unitsOf: (text: string) => number): Expression {
  return (doc, given, options) => {
    const [text, sought, start = 0, end = Number.POSITIVE_INFINITY] = argumentsOf(
      name,
      evalExpr(doc, given, options),
    ) as [unknown, unknown, number?, number?];
    if (text === null || text === undefined) return null;
    if (typeof text !== 'string' || typeof sought !== 'string') {
      throw refuse.database(`${name} requires strings`);
    }
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
      const index = unitsOf(text.slice(0, at));
      if (index >= start) return index + unitsOf(sought) <= end ? index : -1;
    }
    return -1;
  };
}

const codePoints = (text: string) => [...text].length;

/** Cuts bytes out of a text; a negative length means the rest. */
const substrBytes: Expression = (doc, given, options) => {
  const [value, start, length] = argumentsOf('$substrBytes', evalExpr(doc, given, options));
  if (typeof start !== 'number' || typeof length !== 'number' || start < 0) {
    throw refuse.database(
      '$substrBytes: starting index and length must be numbers, the first >= 0',
    );
  }
  const bytes = Buffer.from(textOf(value));
  const end = length < 0 ? bytes.length : Math.min(start + length, bytes.length);
  for (const at of [start, end]) {
    if (((bytes[at] ?? 0) & 0xc0) === 0x80) {
      throw refuse.database('$substrBytes: Invalid range, in the middle of a UTF-8 character.');
    }
  }
  return bytes.subarray(start, end).toString();
};

function argumentsOf(name: string, given: unknown): unknown[] {
  if (!Array.isArray(given) || given.length < 2) throw refuse.database(`${name} takes a list`);
  return given;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? value.toISOString() : String(value);
}

/** With a condition on fields, elements of a list match that are documents; a number has no fields. */
const elemMatch: typeof query.$elemMatch = (path, condition, options) => {
  if (!isPlainObject(condition) || !isOnFields(condition)) {
    return query.$elemMatch(path, condition, options);
  }
  const fits = new Query(condition, options);
  return (doc) => {
    const list: unknown = resolve(doc, path, { unwrapArray: true });
    return Array.isArray(list) && list.some((item) => isPlainObject(item) && fits.test(item));
  };
};

const OF_DOCUMENTS = ['$and', '$or', '$nor'];

function isOnFields(condition: Record<string, unknown>): boolean {
  return Object.keys(condition).some(
    (name) => !name.startsWith('$') || OF_DOCUMENTS.includes(name),
  );
}

const context = Context.init({
  accumulator,
  pipeline,
  projection,
  window,
  expression: {
    ...expression,
    $week: week,
    $indexOfBytes: indexOf('$indexOfBytes', Buffer.byteLength),
    $indexOfCP: indexOf('$indexOfCP', codePoints),
    $substr: substrBytes,
    $substrBytes: substrBytes,
  },
  query: { ...query, $elemMatch: elemMatch },
});

// mingo copies a context at each call, some 300 operators, and adds to the copy what this one has.
Object.assign(context, { addOps: () => context });
Context.from = () => context;

/** Every call of mingo takes these. */
export const OPERATORS: Pick<Options, 'context'> = { context };
