import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const { versionFault } = createRequire(import.meta.url)('./node.cjs') as {
  versionFault(version: string): string | undefined;
};

test.each(['v20.19.0', 'v20.20.2', 'v22.12.0', 'v23.0.0', 'v24.1.0'])('%s is taken', (version) => {
  expect(versionFault(version)).toBeUndefined();
});

test.each(['v20.18.3', 'v18.20.0', 'v16.0.0', 'v21.7.3', 'v22.0.0', 'v22.11.0'])(
  '%s is refused by its name',
  (version) => {
    expect(versionFault(version)).toMatch(new RegExp(`20\\.19.*${version}`));
  },
);

test('all that begins here asks first, with the version that package.json names', () => {
  const { engines, scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(engines.node).toBe('^20.19 || >=22.12');
  for (const name of ['start', 'test', 'init', 'local', 'plan', 'deploy', 'doctor'])
    expect(scripts[name]).toMatch(/^node infra\/node\.cjs && /);
});
