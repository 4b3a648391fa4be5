import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { timeline as english } from '../../emulator/console/text/en/timeline.ts';
import { timeline as chinese } from '../../emulator/console/text/zh/timeline.ts';
import { controlApi } from '../../emulator/control/api/controlApi.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';

const EMULATOR = join(import.meta.dirname, '../../emulator');

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud();
});
afterAll(() => cloud.close());

/** Lists what is recorded under a name that stands in the source. */
function writtenOut(): string[] {
  const sources = readdirSync(EMULATOR, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('console/'),
  );
  return sources.flatMap((path) => {
    const text = readFileSync(join(EMULATOR, path), 'utf8');
    return [...text.matchAll(/\b(?:what|probeAt): '([a-z]+\.\w+)'/g)].map(([, what = '']) => what);
  });
}

/** Lists what the acts of a developer are recorded as. */
function acts(): string[] {
  const silent = ['call', 'cashier', 'reset', 'signature'];
  const words = Object.keys(controlApi)
    .filter((name) => !name.startsWith('GET '))
    .map((name) => name.split('/')[2] ?? '');
  const own = words.map((word) => (word === 'console' ? 'refunds' : word));
  const named = own.filter((word) => !silent.includes(word)).map((word) => `console.${word}`);
  return ['phone.call', 'phone.cashier', 'server.call', ...named];
}

test.each([
  ['Chinese', chinese.whats],
  ['English', english.whats],
])('whatever the timeline records has %s words', async (_, words) => {
  const answer = await fetch(`${cloud.url}/_local/faults/places`);
  const places = ((await answer.json()) as { at: string }[]).map(({ at }) => at);
  const recorded = [...new Set([...places, ...acts(), ...writtenOut()])];
  expect(recorded.length).toBeGreaterThan(80);
  expect(recorded.filter((what) => !Object.hasOwn(words, what))).toEqual([]);
});
