import { type TestAPI, test } from 'vitest';

/** vitest's `test`, for the titles that `only` takes; the others are not there at all. */
export function chosen(only: RegExp | undefined): TestAPI {
  const isWanted = (title: string) => only === undefined || only.test(title);
  const one = (title: string, run: () => Promise<void>) => isWanted(title) && test(title, run);
  const tableOf = (by: 'each' | 'for') => (cases: never) => (title: string, run: never) =>
    isWanted(title) && test[by](cases)(title, run);
  return Object.assign(one, { each: tableOf('each'), for: tableOf('for') }) as unknown as TestAPI;
}
