import { expect, test } from 'vitest';
import {
  cloudPayAlone,
  combine,
  deployedWith,
  domainWith,
  notDeployed,
  type Row,
  textsOf,
  unchanged,
  unreadableFact,
  withFacts,
  withSettings,
} from '../../../../../tests/support/doctor/changes.ts';
import { soundFacts, soundSettings } from '../../../../../tests/support/doctor/soundFacts.ts';
import { known } from '../../facts/fact.ts';
import { checkNotifyUrl } from './notifyUrl.ts';

const answered = (status: number, more: object = {}) =>
  withFacts({ callback: known({ status, ...more }) });

const rows: Row[] = [
  ['one’s own domain', unchanged, 'ok', 'domain.kind', /pay\.example\.com/],
  ['the default domain', domainWith({ isDefault: true }), 'warn', 'domain.kind', /限频/],
  [
    'none',
    withFacts({ domain: unreadableFact('DOMAIN_MISSING') }),
    'unknown',
    'domain.kind',
    /DOMAIN_MISSING/,
  ],
  ['the route', unchanged, 'ok', 'notify.route', /→ payCallback/],
  ['no route', domainWith({ routes: [] }), 'broken', 'notify.route', /路由不存在/],
  ['no route yet', notDeployed, 'unknown', 'notify.route', /未部署/],
  [
    'a route to another function',
    domainWith({}, { name: 'shop' }),
    'broken',
    'notify.route',
    /指向了 shop/,
  ],
  ['a route that is off', domainWith({}, { enabled: false }), 'broken', 'notify.route', /已停用/],
  [
    'a route behind a login',
    domainWith({}, { asksLogin: true }),
    'broken',
    'notify.route',
    /登录校验/,
  ],
  ['the address', unchanged, 'ok', 'notify.address', /https:\/\/pay\.example\.com\/pay\/notify/],
  [
    'an address on another domain',
    deployedWith({ WXPAY_NOTIFY_URL: 'https://old.example.com/pay/notify' }),
    'broken',
    'notify.address',
    /通知到别处/,
  ],
  [
    'none yet, and what it has to be',
    deployedWith({ WXPAY_NOTIFY_URL: undefined }),
    'unknown',
    'notify.address',
    /没有通知地址/,
  ],
  [
    'an address on another path',
    deployedWith({ WXPAY_NOTIFY_URL: 'https://pay.example.com/notify' }),
    'broken',
    'notify.address',
    /通知到别处/,
  ],
  [
    'an address that the next deploy brings',
    combine(notDeployed, withSettings(soundSettings)),
    'ok',
    'notify.address',
    /serverless.yml/,
  ],
  [
    'the domain is not known',
    withFacts({ domain: unreadableFact('ETIMEDOUT') }),
    'unknown',
    'notify.address',
    /ETIMEDOUT/,
  ],
  ['our refusal of what nobody signed', unchanged, 'ok', 'notify.reachable', /header_missing/],
  [
    'our refusal with 401',
    answered(401, { code: 'FAIL', message: 'signature' }),
    'ok',
    'notify.reachable',
    /signature/,
  ],
  [
    'our function in trouble',
    answered(500, { code: 'FAIL', message: 'INTERNAL_ERROR' }),
    'broken',
    'notify.reachable',
    /500 INTERNAL_ERROR/,
  ],
  [
    'a function that does not start',
    answered(500, { code: 'FUNCTION_INVOCATION_FAILED', message: 'x' }),
    'broken',
    'notify.reachable',
    /FUNCTION_INVOCATION_FAILED/,
  ],
  [
    'the gateway’s 404',
    answered(404, { code: 'INVALID_PATH' }),
    'broken',
    'notify.reachable',
    /没有该路由/,
  ],
  ['a redirect', answered(302), 'broken', 'notify.reachable', /跳转/],
  ['a page that likes everything', answered(200), 'broken', 'notify.reachable', /不是 payCallback/],
  ['a 400 of somebody else', answered(400), 'broken', 'notify.reachable', /不是 payCallback/],
  [
    'no such name',
    withFacts({ callback: unreadableFact('ENOTFOUND') }),
    'broken',
    'notify.reachable',
    /ENOTFOUND/,
  ],
  [
    'an expired certificate',
    withFacts({ callback: unreadableFact('CERT_HAS_EXPIRED') }),
    'broken',
    'notify.reachable',
    /CERT_HAS_EXPIRED/,
  ],
  [
    'silence',
    withFacts({ callback: unreadableFact('ETIMEDOUT') }),
    'unknown',
    'notify.reachable',
    /ETIMEDOUT/,
  ],
  [
    'this machine has no network',
    withFacts({ callback: unreadableFact('ENOTFOUND'), clock: unreadableFact('ENOTFOUND') }),
    'unknown',
    'notify.reachable',
    /ENOTFOUND/,
  ],
];

test.each(rows)('%s', (_what, change, level, check, text) => {
  expect(textsOf(checkNotifyUrl, change, level, check)).toMatch(text);
});

test('cloud pay alone needs no address', () => {
  expect(checkNotifyUrl(cloudPayAlone(soundFacts()))).toEqual([]);
});
