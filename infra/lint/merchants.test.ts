import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { functionNames } from '../build/build.ts';
import { isMerchants } from './house.ts';

interface Rule {
  name: string;
  from: { path?: string | string[] };
}
const layers = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  options: { exclude: { path: string } };
  forbidden: Rule[];
};
const textOf = (file: string) => readFileSync(file, 'utf8');

/** The rules of the house, each with the functions that it binds. */
const rules: [rule: string, bound: (name: string) => boolean][] = [
  ['style', (name) => textOf('biome.json').includes(`"!functions/${name}/**"`)],
  ['layers', (name) => !new RegExp(layers.options.exclude.path).test(`functions/${name}/index.ts`)],
  [
    'dead code',
    (name) => {
      const [, names = ''] = /functions\/!\(([^)]*)\)/.exec(textOf('knip.json')) ?? [];
      return names.split('|').includes(name);
    },
  ],
  ['words and comments', (name) => !isMerchants(`functions/${name}/index.ts`)],
];

test.each(rules)(
  '%s: bound are all functions of ours and none of the merchant’s own',
  (_rule, bound) => {
    expect(functionNames.filter((name) => !bound(name))).toEqual([]);
    for (const name of ['greet', 'quote', 'order', 'unifiedOrders', 'myRefund']) {
      expect([name, bound(name)]).toEqual([name, false]);
    }
  },
);

test('what is no function of the merchant’s is none', () => {
  expect(isMerchants('shared/greet/index.ts')).toBe(false);
});
