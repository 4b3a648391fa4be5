import { expect, test } from 'vitest';
import {
  both,
  deployedWith,
  notDeployed,
  put,
  type Row,
  same,
  verdictOf,
  written,
} from '../changes.ts';
import { soundSettings } from '../soundFacts.ts';
import { checkPrice } from './price.ts';

const rows: Row[] = [
  ['named by the server', same, 'ok', 'price.source', /服务端/],
  [
    'named by the phone',
    deployedWith({ WXPAY_PRICE_SOURCE: 'client' }),
    'warn',
    'price.source',
    /任何人都可以改价/,
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
    both(notDeployed, written(soundSettings)),
    'ok',
    'price.source',
    /serverless.yml/,
  ],
  ['the console cannot be seen', put({ functions: {} }), 'unknown', 'price.source', /无人可以下单/],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(verdictOf(checkPrice, change, level, check)).toMatch(text);
});
