import { describe, expect, test } from 'vitest';
import { paidOrder } from '../../../../tests/support/wechatSide.ts';
import notify from '../../../../tests/vectors/v3-notify.json' with { type: 'json' };
import { fen } from '../../../domain/money.ts';
import { type Evidence, TRADE_STATES } from '../../../domain/order/evidence.ts';
import type { Terms } from '../../../domain/order/order.ts';
import { merchantModeOf } from './merchantMode.ts';
import { closeBody, orderBody, paths, readBillPlace, readOrder, readPrepayId } from './order.ts';

const mode = merchantModeOf();
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const evidenceOf = (order: unknown) => readOrder(bytes(order), mode, 'query').evidence;

const terms: Terms = {
  link: 'apiV3',
  mchid: '1900007291',
  appid: 'wxd678efh567hg6787',
  outTradeNo: '1217752501201407033233368018',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  body: 'Image形象店-深圳腾大-QQ公仔',
  totalFee: fen(100),
  createdAt: new Date('2026-11-24T00:00:00Z'),
  expiresAt: new Date('2026-11-24T00:30:00.999Z'),
};

describe('what we say', () => {
  test('an order, field by field, in an order that never changes', () => {
    const body = orderBody({ ...terms, attach: '自定义' }, mode, 'https://shop.example/pay/notify');
    expect(body).toBe(
      '{"appid":"wxd678efh567hg6787","mchid":"1900007291",' +
        '"description":"Image形象店-深圳腾大-QQ公仔",' +
        '"out_trade_no":"1217752501201407033233368018",' +
        '"time_expire":"2026-11-24T08:30:00+08:00","attach":"自定义",' +
        '"notify_url":"https://shop.example/pay/notify",' +
        '"amount":{"total":100,"currency":"CNY"},' +
        '"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}',
    );
  });

  test('an order without attach says nothing of it', () => {
    expect(JSON.parse(orderBody(terms, mode, 'https://x.example/n'))).not.toHaveProperty('attach');
  });

  test('the merchant number is in the query string of a query, in the body of a close', () => {
    expect(paths.query(mode, 'a|b*c-d_e', '1900007291')).toBe(
      '/v3/pay/transactions/out-trade-no/a%7Cb*c-d_e?mchid=1900007291',
    );
    expect(paths.queryById(mode, '4200', '1900007291')).toBe(
      '/v3/pay/transactions/id/4200?mchid=1900007291',
    );
    expect(paths.close(mode, 'a|b*c-d_e')).toBe(
      '/v3/pay/transactions/out-trade-no/a%7Cb*c-d_e/close',
    );
    expect(closeBody(mode, '1900007291')).toBe('{"mchid":"1900007291"}');
  });

  test('a number can never leave its place in the path', () => {
    expect(paths.query(mode, '../../x?y#z', '1')).toBe(
      '/v3/pay/transactions/out-trade-no/..%2F..%2Fx%3Fy%23z?mchid=1',
    );
  });
});

describe('what an order is evidence of', () => {
  const expected: Record<(typeof TRADE_STATES)[number], Evidence['kind']> = {
    SUCCESS: 'paid',
    REFUND: 'paid',
    NOTPAY: 'unpaid',
    CLOSED: 'closed',
    REVOKED: 'failed',
    USERPAYING: 'unpaid',
    PAYERROR: 'failed',
  };

  test.each(TRADE_STATES)('%s', (word) => {
    expect(evidenceOf({ ...paidOrder, trade_state: word }).kind).toBe(expected[word]);
  });

  test.each(['ACCEPT', 'success', 'SUCCESSFUL', '__proto__', 'constructor'])(
    '%s: unknown',
    (word) => {
      const { out_trade_no: outTradeNo, mchid } = paidOrder;
      const order = { out_trade_no: outTradeNo, mchid, trade_state: word };
      expect(evidenceOf(order)).toEqual({ kind: 'unknown', via: 'query', outTradeNo, code: word });
    },
  );

  test('a payment keeps the word that proved it', () => {
    expect(evidenceOf({ ...paidOrder, trade_state: 'REFUND' })).toMatchObject({
      tradeState: 'REFUND',
    });
  });

  test('a refunded order may lack amount and time of its payment, a paid one may not', () => {
    const { amount, success_time: time, ...bare } = paidOrder;
    const sparse = evidenceOf({ ...bare, trade_state: 'REFUND' });
    expect(sparse).toMatchObject({ kind: 'paid', tradeState: 'REFUND', currency: 'CNY' });
    expect(sparse).not.toHaveProperty('totalFee');
    expect(sparse).not.toHaveProperty('paidAt');
    const empty = { ...bare, trade_state: 'REFUND', success_time: '', amount: {} };
    expect(evidenceOf(empty)).toEqual(sparse);
    expect(() => evidenceOf({ ...bare, success_time: time })).toThrow('amount');
    expect(() => evidenceOf({ ...bare, amount })).toThrow('success_time');
  });

  test.each([{ amount: [] }, { amount: { total: '1' } }, { success_time: 'soon' }])(
    'what a refunded order may lack costs nothing where it is malformed, of a paid one all: %o',
    (malformed) => {
      const { amount, success_time: _time, ...bare } = paidOrder;
      const refunded = { ...bare, trade_state: 'REFUND' };
      expect(evidenceOf({ ...refunded, ...malformed })).toEqual(evidenceOf(refunded));
      expect(() => evidenceOf({ ...paidOrder, ...malformed })).toThrow();
      const { currency } = amount;
      expect(evidenceOf({ ...refunded, amount: { total: '1', currency } })).toMatchObject({
        currency,
      });
    },
  );

  test('the number of a payment that an open order has costs nothing, whatever it is', () => {
    const { transaction_id: _id, ...rest } = paidOrder;
    const open = { ...rest, trade_state: 'NOTPAY' };
    const read = (more: object) => readOrder(bytes({ ...open, ...more }), mode, 'query');
    expect(read({ transaction_id: {} })).toEqual(read({}));
    expect(read({ transaction_id: '420' })).toMatchObject({ transactionId: '420' });
  });

  test('a payment carries all that is compared', () => {
    expect(readOrder(bytes(paidOrder), mode, 'callback')).toEqual({
      merchantIds: { mchid: paidOrder.mchid },
      transactionId: paidOrder.transaction_id,
      evidence: {
        kind: 'paid',
        via: 'callback',
        outTradeNo: paidOrder.out_trade_no,
        tradeState: 'SUCCESS',
        transactionId: paidOrder.transaction_id,
        // What was agreed, not what was left to pay after coupons.
        totalFee: 100,
        currency: 'CNY',
        mchid: paidOrder.mchid,
        appid: paidOrder.appid,
        openid: paidOrder.payer.openid,
        paidAt: new Date('2026-11-24T09:07:11Z'),
      },
    });
  });

  test('the real payment of the vectors', () => {
    const { evidence } = readOrder(
      Buffer.from(notify.vectors[0]!.expected.resource_plaintext!),
      mode,
      'callback',
    );
    expect(evidence).toMatchObject({
      kind: 'paid',
      outTradeNo: 'S20210128170702357723',
      totalFee: 1,
      mchid: '1601959334',
      openid: 'ofyak5qR_1wYsC99CsWA6R9MJazA',
      paidAt: new Date('2021-01-28T09:07:11Z'),
    });
  });

  test('what WeChat does not say is absent, not empty; no currency means yuan', () => {
    const { appid: _a, payer: _p, ...rest } = paidOrder;
    const evidence = evidenceOf({ ...rest, amount: { total: 100 } });
    expect(evidence).not.toHaveProperty('appid');
    expect(evidence).not.toHaveProperty('openid');
    expect(evidence).toMatchObject({ currency: 'CNY' });
  });
});

describe('a paid order with one thing wrong is malformed, never a payment', () => {
  test.each<[string, Record<string, unknown>]>([
    ['out_trade_no', { out_trade_no: undefined }],
    ['out_trade_no', { out_trade_no: 1217752501 }],
    ['trade_state', { trade_state: undefined }],
    ['trade_state', { trade_state: ['SUCCESS'] }],
    ['transaction_id', { transaction_id: undefined }],
    ['transaction_id', { transaction_id: '' }],
    ['mchid', { mchid: undefined }],
    ['mchid', { mchid: 1900000109 }],
    ['appid', { appid: 1 }],
    ['payer', { payer: 'o' }],
    ['payer.openid', { payer: { openid: {} } }],
    ['success_time', { success_time: undefined }],
    ['success_time', { success_time: '20261124170711' }],
    ['success_time', { success_time: '2026-02-30T17:07:11+08:00' }],
    ['amount', { amount: undefined }],
    ['amount', { amount: 100 }],
    ['amount.total', { amount: {} }],
    ['amount.total', { amount: { total: '100' } }],
    ['amount.total', { amount: { total: 100.5 } }],
    ['amount.total', { amount: { total: -100 } }],
    ['amount.total', { amount: { total: 2 ** 53 } }],
    ['amount.currency', { amount: { total: 100, currency: 1 } }],
  ])('%s: %o', (field, wrong) => {
    expect(() => evidenceOf({ ...paidOrder, ...wrong })).toThrow(`malformed: ${field}`);
  });

  test('an amount written twice counts as JSON has it: the last one', () => {
    const text = JSON.stringify(paidOrder).replace('"total":100', '"total":1,"total":100');
    expect(readOrder(Buffer.from(text), mode, 'query').evidence).toMatchObject({ totalFee: 100 });
  });
});

test.each([{}, { prepay_id: '' }, { prepay_id: 1 }, { prepay_id: 'wx1\npaid' }])(
  'a prepay id is a word: not %o',
  (answer) => {
    expect(() => readPrepayId(bytes(answer))).toThrow('malformed: prepay_id');
  },
);

describe('where a bill is', () => {
  const place = {
    hash_type: 'SHA1',
    hash_value: 'B18B51EB64422040E5AD738D47B358A40B1A7997',
    download_url: 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=x',
  };

  test('hash in either case', () => {
    expect(readBillPlace(bytes(place))).toEqual({
      sha1: 'b18b51eb64422040e5ad738d47b358a40b1a7997',
      downloadUrl: place.download_url,
    });
  });

  test.each([
    ['hash_type', { hash_type: 'MD5' }],
    ['hash_value', { hash_value: 'b18b' }],
    ['hash_value', { hash_value: undefined }],
    ['download_url', { download_url: undefined }],
  ])('%s: %o is malformed', (field, wrong) => {
    expect(() => readBillPlace(bytes({ ...place, ...wrong }))).toThrow(`malformed: ${field}`);
  });
});
