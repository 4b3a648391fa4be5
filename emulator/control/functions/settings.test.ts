import { expect, test } from 'vitest';
import { environment, environmentKeys } from '../../../shared/contract/environment.ts';
import { secretValues, settingsOf } from './settings.ts';

const readable = () => true;
const all = Object.fromEntries(Object.keys(environment).map((key) => [key, `value of ${key}`]));
const SHORT = 'a-word';

test('of keys, openids, addresses that may have a token and the merchant’s own no value leaves the cloud', () => {
  const hidden = Object.keys(environmentKeys).flatMap((name) =>
    settingsOf(name, { ...all, SHOP_TOKEN: 'value of SHOP_TOKEN' }, readable)
      .filter(({ value }) => value === undefined)
      .map((setting) => setting.name),
  );
  expect([...new Set(hidden)].sort()).toEqual(
    [
      'SHOP_TOKEN',
      ...['PRIVATE_KEY', 'PRIVATE_KEY_NEXT', 'API_V3_KEY', 'API_V2_KEY', 'SERVICE_KEY'].map(
        (key) => `WXPAY_${key}`,
      ),
      ...['SERVICE_KEY_NEXT', 'EVENTS_KEY', 'EVENTS_URL', 'PUBLIC_KEY', 'PLATFORM_CERT'].map(
        (key) => `WXPAY_${key}`,
      ),
      'WXPAY_ADMIN_OPENIDS',
    ].sort(),
  );
});

test.each([
  [{ WXPAY_API_V3_KEY: 'x'.repeat(31) }, 'WXPAY_API_V3_KEY', { isSet: true, isWellFormed: false }],
  [{ WXPAY_API_V3_KEY: 'x'.repeat(32) }, 'WXPAY_API_V3_KEY', { isSet: true, isWellFormed: true }],
  [{ WXPAY_LINK: 'apiv3' }, 'WXPAY_LINK', { isSet: true, isWellFormed: false, value: 'apiv3' }],
  [{ WXPAY_LINK: '' }, 'WXPAY_LINK', { isSet: false }],
  [{}, 'WXPAY_LINK', { isSet: false }],
  [{ OWN: 'x' }, 'OWN', { isSet: true }],
])('%j shows its form', (given, key, expected) => {
  const found = settingsOf('refundCallback', given as Record<string, string>, readable);
  const { name, meaning: _, ...rest } = found.find((each) => each.name === key) ?? {};
  expect([name, rest]).toEqual([key, expected]);
});

test('a key that cannot be read is malformed', () => {
  const [setting] = settingsOf('queryOrder', { WXPAY_PRIVATE_KEY: 'x' }, () => false).filter(
    ({ isSet }) => isSet,
  );
  expect(setting).toMatchObject({ name: 'WXPAY_PRIVATE_KEY', isWellFormed: false });
});

test('what must stand in no answer: secrets, each of several keys, long values of the merchant’s own', () => {
  const values = secretValues([
    { WXPAY_EVENTS_KEY: 'whsec_new,whsec_old', WXPAY_MCHID: '1900000109' },
    { WXPAY_ADMIN_OPENIDS: 'oAdmin', OWN: 'a secret of the merchant', STAGE: SHORT },
  ]);
  expect(values).toEqual(['whsec_new', 'whsec_old', 'a secret of the merchant']);
});
