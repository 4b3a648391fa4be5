import { expect, test } from 'vitest';
import {
  combine,
  deployedWith,
  notDeployed,
  type Row,
  stateWith,
  textsOf,
  unchanged,
  withFacts,
  withSettings,
} from '../../../../../tests/support/doctor/changes.ts';
import { soundSettings } from '../../../../../tests/support/doctor/soundFacts.ts';
import { checkPrice } from './price.ts';

const rows: Row[] = [
  ['named by the server', unchanged, 'ok', 'price.source', /服务端/],
  [
    'named by the phone',
    deployedWith({ WXPAY_PRICE_SOURCE: 'client' }),
    'warn',
    'price.source',
    /任何人都可以改价/,
  ],
  [
    'named by the phone in the version that serves, though not in the newest',
    stateWith('unifiedOrder', ({ latest }) => ({
      serving: '1',
      served: { ...latest, environment: { WXPAY_PRICE_SOURCE: 'client' } },
    })),
    'warn',
    'price.source',
    /^已部署/,
  ],
  [
    'named by the phone in what was edited and serves nobody yet',
    stateWith('unifiedOrder', ({ latest }) => ({
      latest: { ...latest, environment: { ...latest.environment, WXPAY_PRICE_SOURCE: 'client' } },
    })),
    'warn',
    'price.source',
    /^下次部署后/,
  ],
  [
    'quoted',
    deployedWith({ WXPAY_PRICE_SOURCE: 'quote', WXPAY_EVENTS_KEY: 'whsec_x' }),
    'ok',
    'price.source',
    /询价函数/,
  ],
  [
    'quoted, and nothing can be signed',
    deployedWith({ WXPAY_PRICE_SOURCE: 'quote', WXPAY_EVENTS_KEY: undefined }),
    'broken',
    'price.source',
    /不能启动/,
  ],
  [
    'named by nobody',
    deployedWith({ WXPAY_SERVICE_KEY: undefined }),
    'broken',
    'price.source',
    /无人可以下单/,
  ],
  [
    'the key comes with the next deploy',
    combine(notDeployed, withSettings(soundSettings)),
    'ok',
    'price.source',
    /serverless.yml/,
  ],
  [
    'the console cannot be seen',
    withFacts({ functions: {} }),
    'unknown',
    'price.source',
    /无人可以下单/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkPrice, change, level, check)).toMatch(text);
});
