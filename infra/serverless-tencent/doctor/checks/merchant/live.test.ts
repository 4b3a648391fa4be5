import { expect, test } from 'vitest';
import {
  notDeployed,
  type Row,
  textsOf,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkLive } from './live.ts';

const answered = (code: string) => withFacts({ bill: known({ code, requestId: 'r-1' }) });

const rows: Row[] = [
  ['a bill', answered('0'), 'ok', 'live.bill', /验签通过/],
  ['a bill leaves the APIv3 key open', answered('0'), 'unknown', 'live.api_v3_key', /收到通知/],
  ['no bill of that day', answered('NO_STATEMENT_EXIST'), 'ok', 'live.bill', /没有账单/],
  ['too large a bill', answered('BILL_TOO_LARGE'), 'ok', 'live.bill', /验签通过/],
  ['SIGN_ERROR', answered('SIGN_ERROR'), 'broken', 'live.bill', /验签失败.*SIGN_ERROR/],
  ['no such merchant', answered('MCH_NOT_EXISTS'), 'broken', 'live.bill', /商户号不存在/],
  [
    'an answer that does not verify',
    answered('ANSWER_UNVERIFIED'),
    'broken',
    'live.bill',
    /平台证书有误/,
  ],
  [
    'a service key that differs',
    answered('SERVICE_SIGNATURE'),
    'broken',
    'live.bill',
    /服务端签名/,
  ],
  [
    'a function that does not start',
    answered('FUNCTION_FAILED'),
    'broken',
    'live.bill',
    /配置有误/,
  ],
  ['busy', answered('FREQUENCY_LIMITED'), 'unknown', 'live.bill', /FREQUENCY_LIMITED/],
  ['cloud pay', answered('CLOUDPAY_TOKEN_MISSING'), 'unknown', 'live.bill', /小程序端/],
  ['a word that every object has', answered('constructor'), 'unknown', 'live.bill', /constructor/],
  ['not deployed', notDeployed, 'unknown', 'live.bill', /未部署/],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkLive, change, level, check)).toMatch(text);
});
