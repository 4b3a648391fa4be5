import { expect, test } from 'vitest';
import {
  environmentWith,
  type Row,
  textsOf,
  unchanged,
  unreadableFact,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkEnvironment } from './environment.ts';

const rows: Row[] = [
  ['there', unchanged, 'ok', 'environment.exists', /pay-1a2b3c/],
  [
    'not there, and the alias of one that is',
    withFacts({ environment: known({ kind: 'missing', others: ['pay-1a2b3c-9z', 'other'] }) }),
    'broken',
    'environment.exists',
    /没有环境/,
  ],
  [
    'cannot be read',
    withFacts({ environment: unreadableFact('ETIMEDOUT') }),
    'unknown',
    'environment.exists',
    /ETIMEDOUT/,
  ],
  ['NORMAL', unchanged, 'ok', 'environment.status', /NORMAL/],
  [
    'not usable',
    environmentWith({ status: 'UNAVAILABLE' }),
    'broken',
    'environment.status',
    /UNAVAILABLE/,
  ],
  ['the region', unchanged, 'ok', 'environment.region', /ap-shanghai/],
  [
    'another region',
    environmentWith({ region: 'ap-guangzhou' }),
    'broken',
    'environment.region',
    /ap-guangzhou/,
  ],
  ['a database that runs', unchanged, 'ok', 'environment.database', /RUNNING/],
  [
    'one that does not yet',
    environmentWith({ database: { status: 'INITIALIZING', instanceId: '' } }),
    'broken',
    'environment.database',
    /INITIALIZING/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkEnvironment, change, level, check)).toMatch(text);
});
