import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { pairs, pemOf, soundSettings } from '../../tests/support/doctor/soundFacts.ts';
import { settingFaults } from '../serverless-tencent/settings/settingFaults.ts';
import { readEnvFile } from './envFile.ts';
import { runInit } from './init.ts';

let root: string;
let written: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pay-common-'));
  written = '';
});

/** Writes a file of another project and reads the answers from it; tells what was refused. */
function init(lines: Record<string, string>): Promise<string> {
  const text = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`);
  return initFrom('pay-common.env', text.join(''));
}

function initFrom(name: string, text: string): Promise<string> {
  writeFileSync(join(root, name), text);
  const write = (more: string) => {
    written += more;
  };
  const ended = runInit(['--from', name], { root, ask: undefined, write });
  return ended.then(() => '', String);
}

const readBack = () => readEnvFile(readFileSync(join(root, '.env'), 'utf8'));

/** One line, the ends of lines as backslash and n, as its guide asks for it. */
const inOneLine = (pem: string) => pem.trim().replaceAll('\n', '\\n');
const privateKey = inOneLine(pemOf(pairs.merchant.privateKey));
const wxPayPublicKey = inOneLine(pemOf(pairs.wechat.publicKey));
const apiV3Key = soundSettings.WXPAY_API_V3_KEY ?? '';
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026112400000000';

/** As its function reads them, and as its template names them. */
const ofFunction = {
  appId: 'wx1234567890abcdef',
  merchantId: '1900000109',
  merchantSerialNumber: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  apiV3Key,
  privateKey,
  wxPayPublicKey,
  wxPayPublicKeyId: PUBLIC_KEY_ID,
};
const ofTemplate = {
  WX_APP_ID: ofFunction.appId,
  MCH_ID: ofFunction.merchantId,
  MCH_SERIAL_NO: ofFunction.merchantSerialNumber,
  API_V3_KEY: apiV3Key,
  PRIVATE_KEY: `"${privateKey}"`,
  WX_PAY_PUBLIC_KEY: `'${wxPayPublicKey}'`,
  WX_PAY_PUBLIC_KEY_ID: PUBLIC_KEY_ID,
};

test.each([
  { spelling: 'its function', lines: ofFunction },
  { spelling: 'its template', lines: ofTemplate },
])('the settings that $spelling names become ours', async ({ lines }) => {
  expect(await init({ ...lines, TCB_ENV_ID: 'pay-1a2b3c' })).toBe('');
  const env = readBack();
  expect(settingFaults(env)).toEqual([]);
  expect(env).toMatchObject({
    TCB_ENV_ID: 'pay-1a2b3c',
    WXPAY_APPID: 'wx1234567890abcdef',
    WXPAY_MCHID: '1900000109',
    WXPAY_SERIAL_NO: ofFunction.merchantSerialNumber,
    WXPAY_API_V3_KEY: apiV3Key,
    WXPAY_PUBLIC_KEY_ID: PUBLIC_KEY_ID,
  });
  const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');
  expect(env.WXPAY_PRIVATE_KEY).toBe(bare(pemOf(pairs.merchant.privateKey)));
  expect(env.WXPAY_PUBLIC_KEY).toBe(bare(pemOf(pairs.wechat.publicKey)));
  expect(written).not.toContain('missing) WXPAY');
  expect(written).toContain(`${Object.keys(lines)[0]} → WXPAY_APPID`);
  expect(written).not.toContain(apiV3Key);
});

test('what has no use here is named with what to do, and nothing of it is written', async () => {
  const more = {
    signMode: 'gateway',
    notifyURLPayURL: 'https://a.integration-callback.tcloudbase.com/wechatpay/order',
    notifyURLRefundsURL: 'https://a.integration-callback.tcloudbase.com/wechatpay/refund',
    transferNotifyUrl: 'https://shop.example.com/wx-pay/transferTrigger',
    service_app_id: 'wxfedcba0987654321',
    corsAllowOrigin: 'https://shop.example.com',
    PORT: '9000',
  };
  expect(await init({ ...ofFunction, ...more })).toBe('');
  for (const key of Object.keys(more)) expect(written).toContain(`  ${key}: `);
  expect(written).toMatch(/signMode: .*集成中心.*Integration Center/);
  expect(written).toMatch(/notifyURLPayURL: .*doctor/);
  const values = Object.values(readBack());
  expect(Object.values(more).filter((value) => values.includes(value))).toEqual([]);
});

test('of a file that signs by itself the signMode is not named', async () => {
  await init({ ...ofFunction, signMode: 'sdk', corsAllowOrigin: '', transferNotifyUrl: '' });
  expect(written).not.toMatch(/signMode|corsAllowOrigin|transferNotifyUrl/);
});

test('two values of one setting are refused by name, the same one twice is none', async () => {
  const refused = await init({ ...ofFunction, MCH_ID: '1900000110' });
  expect(refused).toMatch(/merchantId.*都是 WXPAY_MCHID/);
  expect(refused).not.toContain('1900000110');
  expect(await init({ ...ofFunction, WXPAY_APPID: 'wx0000000000000001' })).toMatch(/appId/);
  expect(existsSync(join(root, '.env'))).toBe(false);
  expect(await init({ ...ofFunction, MCH_ID: ofFunction.merchantId })).toBe('');
});

test('a wrong value is refused by the name that the file has', async () => {
  const refused = await init({ ...ofFunction, apiV3Key: 'k'.repeat(31), merchantId: 'YOUR_MCH' });
  expect(refused).toMatch(/apiV3Key → WXPAY_API_V3_KEY: .*31/);
  expect(refused).toMatch(/merchantId → WXPAY_MCHID: /);
  expect(await init({ ...ofFunction, appid: 'wx1' })).toMatch(/appid: 没有这个变量/);
});

describe('its cloudbaserc.json', () => {
  const functions = [
    { name: 'shop', envVariables: { SHOP: '1', appId: '' } },
    { name: 'pay-common', type: 'HTTP', envVariables: { ...ofFunction, signMode: 'sdk' } },
  ];
  const write = (json: unknown) => initFrom('cloudbaserc.json', JSON.stringify(json));

  test('is read as it is: the environment and the settings of pay-common, of no other function', async () => {
    expect(await write({ version: '2.0', envId: 'pay-1a2b3c', functions })).toBe('');
    expect(readBack()).toMatchObject({ TCB_ENV_ID: 'pay-1a2b3c', WXPAY_MCHID: '1900000109' });
    expect(settingFaults(readBack())).toEqual([]);
    expect(written).toContain('merchantId → WXPAY_MCHID');
  });

  test('leaves out an environment that stands elsewhere', async () => {
    expect(await write({ envId: '{{env.TCB_ENV_ID}}', functions })).toBe('');
    expect(written).toContain('missing) TCB_ENV_ID');
  });

  test('refers to the template’s own file where it holds no values', async () => {
    const envVariables = { merchantId: '{{env.MCH_ID}}', appId: '{{env.WX_APP_ID}}' };
    const placed = { envId: '{{env.TCB_ENV_ID}}', functions: [{ name: 'p', envVariables }] };
    expect(await write(placed)).toMatch(/\{\{env\.…\}\}.*--from.*\.env/);
    expect(existsSync(join(root, '.env'))).toBe(false);
  });

  test.each([
    ['no pay-common', JSON.stringify({ envId: 'e', functions: functions.slice(0, 1) })],
    ['no functions', JSON.stringify({ envId: 'e' })],
    ['no JSON', '{ "functions": [ '],
  ])('is refused with %s', async (_what, text) => {
    expect(await initFrom('cloudbaserc.json', text)).toContain('cloudbaserc.json');
    expect(existsSync(join(root, '.env'))).toBe(false);
  });
});
