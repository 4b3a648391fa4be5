import type { AnswerOf, QueryOf } from '../api/controlApi.ts';
import { RefusalError } from '../errors.ts';
import type { OrderRow } from './row.ts';

type Query = QueryOf<'GET /_local/orders'>;

const LIMIT_USUAL = 100;
const LIMIT_MAX = 1000;

/** Takes one page of the orders that match, and counts all by where they stand. */
export function pageOf(rows: readonly OrderRow[], query: Query): AnswerOf<'GET /_local/orders'> {
  const limit = Math.min(limitIn(query), LIMIT_MAX);
  const matching = rows.filter(matches(query));
  const counts = countsOf(rows.filter(matches({ ...query, standing: undefined })));
  const skipped = numberIn(query, 'skip') ?? 0;
  const from = query.after === undefined ? skipped : startAfter(matching, query.after);
  return { orders: matching.slice(from, from + limit), total: matching.length, counts };
}

/** Reads how many are wanted. */
export function limitIn(query: Pick<Query, 'limit'>): number {
  return numberIn(query, 'limit') ?? LIMIT_USUAL;
}

function startAfter(rows: readonly OrderRow[], after: string): number {
  const at = rows.findIndex(({ outTradeNo }) => outTradeNo === after);
  if (at >= 0) return at + 1;
  throw new RefusalError(400, 'INVALID', '没有这个订单，请从头翻页 (begin anew)', 'after');
}

function countsOf(rows: readonly OrderRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { standing } of rows) counts[standing] = (counts[standing] ?? 0) + 1;
  return counts;
}

function matches(query: Query): (row: OrderRow) => boolean {
  const { standing, openid } = query;
  const text = query.text?.trim().toLowerCase() ?? '';
  const feeFrom = numberIn(query, 'feeFrom') ?? 0;
  const feeTo = numberIn(query, 'feeTo') ?? Number.MAX_SAFE_INTEGER;
  return (row) =>
    (standing === undefined || row.standing === standing) &&
    (openid === undefined || row.openid === openid) &&
    row.totalFee >= feeFrom &&
    row.totalFee <= feeTo &&
    (text === '' ||
      [row.outTradeNo, row.body, row.openid].some((each) => each.toLowerCase().includes(text)));
}

function numberIn(query: Query, field: 'limit' | 'skip' | 'feeFrom' | 'feeTo'): number | undefined {
  const text = query[field];
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new RefusalError(400, 'INVALID', '应为非负整数 (a whole number, not negative)', field);
}
