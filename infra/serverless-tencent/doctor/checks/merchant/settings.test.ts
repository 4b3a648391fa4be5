import { expect, test } from 'vitest';
import {
  cloudPayAlone,
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
import { checkSettings } from './settings.ts';

const servedWith = (more: Record<string, string>) =>
  stateWith('payCallback', ({ latest }) => ({
    served: { ...latest, environment: { ...latest.environment, ...more } },
  }));
const editedWith = (more: Record<string, string>, description: string) =>
  stateWith('payCallback', ({ latest }) => ({
    latest: { ...latest, description, environment: { ...latest.environment, ...more } },
  }));

const rows: Row[] = [
  ['all there', unchanged, 'ok', 'merchant.settings', /已部署/],
  [
    'none, before the first deploy',
    notDeployed,
    'broken',
    'merchant.settings.WXPAY_MCHID',
    /serverless.yml: WXPAY_MCHID 未设置/,
  ],
  [
    'all in serverless.yml, before the first deploy',
    combine(notDeployed, withSettings(soundSettings)),
    'ok',
    'merchant.settings',
    /serverless.yml/,
  ],
  [
    'none, and the cloud cannot be read',
    withFacts({ functions: {} }),
    'unknown',
    'merchant.settings.WXPAY_MCHID',
    /未知/,
  ],
  ['cloud pay alone needs no keys', cloudPayAlone, 'ok', 'merchant.settings', /已部署/],
  [
    'cloud pay beside half of the direct link',
    combine(cloudPayAlone, deployedWith({ WXPAY_SERIAL_NO: '0A5F1C72' })),
    'broken',
    'merchant.settings.WXPAY_PRIVATE_KEY',
    /未设置/,
  ],
  [
    'one without',
    deployedWith({ WXPAY_API_V3_KEY: undefined }, 'payCallback'),
    'broken',
    'merchant.settings.WXPAY_API_V3_KEY',
    /missing\): payCallback$/,
  ],
  [
    'empty is not set',
    deployedWith({ WXPAY_APPID: '' }),
    'broken',
    'merchant.settings.WXPAY_APPID',
    /未设置/,
  ],
  ...(
    [
      ['WXPAY_LINK', 'v2'],
      ['WXPAY_MCHID', '1900-000109'],
      ['WXPAY_APPID', 'gh_1234567890'],
      ['WXPAY_SERIAL_NO', 'PUB_KEY_ID_0119'],
      ['WXPAY_API_V3_KEY', 'x'.repeat(31)],
      ['WXPAY_API_V3_KEY', `${'x'.repeat(32)} `],
      ['WXPAY_API_V3_KEY', '密'.repeat(32)],
      ['WXPAY_PUBLIC_KEY_ID', 'PUB_KEY_0119'],
      ['WXPAY_NOTIFY_URL', 'http://pay.example.com/pay/notify'],
      ['WXPAY_NOTIFY_URL', 'https://pay.example.com/pay/notify?a=1'],
      ['WXPAY_NOTIFY_URL', `https://pay.example.com/${'n'.repeat(250)}`],
      ['WXPAY_API_URL', 'http://api.mch.weixin.qq.com'],
      ['WXPAY_API_URL', 'https://pay-proxy.example.com'],
      ['WXPAY_ORDER_TTL', 'PT30S'],
      ['WXPAY_CLOSE_MIN_AGE', 'P2D'],
      ['WXPAY_SERVICE_KEY', 'short'],
      ['WXPAY_ADMIN_OPENIDS', 'o1;o2'],
      ['WXPAY_PRICE_SOURCE', 'phone'],
    ] as const
  ).map(
    ([key, value]): Row => [
      `${key}, malformed: ${value.slice(0, 40)}`,
      deployedWith({ [key]: value }),
      ...(['broken', `merchant.settings.${key}`, /格式有误/] as const),
    ],
  ),
  [
    'good values of what is not needed',
    deployedWith({
      WXPAY_LINK: 'apiV3',
      WXPAY_ORDER_TTL: 'PT30M',
      WXPAY_CLOSE_MIN_AGE: 'PT0S',
      WXPAY_ADMIN_OPENIDS: 'oA, oB',
    }),
    'ok',
    'merchant.settings',
    /已设置/,
  ],
  [
    'a good change is on its way',
    withSettings({ WXPAY_MCHID: '1900000110' }),
    'ok',
    'merchant.settings',
    /下次部署后/,
  ],
  [
    'a bad change is on its way',
    withSettings({ WXPAY_MCHID: 'mchid' }),
    'broken',
    'merchant.settings.WXPAY_MCHID',
    /下次部署后/,
  ],
  [
    'a bad value in the version that serves, corrected in the newest',
    servedWith({ WXPAY_MCHID: 'mchid' }),
    'broken',
    'merchant.settings.WXPAY_MCHID',
    /^已部署 .*payCallback$/,
  ],
  [
    'the next deploy goes forward from what was edited',
    servedWith({ WXPAY_MCHID: 'mchid' }),
    'ok',
    'merchant.settings',
    /^下次部署后/,
  ],
  [
    'a bad value of somebody else’s function, which --adopt would keep',
    combine(servedWith({}), editedWith({ WXPAY_MCHID: 'mchid' }, 'theirs')),
    'broken',
    'merchant.settings.WXPAY_MCHID',
    /^下次部署后 .*payCallback$/,
  ],
  ['the same everywhere', unchanged, 'ok', 'merchant.same', /一致/],
  [
    'a key changed in one',
    deployedWith({ WXPAY_API_V3_KEY: 'y'.repeat(32) }, 'payCallback'),
    'broken',
    'merchant.same',
    /WXPAY_API_V3_KEY/,
  ],
  [
    'a key set in one',
    deployedWith({ WXPAY_API_URL: 'https://api2.mch.weixin.qq.com' }, 'payCallback'),
    'broken',
    'merchant.same',
    /WXPAY_API_URL/,
  ],
  [
    'other admins in one',
    deployedWith({ WXPAY_ADMIN_OPENIDS: 'oA' }, 'queryOrder'),
    'warn',
    'merchant.same',
    /WXPAY_ADMIN_OPENIDS/,
  ],
  [
    'another service key in one',
    deployedWith({ WXPAY_SERVICE_KEY: 'z'.repeat(32) }, 'queryOrder'),
    'broken',
    'merchant.same',
    /WXPAY_SERVICE_KEY/,
  ],
  [
    'an address of this machine',
    deployedWith({ WXPAY_API_URL: 'http://127.0.0.1:8080' }),
    'broken',
    'merchant.api_url',
    /本机/,
  ],
  ['set in the console alone', unchanged, 'ok', 'merchant.console', /WXPAY_PRIVATE_KEY/],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkSettings, change, level, check)).toMatch(text);
});
