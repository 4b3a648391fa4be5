import { expect, test } from 'vitest';
import { dealtKeys } from '../../tests/support/dealtKeys.ts';
import { openWorld } from './world.ts';

const aWorld = (file = ':memory:') =>
  openWorld({
    rsaKey: dealtKeys(),
    file,
    realMs: () => 0,
    waitMs: async () => {},
    randomBytes: (count) => Buffer.alloc(count),
    chance: () => 0,
  });

test('what falls due on the way happens in order of time, each at its own instant', async () => {
  const { agenda, clock } = aWorld();
  const happened: [string, number][] = [];
  agenda.on('bell', async ({ key }) => {
    happened.push([key, clock.nowMs()]);
    if (key === 'first') agenda.plan({ kind: 'bell', key: 'planned on the way', atMs: 25 });
  });
  agenda.plan({ kind: 'bell', key: 'last', atMs: 30 });
  agenda.plan({ kind: 'bell', key: 'first', atMs: 10 });
  agenda.plan({ kind: 'bell', key: 'tomorrow', atMs: 100 });
  await agenda.advance(50);
  expect(happened).toEqual([
    ['first', 10],
    ['planned on the way', 25],
    ['last', 30],
  ]);
  expect(clock.nowMs()).toBe(50);
  expect(agenda.list().map(({ key }) => key)).toEqual(['tomorrow']);
});

test('time does not jump while something is under way, but what is due runs', async () => {
  const { agenda, clock, gate } = aWorld();
  const seen: string[] = [];
  agenda.on('bell', async ({ key }) => void seen.push(key));
  agenda.plan({ kind: 'bell', key: 'due', atMs: 0 });
  agenda.plan({ kind: 'bell', key: 'ahead', atMs: 10 });
  let end = () => {};
  const busy = gate.during(() => new Promise<void>((resolve) => (end = resolve)));
  const advanced = agenda.advance(20);
  await new Promise((resolve) => setImmediate(resolve));
  expect([seen, clock.nowMs()]).toEqual([['due'], 0]);
  end();
  await Promise.all([busy, advanced]);
  expect([seen, clock.nowMs()]).toEqual([['due', 'ahead'], 20]);
});

test('time never runs back', async () => {
  const { agenda, clock } = aWorld();
  await agenda.advance(50);
  await agenda.advance(20);
  expect(clock.nowMs()).toBe(50);
});

test('a handler that fails does not stop the agenda for ever', async () => {
  const { agenda } = aWorld();
  const seen: string[] = [];
  agenda.on('bell', async ({ key }) => {
    if (key === 'broken') throw new Error('broken');
    seen.push(key);
  });
  agenda.plan({ kind: 'bell', key: 'broken', atMs: 1 });
  agenda.plan({ kind: 'bell', key: 'sound', atMs: 2 });
  await expect(agenda.advance(5)).rejects.toThrow('broken');
  await agenda.advance(5);
  expect(seen).toEqual(['sound']);
});
