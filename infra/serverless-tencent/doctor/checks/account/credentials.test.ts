import { expect, test } from 'vitest';
import {
  failed,
  put,
  type Row,
  same,
  verdictOf,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkCredentials } from './credentials.ts';

const rows: Row[] = [
  ['a key pair that is taken', same, 'ok', 'credentials.accepted', /有效/],
  [
    'a local cloud is named',
    put({ access: known({ isLocal: true }) }),
    'ok',
    'credentials.present',
    /本地云/,
  ],
  ['none', put({ access: failed('ACCESS') }), 'broken', 'credentials.present', /ACCESS/],
  [
    'an id that is not known',
    put({ environment: failed('AuthFailure.SecretIdNotFound') }),
    'broken',
    'credentials.accepted',
    /不存在/,
  ],
  [
    'the key of another id',
    put({ environment: failed('AuthFailure.SignatureFailure') }),
    'broken',
    'credentials.accepted',
    /不是一对/,
  ],
  [
    'an old token',
    put({ environment: failed('AuthFailure.TokenFailure') }),
    'broken',
    'credentials.accepted',
    /token/,
  ],
  [
    'a sub-account without policies',
    put({ environment: failed('UnauthorizedOperation') }),
    'broken',
    'credentials.accepted',
    /缺少权限/,
  ],
  [
    'no network',
    put({ environment: failed('ENOTFOUND') }),
    'unknown',
    'credentials.accepted',
    /ENOTFOUND/,
  ],
  [
    'a clock that is off says nothing of the key',
    put({ environment: failed('AuthFailure.SignatureExpire') }),
    'unknown',
    'credentials.accepted',
    /无法确认/,
  ],
  [
    'a missing environment was asked with a good key',
    put({ environment: known({ kind: 'missing', others: [] }) }),
    'ok',
    'credentials.accepted',
    /有效/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(verdictOf(checkCredentials, change, level, check)).toMatch(text);
});
