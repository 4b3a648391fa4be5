import { expect, test } from 'vitest';
import {
  type Row,
  stateWith,
  textsOf,
  unchanged,
  unreadableFact,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkClock } from './clock.ts';

const zone = (TZ: string) =>
  stateWith('queryOrder', ({ latest }) => ({ latest: { ...latest, environment: { TZ } } }));

const rows: Row[] = [
  ['60 seconds off', withFacts({ clock: known(60_000) }), 'ok', 'clock.skew', /快 60 秒/],
  ['a little more', withFacts({ clock: known(-60_001) }), 'warn', 'clock.skew', /慢 60 秒/],
  ['240 seconds off', withFacts({ clock: known(240_000) }), 'warn', 'clock.skew', /240/],
  [
    'a little more than that',
    withFacts({ clock: known(-240_001) }),
    'broken',
    'clock.skew',
    /慢 240 秒/,
  ],
  [
    'signatures are refused',
    withFacts({ environment: unreadableFact('AuthFailure.SignatureExpire') }),
    'broken',
    'clock.skew',
    /签名被拒绝/,
  ],
  [
    'nothing to compare with',
    withFacts({ clock: unreadableFact('ENOTFOUND') }),
    'unknown',
    'clock.skew',
    /ENOTFOUND/,
  ],
  ['no TZ', unchanged, 'ok', 'clock.zone', /未改动/],
  [
    'TZ of another country',
    zone('America/New_York'),
    'warn',
    'clock.zone',
    /another time zone\): queryOrder$/,
  ],
  [
    'TZ of another country in the version that serves',
    stateWith('queryOrder', ({ latest }) => ({
      served: { ...latest, environment: { TZ: 'America/New_York' } },
    })),
    'warn',
    'clock.zone',
    /: queryOrder$/,
  ],
  ['TZ of China', zone('Asia/Shanghai'), 'ok', 'clock.zone', /未改动/],
  [
    'a cron, as times in Beijing',
    unchanged,
    'ok',
    'clock.cron',
    /every-minute .*2026-11-25 10:01:00，2026-11-25 10:02:00/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkClock, change, level, check)).toMatch(text);
});
