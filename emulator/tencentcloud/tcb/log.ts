import type { Action } from '../action.ts';
import { missingParameter, notSimulated, refuse } from '../errors.ts';
import type { LogQuery } from '../options.ts';
import { optionalInteger, optionalText, type Params, requiredText } from '../wire/params.ts';
import { readTime, timeText } from '../wire/times.ts';
import { LOG_TOPIC } from './environment.ts';

const LIMIT_MAX = 100;

/** `SearchClsLog`: what functions printed, newest first; by function, by request, or both. */
export const searchClsLog: Action = {
  write: false,
  run: (params, { options }) => {
    const limit = optionalInteger(params, 'Limit');
    if (limit === undefined) throw missingParameter('Limit');
    if (limit < 1 || limit > LIMIT_MAX) {
      throw refuse('InvalidParameterValue', 'Limit 应为 1–100 (Limit from 1 to 100)');
    }
    const lines = options.logs({ ...windowOf(params), ...termsOf(params) });
    if (optionalText(params, 'Sort') === 'asc') lines.reverse();
    const from = offsetOf(optionalText(params, 'Context'));
    const to = from + limit;
    const results = lines.slice(from, to).map(({ atMs, name, requestId, text }) => ({
      ...LOG_TOPIC,
      Timestamp: timeText(atMs),
      Content: JSON.stringify({ function_name: name, request_id: requestId, log: text }),
      FileName: '',
      Source: '',
    }));
    const isOver = to >= lines.length;
    const Context = isOver ? '' : String(to);
    return { LogResults: { Context, ListOver: isOver, Results: results, AnalysisRecords: [] } };
  },
};

function windowOf(params: Params): Pick<LogQuery, 'fromMs' | 'toMs'> {
  const [fromMs, toMs] = ['StartTime', 'EndTime'].map((name) =>
    readTime(requiredText(params, name)),
  );
  if (fromMs === undefined || toMs === undefined) {
    throw refuse(
      'InvalidParameterValue',
      'StartTime、EndTime 应形如 2026-11-25 18:00:00（UTC+8） (times look like that, in UTC+8)',
    );
  }
  return { fromMs, toMs: toMs + 999 };
}

/** Reads `function_name:X AND request_id:Y`, in any order, quoted or not, or `*`. */
function termsOf(params: Params): Pick<LogQuery, 'name' | 'requestId'> {
  const query = requiredText(params, 'QueryString').trim();
  if (query === '*') return {};
  const terms = query.split(/\s+AND\s+/i).map((term) => {
    const found = /^(function_name|request_id):\s*"?([\w-]+)"?$/.exec(term);
    if (!found) throw notSimulated('InvalidParameterValue', `QueryString: ${term}`);
    return [found[1] === 'function_name' ? 'name' : 'requestId', found[2]] as const;
  });
  return Object.fromEntries(terms);
}

function offsetOf(context: string | undefined): number {
  if (!context) return 0;
  if (/^\d{1,9}$/.test(context)) return Number(context);
  throw refuse('InvalidParameterValue', 'Context 应原样传回 (pass the Context back as it came)');
}
