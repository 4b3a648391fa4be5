import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { billVectors } from './billVectors.ts';
import { factVectors } from './factVectors.ts';
import { moneyVectors } from './moneyVectors.ts';
import { serviceCallVectors } from './serviceCallVectors.ts';
import { signedVectors } from './signedVectors.ts';
import { v2Vectors } from './v2Vectors.ts';
import type { VectorCases } from './vectorCases.ts';

const files: Record<string, VectorCases> = {
  ...signedVectors,
  ...moneyVectors,
  ...factVectors,
  ...v2Vectors,
  ...serviceCallVectors,
  ...billVectors,
};

/** Of each file: how many cases are run, and how many are not. */
const counts: [file: string, run: number, notRun: number][] = [
  ['amounts', 8, 0],
  ['bills', 6, 0],
  ['certs', 3, 0],
  ['errors', 3, 2],
  ['facts', 16, 2],
  ['hash', 3, 1],
  ['service-calls', 45, 0],
  ['v2-refund-notify', 2, 0],
  ['v2-xml', 5, 0],
  ['v3-aead', 13, 0],
  ['v3-canonical', 3, 0],
  ['v3-notify', 5, 0],
  ['v3-paysign', 1, 0],
  ['v3-sign', 5, 0],
  ['v3-verify', 7, 0],
];

describe('no vector is forgotten', () => {
  test.each(counts)('%s: %d run, %d not run for a stated reason', (name, run, notRun) => {
    const file = files[name];
    expect(file?.cases).toHaveLength(run);
    expect(Object.keys(file?.notRun ?? {})).toHaveLength(notRun);
    expect(file?.reasonsForNobody).toEqual([]);
    expect(file?.count).toBe(run + notRun);
    for (const reason of Object.values(file?.notRun ?? {})) expect(reason).toMatch(/\w+ \w+/);
  });

  test('125 of the 130 cases are run, and every file of the folder is in the table', () => {
    const sum = (column: 1 | 2) => counts.reduce((total, row) => total + row[column], 0);
    expect([sum(1), sum(2)]).toEqual([125, 5]);
    const stored = readdirSync('tests/vectors').map((file) => file.replace('.json', ''));
    expect(counts.map(([name]) => name)).toEqual(stored.sort());
    expect(Object.keys(files).sort()).toEqual(stored);
  });
});

describe.each(Object.entries(files))('%s', (_name, { cases }) => {
  test.each(cases)('$id', async ({ run }) => {
    expect.hasAssertions();
    await run();
  });

  test.each(cases)('$id: another verdict would not pass', async ({ runSpoilt }) => {
    const error = await (async () => runSpoilt())().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    // A verdict that differs, and no mistake of the check itself.
    expect(error).not.toBeInstanceOf(TypeError);
  });
});
