import { unknownParameters, wrongValue } from '../errors.ts';
import { type Rule, textOf } from './fields.ts';
import type { OperationRequest } from './operation.ts';

/** Says what the path and the query of a call may hold. */
export interface Parameters {
  /** The part of the path that names something, and its rule. */
  named?: PathPart;
  /** The parameters of the query; others are refused. */
  query: readonly string[];
}

interface PathPart {
  name: string;
  rule: Rule;
}

export const ORDER_NUMBER: PathPart = { name: 'out_trade_no', rule: textOf(6, 32) };
export const TRANSACTION_ID: PathPart = { name: 'transaction_id', rule: textOf(1, 32) };
export const REFUND_NUMBER: PathPart = { name: 'out_refund_no', rule: textOf(1, 64) };
export const REFUND_ID: PathPart = { name: 'refund_id', rule: textOf(1, 32) };

/** Refuses a name in the path that cannot be one, and parameters that the call does not have. */
export function checkParameters({ named, query }: Parameters, request: OperationRequest): void {
  const { url, pathPart: value } = request;
  const issue = named?.rule(value);
  if (named && issue)
    throw wrongValue({ location: 'uri_template', field: named.name, issue, value });
  const unknown = [...url.searchParams.keys()].filter((name) => !query.includes(name));
  if (unknown.length > 0) throw unknownParameters('query', unknown);
}
