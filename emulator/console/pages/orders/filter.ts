import type { QueryOf } from '../../../control/api/controlApi.ts';
import { type Address, replaceAddress } from '../../state/address.ts';
import { fenIn } from '../../text/forms.ts';

/** The table is narrowed by these, as the address has it; amounts in yuan, as a person types them. */
export interface Filter {
  text: string;
  standing: string;
  from: string;
  to: string;
}

type Query = QueryOf<'GET /_local/orders'>;

/** Reads a filter from an address. */
export function filterIn({ query }: Address): Filter {
  const { text = '', standing = '', from = '', to = '' } = query;
  return { text, standing, from, to };
}

/** Writes a filter into the address. */
export function showFilter(filter: Filter): void {
  replaceAddress({ path: ['orders'], query: { ...filter } });
}

/** Tells whether a filter narrows anything. */
export function isNarrow(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== '');
}

/** Tells whether a text may stand for an amount: one that is empty narrows nothing. */
export function isAmount(text: string): boolean {
  return text === '' || fenIn(text) !== undefined;
}

/** Asks for what a filter means; an amount that is none narrows nothing. */
export function queryOf({ text, standing, from, to }: Filter): Query {
  const feeFrom = fenIn(from);
  const feeTo = fenIn(to);
  return {
    ...(text === '' ? {} : { text }),
    ...(standing === '' ? {} : { standing: standing as NonNullable<Query['standing']> }),
    ...(feeFrom === undefined ? {} : { feeFrom: String(feeFrom) }),
    ...(feeTo === undefined ? {} : { feeTo: String(feeTo) }),
  };
}
