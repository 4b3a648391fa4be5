import { expect, test } from 'vitest';
import {
  type Change,
  combine,
  deployedWith,
  notDeployed,
  type Row,
  stateWith,
  textsOf,
  timersWith,
  unchanged,
  unreadableFact,
  withFacts,
} from '../../../../../tests/support/doctor/changes.ts';
import { known } from '../../facts/fact.ts';
import { checkTriggers } from './triggers.ts';

const cloudPay = deployedWith({ WXPAY_LINK: 'cloudPay' });
const withoutTimer: Change = (facts) => ({
  ...facts,
  service: {
    ...facts.service,
    functions: facts.service.functions.filter(({ name }) => name !== 'closeStaleOrders'),
  },
});

const rows: Row[] = [
  ['the direct link', unchanged, 'ok', 'triggers.link', /apiV3/],
  ['cloud pay with our timer', cloudPay, 'broken', 'triggers.link', /没有平台令牌/],
  [
    'cloud pay in the version that serves',
    stateWith('unifiedOrder', ({ latest }) => ({
      served: { ...latest, environment: { WXPAY_LINK: 'cloudPay' } },
    })),
    'broken',
    'triggers.link',
    /^已部署/,
  ],
  [
    'cloud pay with a timer that DevTools uploaded',
    combine(cloudPay, withoutTimer),
    'unknown',
    'triggers.link',
    /是否在运行无从得知.*日志里没有/,
  ],
  [
    'cloud pay with a timer that DevTools uploaded, seen in the log',
    combine(cloudPay, withoutTimer, withFacts({ wechatTimer: known({ hasRun: true }) })),
    'ok',
    'triggers.link',
    /微信的定时器在运行/,
  ],
  [
    'cloud pay with both sets of timers',
    combine(cloudPay, withFacts({ wechatTimer: known({ hasRun: true }) })),
    'warn',
    'triggers.link',
    /留给前者/,
  ],
  [
    'cloud pay with our timer and a log that cannot be read',
    combine(cloudPay, withFacts({ wechatTimer: unreadableFact('InternalError') })),
    'unknown',
    'triggers.link',
    /InternalError/,
  ],
  ['a timer', unchanged, 'ok', 'triggers.timer', /every-minute/],
  ['none', timersWith(() => []), 'broken', 'triggers.timer', /触发器不存在/],
  [
    'another cron',
    timersWith((timer) => [{ ...timer, cron: '0 0 * * * * *' }]),
    'broken',
    'triggers.timer',
    /应为/,
  ],
  [
    'off',
    timersWith((timer) => [{ ...timer, enabled: false }]),
    'warn',
    'triggers.timer',
    /已停用/,
  ],
  ['not deployed', notDeployed, 'unknown', 'triggers.timer', /未部署/],
  [
    'cannot be read',
    withFacts({ timers: { closeStaleOrders: unreadableFact('InternalError') } }),
    'unknown',
    'triggers.timer',
    /InternalError/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkTriggers, change, level, check)).toMatch(text);
});
