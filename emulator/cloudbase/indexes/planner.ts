import { compareValues, isScalar, rank } from '../values/compare.ts';
import { type Doc, isPlainObject } from '../values/ejson.ts';
import type { Sort } from '../values/paths.ts';
import type { Interval, OrderedIndex, Range } from './orderedIndex.ts';

// A map, because a client may name a field `constructor`.
const BOUNDS = new Map<string, { side: 'low' | 'high'; inclusive: boolean }>([
  ['$gt', { side: 'low', inclusive: false }],
  ['$gte', { side: 'low', inclusive: true }],
  ['$lt', { side: 'high', inclusive: false }],
  ['$lte', { side: 'high', inclusive: true }],
]);

/** A plan reaches the candidates of a query; without a plan every document is one. */
export interface Plan {
  index: OrderedIndex;
  intervals: Interval[];
  reverse: boolean;
  /** The candidates come in the order asked for, so reading may stop at the limit. */
  ordered: boolean;
}

/** A query demands this of one field, as far as an index can use it. */
interface Demand {
  equals?: unknown[];
  range?: Range;
}

/** Picks the index that narrows a query most, or gives its order; undefined when none helps. */
export function planQuery(indexes: OrderedIndex[], query: Doc, sort: Sort): Plan | undefined {
  const demands = new Map<string, Demand>();
  collect(query, demands);
  let best: { plan: Plan; merit: number } | undefined;
  for (const index of indexes) {
    const fit = fitOf(index, demands, sort);
    if (fit && fit.merit > (best?.merit ?? 0)) best = fit;
  }
  return best?.plan;
}

function collect(query: Doc, demands: Map<string, Demand>): void {
  for (const [name, condition] of Object.entries(query)) {
    if (name === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isPlainObject(part)) collect(part, demands);
    } else if (!name.startsWith('$')) {
      const demand = demands.get(name) ?? {};
      demands.set(name, demand);
      for (const [operator, value] of operators(condition)) readOperator(demand, operator, value);
    }
  }
}

function operators(condition: unknown): [operator: string, value: unknown][] {
  if (!isPlainObject(condition)) return [['$eq', condition]];
  return Object.entries(condition);
}

function readOperator(demand: Demand, operator: string, value: unknown): void {
  if (operator === '$eq' && isScalar(value)) demand.equals = [value];
  if (operator === '$in' && Array.isArray(value) && value.every(isScalar)) demand.equals ??= value;
  const bound = BOUNDS.get(operator);
  if (!bound || !isScalar(value) || value === null) return;
  demand.range ??= { rank: rank(value) };
  if (demand.range.rank === rank(value)) {
    narrow(demand.range, bound.side, { value, inclusive: bound.inclusive });
  }
}

function narrow(
  range: Range,
  side: 'low' | 'high',
  bound: { value: unknown; inclusive: boolean },
): void {
  const before = range[side];
  const order = before ? compareValues(bound.value, before.value) * (side === 'low' ? 1 : -1) : 1;
  if (order > 0 || (order === 0 && !bound.inclusive)) range[side] = bound;
}

/** Rates an index as a plan for a query; undefined if it may not serve it. */
function fitOf(
  index: OrderedIndex,
  demands: Map<string, Demand>,
  sort: Sort,
): { plan: Plan; merit: number } | undefined {
  const { intervals, equalFields, ranged, nullSought } = stretch(index, demands);
  // A sparse index knows nothing of documents without its fields.
  if (index.definition.sparse && nullSought) return undefined;
  const isOneWalk = intervals.length === 1 && !index.multikey;
  const way = isOneWalk ? directionOf(index.fields, equalFields, sort) : 0;
  const isWholeKey = index.definition.unique && equalFields === index.fields.length;
  const merit = equalFields * 10 + (ranged ? 5 : 0) + (way === 0 ? 0 : 2) + (isWholeKey ? 100 : 0);
  return { merit, plan: { index, intervals, reverse: way < 0, ordered: way !== 0 } };
}

/** Narrows an index to a query: equal on the leading fields, then a range on one, if any. */
function stretch(index: OrderedIndex, demands: Map<string, Demand>) {
  let intervals: Interval[] = [{ prefix: [] }];
  let equalFields = 0;
  let nullSought = true;
  for (const [path] of index.fields) {
    const equals = demands.get(path)?.equals;
    if (!equals) break;
    intervals = intervals.flatMap(({ prefix }) =>
      distinctValues(equals).map((value) => ({ prefix: [...prefix, value] })),
    );
    nullSought &&= equals.includes(null);
    equalFields += 1;
  }
  const next = index.fields[equalFields]?.[0];
  const range = next === undefined ? undefined : demands.get(next)?.range;
  if (!range) return { intervals, equalFields, nullSought, ranged: false };
  const usable = index.multikey ? oneSidedRange(range) : range;
  intervals = intervals.map(({ prefix }) => ({ prefix, range: usable }));
  return { intervals, equalFields, nullSought: false, ranged: true };
}

function distinctValues(values: unknown[]): unknown[] {
  return [...values]
    .sort(compareValues)
    .filter((value, at, all) => at === 0 || compareValues(all[at - 1], value) !== 0);
}

/** Drops one bound of a range: different elements of one array may meet the two. */
function oneSidedRange(range: Range): Range {
  return range.low ? { rank: range.rank, low: range.low } : range;
}

/**
 * Answers 1 if walking the index gives the wanted order, -1 if walking it backwards does, else 0.
 */
function directionOf(fields: Sort, equalFields: number, sort: Sort): number {
  const fixed = new Set(fields.slice(0, equalFields).map(([path]) => path));
  const wanted = sort.filter(([path]) => !fixed.has(path));
  if (sort.length === 0) return 0;
  let way = 0;
  for (const [at, [path, direction]] of wanted.entries()) {
    const field = fields[equalFields + at];
    if (!field || field[0] !== path) return 0;
    const turn = field[1] * direction;
    if (way !== 0 && turn !== way) return 0;
    way = turn;
  }
  return way || 1;
}
