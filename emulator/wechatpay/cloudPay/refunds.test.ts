import { expect, test } from 'vitest';
import { goodCloudRefund, named, openCloudPay } from '../../../tests/support/cloudPay.ts';
import { refusalIn } from '../../../tests/support/wechat.ts';

const YEAR_S = 365 * 86_400;
const { out_trade_no: _, ...nameless } = goodCloudRefund;

test('a refund is accepted, and its answer leaves open whether the money is back', async () => {
  const { pay, paid, wechat, advance } = openCloudPay();
  const transactionId = await paid();
  expect(await pay('refund', goodCloudRefund)).toMatchObject({
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    sub_mch_id: '1900000109',
    transaction_id: transactionId,
    out_trade_no: 'CLOUD00001',
    out_refund_no: 'REFUND0001',
    refund_id: expect.stringMatching(/^503000\d+$/),
    refund_fee: 990,
    settlement_refund_fee: 990,
    total_fee: 1990,
    cash_fee: 1990,
  });
  expect(wechat.refundTruth('REFUND0001')).toMatchObject({ status: 'PROCESSING' });
  expect(await pay('queryOrder', named)).toMatchObject({ trade_state: 'REFUND', total_fee: 1990 });
  await advance(10);
  expect(wechat.refundTruth('REFUND0001')).toMatchObject({ status: 'SUCCESS' });
});

test('the same number with the same parameters is the same refund, whatever the nonce', async () => {
  const { pay, paid, wechat } = openCloudPay();
  await paid();
  const first = await pay('refund', goodCloudRefund);
  const second = await pay('refund', { ...goodCloudRefund, nonce_str: 'another' });
  expect(second.refund_id).toBe(first.refund_id);
  const { refunds } = wechat.truth('CLOUD00001') as { refunds: unknown[] };
  expect(refunds).toHaveLength(1);
});

// Money that must not leave, by the code of the refusal.
test.each<[string, object, object?]>([
  ['ORDERNOTEXIST', { out_trade_no: 'NOBODY0001' }],
  ['MCHID_NOT_EXIST', { sub_mch_id: '1900000001' }],
  ['INVALID_REQUEST', { total_fee: 1991 }],
  ['INVALID_REQUEST', { refund_fee: 1991 }],
  ['REFUND_FEE_MISMATCH', { refund_fee: 991 }, {}],
  ['INVALID_REQUEST', { refund_desc: '不要了' }, {}],
  ['FREQUENCY_LIMITED', { out_refund_no: 'REFUND0002' }, {}],
])('%s: %o', async (code, change, before) => {
  const { pay, paid } = openCloudPay();
  await paid();
  if (before) await pay('refund', goodCloudRefund);
  const answer = await pay('refund', { ...goodCloudRefund, ...change });
  expect(answer).toMatchObject({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: code });
});

test('an unpaid order and one of last year give nothing back', async () => {
  const { pay, order, wechat, advance } = openCloudPay();
  const prepayId = await order();
  expect(await pay('refund', goodCloudRefund)).toMatchObject({ err_code: 'ORDERNOTEXIST' });
  wechat.cashier(prepayId, 'pay');
  await advance(YEAR_S + 1);
  expect(await pay('refund', goodCloudRefund)).toMatchObject({ err_code: 'TRADE_OVERDUE' });
});

test.each<[string, object]>([
  ['sub_mch_id is empty', { sub_mch_id: '' }],
  ['out_refund_no is empty', { out_refund_no: undefined }],
  ['out_refund_no参数', { out_refund_no: 'x'.repeat(65) }],
  ['transaction_id和out_trade_no', { out_trade_no: undefined }],
  ['refund_fee参数', { refund_fee: 0 }],
  ['refund_account参数', { refund_account: 'MINE' }],
])('%s: %o', async (message, change) => {
  const { pay, paid } = openCloudPay();
  await paid();
  const answer = await pay('refund', { ...goodCloudRefund, ...change });
  expect(answer).toEqual({ return_code: 'FAIL', return_msg: expect.stringContaining(message) });
});

test('an amount that is a string does not get through the platform', async () => {
  const { pay, paid } = openCloudPay();
  await paid();
  const answer = await pay('refund', { ...goodCloudRefund, refund_fee: '990' });
  expect(answer).toMatchObject({ platform: { message: 'refund:fail wx api error: -202' } });
});

test.each(['transaction_id', 'out_trade_no', 'out_refund_no', 'refund_id'] as const)(
  'the refund query by %s answers how many there are, and leaves what they are empty',
  async (by) => {
    const { pay, paid } = openCloudPay();
    await paid();
    const made = await pay('refund', goodCloudRefund);
    const { sub_mch_id, nonce_str } = named;
    const answer = await pay('queryRefund', { sub_mch_id, nonce_str, [by]: made[by] });
    expect(answer).toMatchObject({
      result_code: 'SUCCESS',
      out_trade_no: 'CLOUD00001',
      refund_count: 1,
      out_refund_no_list: [],
      refund_id_list: [],
      refund_fee_list: [],
      refund_status_list: [],
      refund_success_time_list: [],
    });
  },
);

test('an unknown refund is REFUNDNOTEXIST, and so is that of an order without one', async () => {
  const { pay, paid } = openCloudPay();
  await paid();
  const unknown = { ...named, out_trade_no: undefined, out_refund_no: 'NOBODY0001' };
  for (const request of [unknown, named]) {
    const answer = await pay('queryRefund', request);
    expect(answer).toMatchObject({ result_code: 'FAIL', err_code: 'REFUNDNOTEXIST' });
  }
});

const v3Refund = {
  out_refund_no: 'REFUND0001',
  out_trade_no: 'CLOUD00001',
  amount: { refund: 990, total: 1990, currency: 'CNY' },
};

test('refunds keep to the link of their order', async () => {
  const { ask, pay, paid, place, wechat } = openCloudPay();
  await paid();
  const refunds = '/v3/refund/domestic/refunds';
  const early = await ask('POST', refunds, JSON.stringify(v3Refund));
  expect(await refusalIn(early)).toMatchObject({ code: 'RESOURCE_NOT_EXISTS' });
  await pay('refund', goodCloudRefund);
  const seen = await ask('GET', `${refunds}/REFUND0001`);
  expect(await refusalIn(seen)).toMatchObject({ code: 'RESOURCE_NOT_EXISTS' });
  const again = await ask('POST', refunds, JSON.stringify(v3Refund));
  expect(await refusalIn(again)).toMatchObject({ code: 'INVALID_REQUEST' });
  wechat.cashier(await place(), 'pay');
  const theirs = { ...goodCloudRefund, out_trade_no: 'WECHAT0001', out_refund_no: 'REFUND0002' };
  expect(await pay('refund', theirs)).toMatchObject({ err_code: 'ORDERNOTEXIST' });
});

test('the merchant console refunds an order of CloudPay too, without a callback', async () => {
  const { pay, paid, wechat, advance, called } = openCloudPay();
  await paid();
  await advance(1);
  expect(wechat.consoleRefund('CLOUD00001', 1990)).toMatchObject({ origin: 'console' });
  await advance(3600);
  expect(called).toHaveLength(1);
  expect(await pay('queryOrder', named)).toMatchObject({ trade_state: 'REFUND' });
  const another = { ...nameless, out_trade_no: 'CLOUD00001', refund_fee: 1 };
  expect(await pay('refund', another)).toMatchObject({ err_code: 'INVALID_REQUEST' });
});
