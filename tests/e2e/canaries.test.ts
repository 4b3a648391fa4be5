import { expect, test } from 'vitest';
import { type Canary, type Kind, leaksIn, metIn, type Place, placeOf } from './canaries.ts';

const places = ['log', 'timeline', 'error', 'answer', 'stranger', 'document', 'bill'] as const;
const canary = (kind: Kind): Canary => ({ kind, name: 'canary', value: 'tweet' });
const plant = (place: Place) => [{ place, text: `{"a":"tweet"}` }];

// A canary planted in each place, in the order of the places; the row says where it may sing.
test.each<[Kind, Place[]]>([
  ['key', []],
  ['token', []],
  ['certificate', []],
  ['openid', ['document', 'bill']],
  ['card', []],
  ['attach', ['answer', 'document', 'bill']],
  ['notification', ['bill']],
])('a canary of kind %s is a leak anywhere but in %j', (kind, allowed) => {
  const silent = places.filter((place) => leaksIn(plant(place), [canary(kind)]).length === 0);
  expect(silent).toEqual(allowed);
  expect(leaksIn([{ place: 'log', text: 'nothing' }], [canary(kind)])).toEqual([]);
  expect(metIn(plant('log'), [canary(kind)])).toEqual([`${kind} log`]);
});

test.each([
  ['the payer', 'queryOrder', { openid: 'oPayer' }, 'answer'],
  ['an admin', 'queryOrder', { openid: 'oAdmin' }, 'answer'],
  ['an admin with a bill', 'downloadBill', { openid: 'oAdmin' }, 'bill'],
  ['the merchant’s server', 'queryOrder', { service: true as const }, 'answer'],
  ['another user', 'queryOrder', { openid: 'oStranger' }, 'stranger'],
  ['a stranger', 'queryOrder', {}, 'stranger'],
  ['the payer by another way', 'queryOrder', { openid: 'oPayer', source: 'scf' }, 'stranger'],
])('%s hears an answer as %s', (_who, name, as, place) => {
  expect(placeOf(name, as, 0)).toBe(place);
});
