import { expect, test } from 'vitest';
import { failed, notDeployed, type Row, same, stateWith, verdictOf } from '../changes.ts';
import { known } from '../known.ts';
import { checkDeployed } from './deployed.ts';

const rows: Row[] = [
  ['all', same, 'ok', 'deployed.functions', /\d/],
  ['none yet', notDeployed, 'unknown', 'deployed.functions', /尚未部署/],
  [
    'all but one',
    (facts) => ({ ...facts, functions: { ...facts.functions, payCallback: known(undefined) } }),
    'broken',
    'deployed.functions',
    /payCallback/,
  ],
  [
    'one that cannot be read',
    (facts) => ({
      ...facts,
      functions: { ...facts.functions, payCallback: failed('InternalError') },
    }),
    'unknown',
    'deployed.functions',
    /InternalError/,
  ],
  [
    'one that failed',
    stateWith('payCallback', () => ({ status: 'CreateFailed', statusText: 'role' })),
    'broken',
    'deployed.status',
    /CreateFailed role/,
  ],
  [
    'a key changed in the console alone',
    stateWith('payCallback', ({ latest }) => ({
      newest: { version: '2', is: { ...latest, environment: {} } },
    })),
    'broken',
    'deployed.published',
    /WXPAY_MCHID/,
  ],
  [
    'rolled back',
    stateWith('payCallback', () => ({ serving: '1' })),
    'warn',
    'deployed.serving',
    /版本 1/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(verdictOf(checkDeployed, change, level, check)).toMatch(text);
});
