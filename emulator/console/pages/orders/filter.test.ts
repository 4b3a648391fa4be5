import { expect, test } from 'vitest';
import { addressIn, hrefOf } from '../../state/address.ts';
import { filterIn, isNarrow, queryOf } from './filter.ts';

test('a filter is read from the address that it was written to, and asks for fen', () => {
  const filter = { text: '咖啡 & T1', standing: 'paid', from: '0.5', to: '19.9' };
  const address = addressIn(hrefOf({ path: ['orders'], query: filter }));
  expect(filterIn(address)).toEqual(filter);
  expect(queryOf(filter)).toEqual({
    text: '咖啡 & T1',
    standing: 'paid',
    feeFrom: '50',
    feeTo: '1990',
  });
});

test('no filter asks for everything, and neither does an amount that is none', () => {
  const none = filterIn({ path: ['orders'], query: {} });
  expect([isNarrow(none), queryOf(none)]).toEqual([false, {}]);
  expect(queryOf({ ...none, from: 'x', to: '1.234' })).toEqual({});
});
