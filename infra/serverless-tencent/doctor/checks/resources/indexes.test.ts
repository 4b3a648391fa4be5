import { expect, test } from 'vitest';
import {
  ordersWith,
  type Row,
  textsOf,
  unchanged,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkIndexes } from './indexes.ts';

const rows: Row[] = [
  ['all', unchanged, 'ok', 'indexes.all', /orders/],
  [
    'no unique one',
    ordersWith((orders) => ({
      ...orders,
      indexes: orders.indexes.filter(({ name }) => name !== 'refund_numbers'),
    })),
    'broken',
    'indexes.all',
    /orders\/refund_numbers/,
  ],
  [
    'a unique one that is not',
    ordersWith((orders) => ({
      ...orders,
      indexes: orders.indexes.map((index) => ({ ...index, unique: false })),
    })),
    'broken',
    'indexes.all',
    /orders\/refund_numbers/,
  ],
  [
    'a plain one missing',
    ordersWith((orders) => ({
      ...orders,
      indexes: orders.indexes.filter(({ name }) => name !== 'check_at'),
    })),
    'warn',
    'indexes.all',
    /orders\/check_at/,
  ],
  [
    'other keys',
    ordersWith((orders) => ({
      ...orders,
      indexes: orders.indexes.map((index) =>
        index.name === 'check_at' ? { ...index, keys: '_id:1,checkAt:1' } : index,
      ),
    })),
    'warn',
    'indexes.all',
    /orders\/check_at/,
  ],
  [
    'no collection',
    withFacts({ collections: { orders: known(undefined) } }),
    'broken',
    'indexes.all',
    /orders/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkIndexes, change, level, check)).toMatch(text);
});
