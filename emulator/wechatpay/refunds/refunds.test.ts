import { constants, publicEncrypt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWeChat, refusalIn, type WeChatUnderTest } from '../../../tests/support/wechat.ts';
import facts from '../../../tests/vectors/facts.json' with { type: 'json' };
import { ConnectionReset } from '../../world/connectionReset.ts';

const refunds = '/v3/refund/domestic/refunds';
const DAY_S = 86_400;
/** 5.00 of the 19.90 that WECHAT0001 costs. */
const good = {
  out_trade_no: 'WECHAT0001',
  out_refund_no: 'REFUND1',
  reason: '商品已售完',
  notify_url: 'https://shop.example.com/refund/notify',
  amount: { refund: 500, total: 1990, currency: 'CNY' },
};
const part = (refund: number) => ({ amount: { refund, total: 1990, currency: 'CNY' } });

async function openPaid(...how: Parameters<typeof openWeChat>): Promise<WeChatUnderTest> {
  const world = openWeChat(...how);
  world.wechat.cashier(await world.place(), 'pay');
  return world;
}
const refund = ({ ask }: WeChatUnderTest, change: object = {}, how = {}) =>
  ask('POST', refunds, JSON.stringify({ ...good, ...change }), how);
const query = ({ ask }: WeChatUnderTest, no = 'REFUND1', how = {}) =>
  ask('GET', `${refunds}/${encodeURIComponent(no)}`, '', how);
const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
/** Reads the order's refunds at WeChat: number, amount, state. */
const refundsOf = ({ wechat }: WeChatUnderTest) => {
  const { refunds: all } = wechat.truth('WECHAT0001') as { refunds: StoredRefund[] };
  return all.map(({ out_refund_no: no, amount, status }) => [no, amount.refund, status]);
};
interface StoredRefund {
  out_refund_no: string;
  amount: { refund: number };
  status: string;
}

test('a refund is accepted at once, and succeeds seconds later; the order shows REFUND', async () => {
  const world = await openPaid();
  const { transaction_id: transactionId } = world.wechat.truth('WECHAT0001') ?? {};
  const accepted = await refund(world);
  expect(accepted.status).toBe(200);
  expect(accepted.headers.get('wechatpay-signature')).not.toBeNull();
  const acceptedAnswer = await json(accepted);
  expect(acceptedAnswer).toEqual({
    refund_id: expect.stringMatching(/^50\d{27}$/),
    out_refund_no: 'REFUND1',
    transaction_id: transactionId,
    out_trade_no: 'WECHAT0001',
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    create_time: '2026-11-24T10:00:00+08:00',
    status: 'PROCESSING',
    funds_account: 'UNSETTLED',
    amount: {
      total: 1990,
      refund: 500,
      payer_total: 1990,
      payer_refund: 500,
      settlement_refund: 500,
      settlement_total: 1990,
      discount_refund: 0,
      refund_fee: 0,
      from: [],
      currency: 'CNY',
    },
    promotion_detail: [],
  });
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'REFUND' });
  await world.advance(9);
  expect(await json(await query(world))).toEqual(acceptedAnswer);
  await world.advance(1);
  expect(await json(await query(world))).toEqual({
    ...acceptedAnswer,
    status: 'SUCCESS',
    success_time: '2026-11-24T10:00:10+08:00',
  });
  expect(world.wechat.refundTruth('REFUND1')).toMatchObject({ origin: 'api', status: 'SUCCESS' });
});

// The rules of D4012791862, field by field.
test.each<[string, object]>([
  ['out_refund_no', { out_refund_no: undefined }],
  ['out_refund_no', { out_refund_no: '' }],
  ['out_refund_no', { out_refund_no: 'A'.repeat(65) }],
  ['out_refund_no', { out_refund_no: '退款' }],
  ['out_refund_no', { out_refund_no: 'a b' }],
  ['out_refund_no', { out_refund_no: 1 }],
  ['out_trade_no', { out_trade_no: undefined }],
  ['out_trade_no', { out_trade_no: 'short' }],
  ['transaction_id', { transaction_id: '' }],
  ['reason', { reason: '长'.repeat(27) }],
  ['reason', { reason: '' }],
  ['notify_url', { notify_url: 'http://shop.example.com/refund' }],
  ['notify_url', { notify_url: 'https://shop.example.com/refund?a=1' }],
  ['notify_url', { notify_url: `https://shop.example.com/${'x'.repeat(232)}` }],
  ['funds_account', { funds_account: 'MINE' }],
  ['amount', { amount: 500 }],
  ['amount/refund', { amount: { total: 1990, currency: 'CNY' } }],
  ['amount/refund', { amount: { refund: 0, total: 1990, currency: 'CNY' } }],
  ['amount/refund', { amount: { refund: 5.5, total: 1990, currency: 'CNY' } }],
  ['amount/refund', { amount: { refund: -1, total: 1990, currency: 'CNY' } }],
  ['amount/total', { amount: { refund: 500, currency: 'CNY' } }],
  ['amount/currency', { amount: { refund: 500, total: 1990 } }],
  ['amount/currency', { amount: { refund: 500, total: 1990, currency: 'USD' } }],
  ['notify_url', { notify_url: 'https://10.0.0.1/refund' }],
  ['', { refund_fee: 500 }],
  ['', { goods_detail: [{ goods: '1' }] }],
  ['goods_detail/unit_price', { goods_detail: [{ merchant_goods_id: '1' }] }],
])('%s is refused as %o, and nothing is refunded', async (field, change) => {
  const world = await openPaid();
  const refusal = await refusalIn(await refund(world, change));
  const pointer = field === '' ? '' : `/body/${field}`;
  expect(refusal).toEqual({ status: 400, code: 'PARAM_ERROR', field: pointer });
  expect(refundsOf(world)).toEqual([]);
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'SUCCESS' });
});

const numbers = facts.vectors.find(({ id }) => id === 'out-refund-no')?.expected as {
  valid: string[];
};
test.each([
  ...numbers.valid.map((no) => ({ out_refund_no: no })),
  { reason: '长'.repeat(26) },
  { notify_url: `https://shop.example.com/${'x'.repeat(231)}` },
  { reason: undefined, notify_url: undefined },
  part(1990),
  part(1),
])('%o is accepted', async (change) => {
  expect((await refund(await openPaid(), change)).status).toBe(200);
});

test.each<[string, (world: WeChatUnderTest) => Promise<Response>, number, string]>([
  ['of no order', (w) => refund(w, { out_trade_no: 'NOBODY0001' }), 404, 'RESOURCE_NOT_EXISTS'],
  ['of no payment', (w) => refund(w, { transaction_id: '42' }), 404, 'RESOURCE_NOT_EXISTS'],
  [
    'of an unpaid order',
    async (w) => {
      await w.place({ out_trade_no: 'UNPAID0001' });
      return refund(w, { out_trade_no: 'UNPAID0001' });
    },
    404,
    'RESOURCE_NOT_EXISTS',
  ],
  [
    'by another merchant',
    (w) => refund(w, {}, { as: w.wechat.addMerchant('1900000001') }),
    404,
    'RESOURCE_NOT_EXISTS',
  ],
  [
    'with another total',
    (w) => refund(w, { amount: { ...good.amount, total: 1989 } }),
    400,
    'INVALID_REQUEST',
  ],
  ['of more than was paid', (w) => refund(w, part(1991)), 400, 'INVALID_REQUEST'],
  [
    'of two orders at once',
    async (w) => {
      w.wechat.cashier(await w.place({ out_trade_no: 'WECHAT0002' }), 'pay');
      const { transaction_id: id } = w.wechat.truth('WECHAT0002') ?? {};
      return refund(w, { transaction_id: id });
    },
    400,
    'INVALID_REQUEST',
  ],
])('a refund %s is refused', async (_what, act, status, code) => {
  const world = await openPaid();
  expect(await refusalIn(await act(world))).toMatchObject({ status, code });
  expect(refundsOf(world)).toEqual([]);
});

test('WeChat’s own number names the order as well', async () => {
  const world = await openPaid();
  const { transaction_id: id } = world.wechat.truth('WECHAT0001') ?? {};
  const answer = await refund(world, { out_trade_no: undefined, transaction_id: id });
  expect(await json(answer)).toMatchObject({ out_trade_no: 'WECHAT0001', transaction_id: id });
});

test('the same number with the same parameters is the same refund, whatever became of it', async () => {
  const world = await openPaid();
  const first = await json(await refund(world));
  const turned = JSON.stringify(Object.fromEntries(Object.entries(good).reverse()));
  expect(await json(await world.ask('POST', refunds, turned))).toEqual(first);
  world.wechat.steerRefund('REFUND1', 'CLOSED');
  expect(await json(await refund(world))).toEqual({ ...first, status: 'CLOSED' });
  expect(refundsOf(world)).toEqual([['REFUND1', 500, 'CLOSED']]);
});

test.each<[object, string]>([
  [part(501), 'REFUND_FEE_MISMATCH'],
  [{ reason: '质量问题' }, 'INVALID_REQUEST'],
  [{ notify_url: 'https://shop.example.com/other' }, 'INVALID_REQUEST'],
  [{ out_trade_no: 'WECHAT0002' }, 'INVALID_REQUEST'],
])('the same number with %o is refused', async (change, code) => {
  const world = await openPaid();
  world.wechat.cashier(await world.place({ out_trade_no: 'WECHAT0002' }), 'pay');
  await refund(world);
  await world.advance(60);
  expect(await refusalIn(await refund(world, change))).toMatchObject({ code });
  expect(refundsOf(world)).toHaveLength(1);
});

test('a number is one merchant’s: another merchant may use it, and sees nothing of the first', async () => {
  const world = await openPaid();
  await refund(world);
  const other = { as: world.wechat.addMerchant('1900000001') };
  expect(await refusalIn(await query(world, 'REFUND1', other))).toMatchObject({
    status: 404,
    code: 'RESOURCE_NOT_EXISTS',
  });
});

test('parts add up to what was paid and no further, a minute apart', async () => {
  const world = await openPaid();
  const parts: [string, number, number, number][] = [
    ['PART1', 1000, 0, 200],
    ['PART2', 500, 59, 429],
    ['PART2', 500, 1, 200],
    ['PART3', 491, 60, 400],
    ['PART3', 490, 0, 200],
    ['PART4', 1, 60, 400],
  ];
  for (const [no, fee, laterS, status] of parts) {
    await world.advance(laterS);
    const answer = await refund(world, { out_refund_no: no, ...part(fee) });
    expect([no, fee, answer.status]).toEqual([no, fee, status]);
  }
  expect(refundsOf(world).map(([, fee]) => fee)).toEqual([1000, 500, 490]);
});

test('a closed refund gives its sum back, for a new number', async () => {
  const world = await openPaid();
  await refund(world, part(1990));
  world.wechat.steerRefund('REFUND1', 'CLOSED');
  await world.advance(60);
  const again = await refund(world, { out_refund_no: 'REFUND2', ...part(1990) });
  expect(again.status).toBe(200);
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'REFUND' });
});

test('fifty parts, and no more', async () => {
  const world = await openPaid();
  for (let i = 1; i <= 50; i += 1) {
    expect((await refund(world, { out_refund_no: `PART${i}`, ...part(1) })).status).toBe(200);
    await world.advance(60);
  }
  const tooMany = await refund(world, { out_refund_no: 'PART51', ...part(1) });
  expect(await refusalIn(tooMany)).toMatchObject({ code: 'INVALID_REQUEST' });
  expect(refundsOf(world)).toHaveLength(50);
});

test('within 365 days of the payment', async () => {
  const world = await openPaid();
  await world.advance(365 * DAY_S);
  expect((await refund(world)).status).toBe(200);
  await world.advance(60);
  const late = await refund(world, { out_refund_no: 'REFUND2' });
  expect(await refusalIn(late)).toMatchObject({ code: 'TRADE_OVERDUE' });
});

test('of a hundred requests at once under their own numbers one is accepted; under one number, one refund', async () => {
  const world = await openPaid();
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, i) => refund(world, { out_refund_no: `PARALLEL${i}` })),
  );
  expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(refundsOf(world)).toHaveLength(1);
  const other = await openPaid();
  const same = await Promise.all(Array.from({ length: 100 }, () => refund(other)));
  const ids = await Promise.all(same.map(async (answer) => (await json(answer)).refund_id));
  expect(new Set(ids).size).toBe(1);
  expect(refundsOf(other)).toEqual([['REFUND1', 500, 'PROCESSING']]);
});

test.each([
  ['error', 'NOT_ENOUGH', 403, 'NOT_ENOUGH'],
  ['error', 'USER_ACCOUNT_ABNORMAL', 403, 'USER_ACCOUNT_ABNORMAL'],
  ['error', 'SYSTEM_ERROR', 500, 'SYSTEM_ERROR'],
  ['error', 'RESOURCE_NOT_EXISTS', 404, 'RESOURCE_NOT_EXISTS'],
  ['throttled', '', 429, 'FREQUENCY_LIMITED'],
] as const)(
  'fault %s %s: nothing is refunded, and the same request works later',
  async (kind, code, status, answered) => {
    const world = await openPaid();
    world.world.faults.set([{ at: 'wechatpay.refund', kind, times: 1, code }]);
    expect(await refusalIn(await refund(world))).toMatchObject({ status, code: answered });
    expect(refundsOf(world)).toEqual([]);
    expect((await refund(world)).status).toBe(200);
    world.world.faults.set([{ at: 'wechatpay.queryRefund', kind, times: 1, code }]);
    expect(await refusalIn(await query(world))).toMatchObject({ status, code: answered });
  },
);

test('a lost request refunds nothing, a lost answer does', async () => {
  const world = await openPaid();
  const lose = (kind: 'lost_request' | 'lost_answer') =>
    world.world.faults.set([{ at: 'wechatpay.refund', kind, times: 1 }]);
  lose('lost_request');
  await expect(refund(world)).rejects.toMatchObject({ acted: false });
  expect((await query(world)).status).toBe(404);
  lose('lost_answer');
  await expect(refund(world)).rejects.toThrow(ConnectionReset);
  expect(await json(await query(world))).toMatchObject({ status: 'PROCESSING' });
});

test('a slow bank keeps a refund PROCESSING for as long as the fault says', async () => {
  const world = await openPaid();
  const delayMs = 3 * DAY_S * 1000;
  world.world.faults.set([{ at: 'wechatpay.refundMoney', kind: 'slow', delayMs, times: 1 }]);
  await refund(world);
  await world.advance(3 * DAY_S - 1);
  expect(refundsOf(world)).toEqual([['REFUND1', 500, 'PROCESSING']]);
  await world.advance(1);
  expect(refundsOf(world)).toEqual([['REFUND1', 500, 'SUCCESS']]);
});

test('an unknown state in an answer is validly signed', async () => {
  const world = await openPaid();
  await refund(world);
  world.world.faults.set([{ at: 'wechatpay.queryRefund', kind: 'mutated', code: 'UNKNOWN_STATE' }]);
  expect(await json(await query(world))).toMatchObject({ status: 'SOMETHING_NEW' });
});

// Every state, and where it can be moved.
test.each([
  [[], 'SUCCESS', true],
  [[], 'CLOSED', true],
  [[], 'ABNORMAL', true],
  [['ABNORMAL'], 'SUCCESS', true],
  [['ABNORMAL'], 'CLOSED', false],
  [['ABNORMAL'], 'ABNORMAL', false],
  [['SUCCESS'], 'CLOSED', false],
  [['SUCCESS'], 'ABNORMAL', false],
  [['CLOSED'], 'SUCCESS', false],
  [['CLOSED'], 'ABNORMAL', false],
] as const)('a refund that is %j moved to %s: %s', async (before, to, moves) => {
  const world = await openPaid();
  await refund(world);
  for (const state of before) world.wechat.steerRefund('REFUND1', state);
  const answer = world.wechat.steerRefund('REFUND1', to);
  expect('refused' in answer).toBe(!moves);
  const expected = moves ? to : before.at(-1);
  await world.advance(DAY_S);
  expect(refundsOf(world)).toEqual([['REFUND1', 500, expected]]);
});

test('a paid order that was refunded is neither closed, nor placed, nor paid again', async () => {
  const world = openWeChat();
  const prepayId = await world.place();
  world.wechat.cashier(prepayId, 'pay');
  await refund(world);
  const path = '/v3/pay/transactions/out-trade-no/WECHAT0001';
  const closed = await world.ask('POST', `${path}/close`, '{"mchid":"1900000109"}');
  expect(await refusalIn(closed)).toMatchObject({ code: 'ORDERPAID' });
  expect(await world.place()).toBeUndefined();
  expect(world.wechat.cashier(prepayId, 'pay')).toEqual({
    errMsg: 'requestPayment:fail 该订单已支付',
  });
  const asked = await world.ask('GET', `${path}?mchid=1900000109`);
  expect(await json(asked)).toMatchObject({
    trade_state: 'REFUND',
    transaction_id: expect.any(String),
    amount: { total: 1990 },
  });
});

test('a refund in the merchant console has a number of its own and keeps to the same limits', async () => {
  const world = await openPaid();
  const made = world.wechat.consoleRefund('WECHAT0001', 300);
  expect(made).toMatchObject({ origin: 'console', amount: { refund: 300 }, status: 'PROCESSING' });
  const { out_refund_no: no } = made as { out_refund_no: string };
  expect(await json(await query(world, no))).toMatchObject({ amount: { refund: 300 } });
  await world.advance(60);
  expect(await json(await query(world, no))).toMatchObject({ status: 'SUCCESS' });
  expect(world.wechat.consoleRefund('WECHAT0001', 1691)).toMatchObject({
    refused: 'INVALID_REQUEST',
  });
  expect(world.wechat.consoleRefund('WECHAT0001', 0)).toMatchObject({ refused: 'PARAM_ERROR' });
  expect(world.wechat.consoleRefund('NOBODY0001', 1)).toMatchObject({
    refused: 'RESOURCE_NOT_EXISTS',
  });
  expect((await refund(world, part(1690))).status).toBe(200);
  // Only the payment was notified: this console names no address for refunds.
  expect(world.delivered.map(({ url }) => url)).toEqual(['https://shop.example.com/pay/notify']);
});

/** An abnormal refund, with all that it takes to apply for it again. */
async function openAbnormal() {
  const world = await openPaid();
  const { refund_id: id } = await json(await refund(world));
  world.wechat.steerRefund('REFUND1', 'ABNORMAL');
  const encrypt = (text: string, pem: string, hash = 'sha1') => {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return publicEncrypt({ key: pem, padding, oaepHash: hash }, Buffer.from(text)).toString(
      'base64',
    );
  };
  const applyAbnormal = (body: object, how = {}, refundId = String(id)) =>
    world.ask('POST', `${refunds}/${refundId}/apply-abnormal-refund`, JSON.stringify(body), how);
  const card = (pem: string, hash?: string) => ({
    out_refund_no: 'REFUND1',
    type: 'USER_BANK_CARD',
    bank_type: 'ICBC_DEBIT',
    bank_account: encrypt('6222020000001234', pem, hash),
    real_name: encrypt('张三', pem, hash),
  });
  return { world, applyAbnormal, card };
}

test('an abnormal refund is sent to a bank card, encrypted with either of WeChat’s keys', async () => {
  for (const kind of ['publicKey', 'certificate'] as const) {
    const { world, applyAbnormal, card } = await openAbnormal();
    const { publicKeyPem, platformCertificatePem, platformSerial } = world.merchant;
    const how = kind === 'publicKey' ? {} : { headers: { 'wechatpay-serial': platformSerial } };
    const body = card(kind === 'publicKey' ? publicKeyPem : platformCertificatePem);
    const answer = await applyAbnormal(body, how);
    expect(await json(answer)).toMatchObject({
      channel: 'OTHER_BANKCARD',
      user_received_account: 'ICBC借记卡1234',
    });
    expect((await applyAbnormal(body, how)).status).toBe(200);
    await world.advance(10);
    expect(refundsOf(world)).toEqual([['REFUND1', 500, 'SUCCESS']]);
    expect(JSON.stringify(world.world.timeline.recent())).not.toContain('6222020000001234');
  }
});

test('or sent back to the merchant', async () => {
  const { world, applyAbnormal } = await openAbnormal();
  const answer = await applyAbnormal({ out_refund_no: 'REFUND1', type: 'MERCHANT_BANK_CARD' });
  expect(await json(answer)).toMatchObject({ user_received_account: '商户结算银行账户' });
  await world.advance(10);
  expect(refundsOf(world)).toEqual([['REFUND1', 500, 'SUCCESS']]);
});

test('what does not open with WeChat’s key, or is not abnormal, is not sent again', async () => {
  const { world, applyAbnormal, card } = await openAbnormal();
  const { publicKeyPem, platformCertificatePem } = world.merchant;
  const merchantBack = { out_refund_no: 'REFUND1', type: 'MERCHANT_BANK_CARD' };
  const { bank_account: _absent, ...withoutAccount } = card(publicKeyPem);
  const refusals: [Promise<Response>, string][] = [
    [applyAbnormal(card(platformCertificatePem)), 'PARAM_ERROR'],
    [applyAbnormal(card(publicKeyPem, 'sha256')), 'PARAM_ERROR'],
    [applyAbnormal({ ...card(publicKeyPem), real_name: '张三' }), 'PARAM_ERROR'],
    [applyAbnormal(withoutAccount), 'PARAM_ERROR'],
    [applyAbnormal({ ...merchantBack, type: 'CASH' }), 'PARAM_ERROR'],
    [applyAbnormal({ ...merchantBack, out_refund_no: 'REFUND2' }), 'INVALID_REQUEST'],
    [applyAbnormal(merchantBack, {}, '50300000'), 'RESOURCE_NOT_EXISTS'],
    [
      applyAbnormal(merchantBack, { as: world.wechat.addMerchant('1900000001') }),
      'RESOURCE_NOT_EXISTS',
    ],
  ];
  for (const [answer, code] of refusals)
    expect(await refusalIn(await answer)).toMatchObject({ code });
  await world.advance(DAY_S);
  expect(refundsOf(world)).toEqual([['REFUND1', 500, 'ABNORMAL']]);
  world.wechat.steerRefund('REFUND1', 'SUCCESS');
  expect(await refusalIn(await applyAbnormal(merchantBack))).toMatchObject({
    code: 'INVALID_REQUEST',
  });
});

test('refunds, and what they are still to become, survive a restart; a reset forgets them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scf-wechatpay-'));
  const first = await openPaid({}, join(folder, 'data.db'));
  await refund(first);
  first.world.data.close();
  const second = openWeChat({}, join(folder, 'data.db'));
  expect(refundsOf(second)).toEqual([['REFUND1', 500, 'PROCESSING']]);
  expect(second.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'REFUND' });
  // As after a death between striking off the item and booking it.
  second.world.agenda.cancel('wechatpay.refund', '1900000109 REFUND1');
  second.world.data.close();
  const third = openWeChat({}, join(folder, 'data.db'));
  await third.advance(10);
  expect(refundsOf(third)).toEqual([['REFUND1', 500, 'SUCCESS']]);
  third.wechat.reset();
  expect(third.wechat.refundTruth('REFUND1')).toBeUndefined();
  third.world.data.close();
  rmSync(folder, { recursive: true });
});

test('when the second half of a refund cannot be written, there is no first half', async () => {
  const world = await openPaid();
  world.world.data.db.exec(`CREATE TRIGGER no_change BEFORE INSERT ON agenda
    WHEN NEW.kind = 'wechatpay.refund' BEGIN SELECT RAISE(ABORT, 'disk'); END`);
  await expect(refund(world)).rejects.toThrow();
  expect(refundsOf(world)).toEqual([]);
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'SUCCESS' });
});
