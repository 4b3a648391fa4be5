import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  type CloudPayUnderTest,
  goodCloudRefund,
  named,
  openCloudPay,
} from '../../../tests/support/cloudPay.ts';

const { out_trade_no: _, ...merchant } = named;
const billRequest = { ...merchant, bill_date: '20261124' };
const DAY_S = 86_400;

/** A day of both links: one order each, and a refund. */
async function day(world: CloudPayUnderTest): Promise<void> {
  await world.paid();
  world.wechat.cashier(await world.place(), 'pay');
  await world.pay('refund', goodCloudRefund);
  await world.advance(DAY_S);
}

test.each([
  ['ALL', ['CLOUD00001', 'WECHAT0001', 'REFUND0001']],
  ['SUCCESS', ['CLOUD00001', 'WECHAT0001']],
  ['REFUND', ['REFUND0001']],
])('the %s bill holds the orders of both links', async (bill_type, numbers) => {
  const world = openCloudPay();
  await day(world);
  const { text = '' } = await world.pay('downloadBill', { ...billRequest, bill_type });
  expect(text.startsWith('\uFEFF交易时间')).toBe(true);
  for (const number of numbers) expect(text).toContain(`\`${number}`);
  const [, ...rest] = text.split('\r\n');
  expect(rest.filter((line) => line.startsWith('`2026'))).toHaveLength(numbers.length);
});

test('packed, it is the same file', async () => {
  const world = openCloudPay();
  await day(world);
  const plain = await world.pay('downloadBill', billRequest);
  const requestData = JSON.stringify({ ...billRequest, tar_type: 'GZIP' });
  const packed = await world.wechat.cloudPay({ apiName: 'downloadBill', requestData });
  const bytes = packed.kind === 'answered' ? packed.bytes : Buffer.alloc(0);
  expect(gunzipSync(bytes).toString()).toBe(plain.text);
});

test('a bill that names no merchant is the one of this cloud’s', async () => {
  const world = openCloudPay();
  await day(world);
  const { sub_mch_id: _none, ...request } = billRequest;
  const { text } = await world.pay('downloadBill', request);
  expect(text).toContain('CLOUD00001');
});

test.each<[string, string, object]>([
  ['20002', 'No Bill Exist', { bill_date: '20261123' }],
  ['20002', 'No Bill Exist', { bill_date: '20261125' }],
  ['20002', 'No Bill Exist', { bill_date: '20200101' }],
  ['20002', 'No Bill Exist', { bill_type: 'RECHARGE_REFUND' }],
  ['20001', 'invalid bill_type', { bill_type: 'SOME' }],
  ['20001', 'data format error', { bill_date: '20261399' }],
  ['20001', 'data format error', { bill_date: '1' }],
])('%s %s: %o', async (error_code, return_msg, change) => {
  const world = openCloudPay();
  await day(world);
  const answer = await world.pay('downloadBill', { ...billRequest, ...change });
  expect(answer).toEqual({ return_code: 'FAIL', return_msg, error_code });
});

test('a bill is there after ten o’clock of the next day', async () => {
  const world = openCloudPay();
  await world.paid();
  await world.advance(DAY_S - 1);
  expect(await world.pay('downloadBill', billRequest)).toMatchObject({
    return_msg: 'Bill Creating',
  });
  await world.advance(1);
  expect((await world.pay('downloadBill', billRequest)).text).toContain('CLOUD00001');
});
