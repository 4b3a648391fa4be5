import type { QueryOf } from '../../../control/api/controlApi.ts';
import type { Entry } from '../../client/entry.ts';
import { hrefOf } from '../../state/address.ts';

/** Who acts, in the order of the lanes. */
export const LANES = [
  'phone',
  'console',
  'timer',
  'function',
  'database',
  'wechat',
] as const satisfies readonly Entry['actor'][];

/** Entries are of these kinds. */
export const KINDS = [
  'call',
  'notification',
  'write',
  'timer',
  'fault',
] as const satisfies readonly NonNullable<QueryOf<'GET /_local/events'>['kind']>[];

/** Which entries are looked at, and which one closely; the address has it all. */
export interface Filter {
  actor: string;
  kind: string;
  order: string;
  text: string;
  entry: string;
}

/** Reads the address. */
export function filterIn(query: Record<string, string>): Filter {
  const { actor = '', kind = '', order = '', text = '', entry = '' } = query;
  return { actor, kind, order, text, entry };
}

/** Lets everything through. */
export const NO_FILTER = { actor: '', kind: '', order: '', text: '' };

/** Tells whether a filter hides anything. */
export function isNarrowed({ actor, kind, order, text }: Filter): boolean {
  return [actor, kind, order, text].some(Boolean);
}

/** Moves to another filter, without a step in the history. */
export function show(filter: Filter, change: Partial<Filter>): void {
  const query = { ...filter, ...change };
  location.replace(hrefOf({ path: ['timeline'], query: { ...query } }));
}

/** Reads the lanes that are looked at: all where none is named. */
export function lanesOf({ actor }: Filter): readonly string[] {
  const named = actor.split(',').filter((name) => (LANES as readonly string[]).includes(name));
  return named.length === 0 ? LANES : named;
}

/** Asks for what a filter lets through. */
export function queryOf(filter: Filter): QueryOf<'GET /_local/events'> {
  const lanes = lanesOf(filter);
  const kind = KINDS.find((each) => each === filter.kind);
  return {
    ...(lanes.length < LANES.length && { actor: lanes.join(',') }),
    ...(kind && { kind }),
    ...(filter.order && { order: filter.order }),
    ...(filter.text && { text: filter.text }),
  };
}
