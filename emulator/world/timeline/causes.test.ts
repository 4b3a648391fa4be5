import { expect, test } from 'vitest';
import { createCauses } from './causes.ts';

test('what is under way in one world is not in another of the same process', () => {
  const one = createCauses();
  const other = createCauses();
  const cause = one.open({ startsChain: true });
  one.within(cause, () => {
    expect(one.current()).toBe(cause);
    expect(other.current()).toBeUndefined();
    other.within(other.open({ startsChain: true }), () => {
      expect(other.current()).toBeDefined();
      expect(one.current()).toBeUndefined();
    });
    expect(one.current()).toBe(cause);
  });
});

test('many worlds make no promise of the process heavier', () => {
  const weight = () => Object.getOwnPropertySymbols(Promise.resolve()).length;
  const openWorld = () => {
    const causes = createCauses();
    causes.within(causes.open({ startsChain: true }), () => {});
  };
  openWorld();
  const before = weight();
  for (let i = 0; i < 20; i += 1) openWorld();
  expect(weight()).toBe(before);
});
