import { expect, test } from 'vitest';
import {
  type Row,
  textsOf,
  unchanged,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkStorage } from './storage.ts';

const rows: Row[] = [
  ['private', unchanged, 'ok', 'storage.rule', /PRIVATE/],
  ['none', withFacts({ storage: known('') }), 'ok', 'storage.rule', /没有云存储/],
  ['open', withFacts({ storage: known('READONLY') }), 'broken', 'storage.rule', /READONLY/],
  [
    'open on purpose',
    (facts) => ({
      ...facts,
      storage: known('ADMINWRITE'),
      service: { ...facts.service, storage: 'keep' },
    }),
    'warn',
    'storage.rule',
    /ADMINWRITE/,
  ],
  [
    'a rule of its own',
    withFacts({ storage: known('CUSTOM') }),
    'unknown',
    'storage.rule',
    /CUSTOM/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkStorage, change, level, check)).toMatch(text);
});
