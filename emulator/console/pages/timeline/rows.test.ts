import { expect, test } from 'vitest';
import type { Entry } from '../../client/entry.ts';
import { noRows, withEntries, withoutOldest } from './rows.ts';

const BEGUN = Date.parse('2026-11-25T02:00:00Z');

function entry(id: number, endMs: number, facts: Partial<Entry> = {}): Entry {
  const at = new Date(BEGUN + endMs).toISOString();
  return { id, at, what: 'function.call', actor: 'function', ...facts };
}

const idsOf = ({ rows }: ReturnType<typeof noRows>) => rows.map((row) => row.entry.id);

test('lines stand in the order in which they began, causes before what follows from them', () => {
  // A call ends, and is recorded, after what it did.
  const rows = withEntries(noRows(), [
    entry(1, 0, { key: 'act' }),
    entry(2, 30, { cause: 'call', ms: 20 }),
    entry(3, 40, { cause: 'call', ms: 5 }),
    entry(4, 50, { key: 'call', cause: 'act', ms: 50 }),
    entry(5, 45, { ms: 1 }),
  ]);
  expect(idsOf(rows)).toEqual([1, 4, 2, 3, 5]);
});

test('newer and older entries come to their places, each once, and what is known of chains grows', () => {
  const middle = withEntries(noRows(), [entry(3, 30, { chain: 'c', ms: 5 }), entry(4, 40)]);
  const newer = withEntries(middle, [entry(4, 40), entry(5, 60, { chain: 'c' })]);
  const all = withEntries(newer, [entry(1, 10), entry(2, 20, { chain: 'c' })]);
  expect(idsOf(all)).toEqual([1, 2, 3, 4, 5]);
  expect(all.oldestId).toBe(1);
  expect(all.extents.get('c')).toEqual({ startMs: BEGUN + 20, endMs: BEGUN + 60 });
  expect(withEntries(all, [entry(2, 20)])).toBe(all);
});

test('one more costs no copy of all that are there', () => {
  const entries = Array.from({ length: 1000 }, (_, i) => entry(i + 1, i));
  const before = withEntries(noRows(), entries);
  const after = withEntries(before, [entry(1001, 1001)]);
  expect(after).not.toBe(before);
  expect(after.rows).toBe(before.rows);
  expect(after.byId).toBe(before.byId);
  expect(idsOf(after)).toHaveLength(1001);
});

test('the oldest are forgotten by their ids, with all that is known of them, and read again at their places', () => {
  const numbered = Array.from({ length: 20 }, (_, i) => entry(i + 1, i, { chain: `c${i + 1}` }));
  // It began first and ended last.
  const long = entry(21, 20, { ms: 20, key: 'long' });
  const all = withEntries(noRows(), [...numbered, long]);
  expect(withoutOldest(all, 20)).toBe(all);
  const kept = withoutOldest(all, 10);
  expect(idsOf(kept)).toEqual([21, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(kept.oldestId).toBe(12);
  expect(kept.firstPlace).toBe(11);
  expect(kept.byId.has(11)).toBe(false);
  expect([...kept.extents.keys()]).not.toContain('c11');
  const again = withEntries(kept, numbered.slice(0, 11));
  expect(again.rows).toHaveLength(21);
  expect(again.firstPlace).toBe(0);
});
