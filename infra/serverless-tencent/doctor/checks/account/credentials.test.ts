import { expect, test } from 'vitest';
import {
  type Row,
  textsOf,
  unchanged,
  unreadableFact,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkCredentials } from './credentials.ts';

const rows: Row[] = [
  ['a key pair that is taken', unchanged, 'ok', 'credentials.accepted', /有效/],
  [
    'a local cloud is named',
    withFacts({ access: known({ isLocal: true }) }),
    'ok',
    'credentials.present',
    /本地云/,
  ],
  [
    'none',
    withFacts({ access: unreadableFact('ACCESS') }),
    'broken',
    'credentials.present',
    /ACCESS/,
  ],
  [
    'an id that is not known',
    withFacts({ environment: unreadableFact('AuthFailure.SecretIdNotFound') }),
    'broken',
    'credentials.accepted',
    /不存在/,
  ],
  [
    'the key of another id',
    withFacts({ environment: unreadableFact('AuthFailure.SignatureFailure') }),
    'broken',
    'credentials.accepted',
    /不是一对/,
  ],
  [
    'an old token',
    withFacts({ environment: unreadableFact('AuthFailure.TokenFailure') }),
    'broken',
    'credentials.accepted',
    /token/,
  ],
  [
    'a sub-account without policies',
    withFacts({ environment: unreadableFact('UnauthorizedOperation') }),
    'broken',
    'credentials.accepted',
    /缺少权限/,
  ],
  [
    'no network',
    withFacts({ environment: unreadableFact('ENOTFOUND') }),
    'unknown',
    'credentials.accepted',
    /ENOTFOUND/,
  ],
  [
    'a clock that is off says nothing of the key',
    withFacts({ environment: unreadableFact('AuthFailure.SignatureExpire') }),
    'unknown',
    'credentials.accepted',
    /无法确认/,
  ],
  [
    'a missing environment was asked with a good key',
    withFacts({ environment: known({ kind: 'missing', others: [] }) }),
    'ok',
    'credentials.accepted',
    /有效/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkCredentials, change, level, check)).toMatch(text);
});
