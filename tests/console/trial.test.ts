import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  type Contract,
  curlOf,
  exampleOf,
  trialBody,
} from '../../emulator/console/pages/api/trial.ts';
import { describeContracts } from '../../emulator/control/contracts/contracts.ts';

const contracts = describeContracts();
const named = (name: string) => contracts.find((each) => each.name === name) as Contract;
const now = new Date('2026-11-30T10:00:00Z');

test.each([
  ['user', { openid: 'oLocalUser' }],
  ['admin', { openid: 'oLocalAdmin' }],
  ['service', { service: true }],
  ['stranger', { openid: 'oLocalStranger' }],
] as const)('%s calls as %j', (role, who) => {
  expect(trialBody('queryOrder', role, { a: 1 })).toEqual({
    name: 'queryOrder',
    data: { a: 1 },
    ...who,
  });
});

test.each([
  ['queryOrder', { outTradeNo: 'T1' }],
  ['closeOrder', { outTradeNo: 'T1' }],
  ['refund', { outTradeNo: 'T1', outRefundNo: 'TRY1796032800000R', refundFee: 1 }],
  ['listAttention', {}],
  ['downloadBill', { billDate: '2026-11-29' }],
  ['deliverEvents', { outTradeNo: 'T1' }],
  [
    'decideOrder',
    {
      decision: 'acceptPayment',
      outTradeNo: 'T1',
      transactionId: '42000000001796032800000',
      reason: '试一试',
    },
  ],
  ['closeStaleOrders', { Type: 'Timer' }],
])('%s is tried with what it needs', (name, example) => {
  expect(JSON.parse(exampleOf(named(name), { outTradeNo: 'T1' }, now))).toEqual(example);
});

test('a new order takes a new number', () => {
  expect(JSON.parse(exampleOf(named('unifiedOrder'), { outTradeNo: 'T1' }, now))).toEqual({
    body: '咖啡',
    totalFee: 1,
    outTradeNo: 'TRY1796032800000',
    openid: 'oLocalUser',
  });
});

test('where the merchant’s function names prices, the first try asks for goods', () => {
  const example = exampleOf(named('unifiedOrder'), { productId: 'latte' }, now);
  expect(JSON.parse(example)).toEqual({ request: { productId: 'latte' } });
});

test('a shell reads the very text, quotes too', () => {
  const data = { body: 'it\'s "$HOME" `x` \\ 咖啡' };
  const command = curlOf('http://127.0.0.1:1', trialBody('unifiedOrder', 'user', data));
  const words = command.replace('curl', "printf '%s\\n'");
  const printed = execFileSync('sh', ['-c', words], { encoding: 'utf8' }).split('\n');
  expect(JSON.parse(printed.at(-2) ?? '')).toMatchObject({ data });
});
