import { expect, test } from 'vitest';
import { addressIn, hrefOf } from './address.ts';

test.each([
  ['#/orders', { path: ['orders'], query: {} }],
  ['', { path: [], query: {} }],
  ['#/orders/T%7C1?text=a%20b', { path: ['orders', 'T|1'], query: { text: 'a b' } }],
  ['#/orders/%', { path: ['orders', '%'], query: {} }],
])('%s is read', (hash, address) => {
  expect(addressIn(hash)).toEqual(address);
});

test('an address is read as it was written', () => {
  const address = { path: ['orders', 'T/1?#'], query: { text: '咖啡 & <b>', standing: 'paid' } };
  expect(addressIn(hrefOf(address))).toEqual(address);
});
