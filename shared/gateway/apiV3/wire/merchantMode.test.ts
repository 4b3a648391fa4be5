import { describe, expect, test } from 'vitest';
import { aReceipt } from '../../../../tests/support/orders.ts';
import {
  endedRefund,
  keys,
  keysOptions,
  merchantPair,
  paidOrder,
  type Scripted,
  scripted,
  signedAnswer,
  signedNotification,
  termsAt,
} from '../../../../tests/support/wechatSide.ts';
import { fen } from '../../../domain/money.ts';
import { beginOrder, type Order } from '../../../domain/order/order.ts';
import { beginRefund } from '../../../domain/order/refund.ts';
import type { Gateway } from '../../../ports/gateway.ts';
import { createApiV3 } from '../client.ts';
import { paymentMessage } from '../crypto/message.ts';
import { verify } from '../crypto/sign.ts';
import { createNotificationVerifier } from '../notification.ts';
import { configuredKeys } from '../platformKeys.ts';
import { merchantModeOf } from './merchantMode.ts';

// The keys are the provider's; the merchant is another number.
const now = new Date('2026-11-24T09:07:12Z');
const API = 'https://api.mch.weixin.qq.com';
const SUB = '1900000777';
const SP = keysOptions.mchid;
const SP_APPID = 'wx8888888888888888';

function open(script: Scripted[]) {
  const transport = scripted(...script);
  const gateway = createApiV3({
    keys,
    transport,
    now: () => now,
    randomBytes: (count) => new Uint8Array(count).fill(1),
    apiUrl: API,
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
    subMerchant: { mchid: SUB, spAppid: SP_APPID },
  });
  return { gateway, sent: transport.sent };
}

const terms = { ...termsAt(now), mchid: SUB, spMchid: SP };
const order: Order = {
  ...beginOrder(terms, open([]).gateway.freezeOrder(terms)),
  status: { state: 'paid', receipt: { ...aReceipt, transactionId: paidOrder.transaction_id } },
};
const { outTradeNo } = order;
const request = { outRefundNo: 'REFUND0001', refundFee: fen(40) };
const refund = beginRefund(
  { ...request, request: open([]).gateway.freezeRefund(order, request) },
  now,
);

const { mchid: _m, appid, payer, ...paid } = paidOrder;
/** The order in the fields of partner mode. */
const paidUnder = {
  ...paid,
  sp_appid: SP_APPID,
  sp_mchid: SP,
  sub_appid: appid,
  sub_mchid: SUB,
  payer: { sp_openid: 'oAtTheProvider', sub_openid: payer.openid },
};
const { mchid: _n, ...ended } = endedRefund;
const endedUnder = { ...ended, sp_mchid: SP, sub_mchid: SUB };
const accepted = { ...ended, status: 'PROCESSING', amount: { ...ended.amount, currency: 'CNY' } };
const answer = (body: unknown) => signedAnswer(200, JSON.stringify(body), now);
const bill = {
  hash_type: 'SHA1',
  hash_value: '0'.repeat(40),
  download_url: 'https://other.example',
};
const billQuery = { billDate: '2026-11-23', billType: 'ALL' } as const;

test('an order names both merchants, both appids and the payer of the merchant’s own', () => {
  expect(order.request).toBe(
    `{"sp_appid":"${SP_APPID}","sp_mchid":"${SP}","sub_appid":"${appid}","sub_mchid":"${SUB}",` +
      `"description":"腾讯充值","out_trade_no":"${outTradeNo}",` +
      '"time_expire":"2026-11-24T17:37:12+08:00","notify_url":"https://shop.example/pay/notify",' +
      `"amount":{"total":100,"currency":"CNY"},"payer":{"sub_openid":"${payer.openid}"}}`,
  );
});

type Ask = (gateway: Gateway) => Promise<unknown>;
const both = `sp_mchid=${SP}&sub_mchid=${SUB}`;
test.each<[string, Ask, Scripted, string, object | undefined]>([
  [
    'placed',
    (gateway) => gateway.requestPrepay(order, 3000),
    answer({ prepay_id: 'wx1' }),
    '/v3/pay/partner/transactions/jsapi',
    JSON.parse(order.request),
  ],
  [
    'queried',
    (gateway) => gateway.queryOrder(order, 3000),
    answer(paidUnder),
    `/v3/pay/partner/transactions/out-trade-no/${outTradeNo}?${both}`,
    undefined,
  ],
  [
    'queried by WeChat’s number',
    (gateway) => gateway.queryByTransactionId(paidOrder.transaction_id, 3000),
    answer(paidUnder),
    `/v3/pay/partner/transactions/id/${paidOrder.transaction_id}?${both}`,
    undefined,
  ],
  [
    'closed',
    (gateway) => gateway.closeOrder(order, 3000),
    signedAnswer(204, '', now),
    `/v3/pay/partner/transactions/out-trade-no/${outTradeNo}/close`,
    { sp_mchid: SP, sub_mchid: SUB },
  ],
  [
    'refunded',
    (gateway) => gateway.refund(order, refund, 3000),
    answer(accepted),
    '/v3/refund/domestic/refunds',
    {
      sub_mchid: SUB,
      out_trade_no: outTradeNo,
      out_refund_no: 'REFUND0001',
      notify_url: 'https://shop.example/refund/notify',
      amount: { refund: 40, total: 100, currency: 'CNY' },
    },
  ],
  [
    'queried about its refund',
    (gateway) => gateway.queryRefund(order, 'REFUND0001', 3000),
    answer(accepted),
    `/v3/refund/domestic/refunds/REFUND0001?sub_mchid=${SUB}`,
    undefined,
  ],
  [
    'helped out of an abnormal refund',
    (gateway) =>
      gateway.applyAbnormalRefund(
        order,
        { outRefundNo: 'REFUND0001', refundId: '503' },
        { type: 'MERCHANT_BANK_CARD' },
        3000,
      ),
    answer(accepted),
    '/v3/refund/domestic/refunds/503/apply-abnormal-refund',
    { sub_mchid: SUB, out_refund_no: 'REFUND0001', type: 'MERCHANT_BANK_CARD' },
  ],
  [
    'found in a bill',
    (gateway) => gateway.downloadBill(billQuery, 1000, 3000).catch(() => 'another host'),
    answer(bill),
    `/v3/bill/tradebill?bill_date=2026-11-23&bill_type=ALL&tar_type=GZIP&sub_mchid=${SUB}`,
    undefined,
  ],
])('an order is %s as its provider, for its merchant', async (_how, ask, result, path, body) => {
  const { gateway, sent } = open([result]);
  await ask(gateway);
  expect(sent.map(({ url }) => url)).toEqual([`${API}${path}`]);
  expect(sent[0]?.body && JSON.parse(sent[0].body)).toEqual(body);
  expect(sent[0]?.headers.Authorization).toContain(`mchid="${SP}"`);
});

test('there is no fund-flow bill of a merchant under a provider, and nothing is sent', async () => {
  const { gateway, sent } = open([]);
  const query = { billDate: '2026-11-23', billType: 'FUNDFLOW', accountType: 'BASIC' } as const;
  const download = gateway.downloadBill(query, 1000, 3000);
  await expect(download).rejects.toMatchObject({ code: 'PROVIDER_NO_FUNDFLOW', retry: 'never' });
  expect(sent).toEqual([]);
});

test('the payer’s phone gets the merchant’s appid, signed by the provider', async () => {
  const { gateway } = open([answer({ prepay_id: 'wx1' })]);
  const payment = gateway.paymentOf(order, await gateway.requestPrepay(order, 3000));
  const { appId, timeStamp, nonceStr, package: packageText, paySign } = payment;
  const message = paymentMessage(appid, timeStamp, nonceStr, packageText);
  expect(appId).toBe(appid);
  expect(verify(message, paySign, merchantPair.publicKey)).toBe(true);
});

const proof = {
  kind: 'paid',
  outTradeNo,
  totalFee: 100,
  mchid: SUB,
  spMchid: SP,
  appid,
  openid: payer.openid,
};
const verifyNotification = createNotificationVerifier(
  keys,
  configuredKeys(keys),
  merchantModeOf({ mchid: SP, appid: SP_APPID }),
);
const direct = createNotificationVerifier(keys);
const REFUNDED = { event_type: 'REFUND.SUCCESS' };

describe('what WeChat says', () => {
  test('a payment is proof for the merchant, under its provider', async () => {
    const { gateway } = open([answer(paidUnder)]);
    expect(await gateway.queryOrder(order, 3000)).toMatchObject({ ...proof, via: 'query' });
    const reported = await verifyNotification(signedNotification(paidUnder, now), now);
    expect(reported).toMatchObject({ kind: 'payment', evidence: { ...proof, via: 'callback' } });
  });

  test('no merchant’s appid, no payer of its own: absent', async () => {
    const { sub_appid: _a, ...rest } = paidUnder;
    const { gateway } = open([answer({ ...rest, payer: { sp_openid: 'o' } })]);
    const evidence = await gateway.queryOrder(order, 3000);
    expect(evidence).not.toHaveProperty('appid');
    expect(evidence).not.toHaveProperty('openid');
  });

  test('a refund tells both numbers in its notification', async () => {
    const reported = await verifyNotification(signedNotification(endedUnder, now, REFUNDED), now);
    const evidence = { kind: 'success', mchid: SUB, spMchid: SP };
    expect(reported).toMatchObject({ kind: 'refund', evidence });
  });

  test.each([
    ['a payment', verifyNotification, paidOrder, {}, 'sub_mchid'],
    ['a payment', direct, paidUnder, {}, 'mchid'],
    [
      'a payment without provider',
      verifyNotification,
      { ...paidUnder, sp_mchid: undefined },
      {},
      'sp_mchid',
    ],
    ['a refund', verifyNotification, endedRefund, REFUNDED, 'sub_mchid'],
    ['a refund', direct, endedUnder, REFUNDED, 'mchid'],
    [
      'a refund without provider',
      verifyNotification,
      { ...endedUnder, sp_mchid: undefined },
      REFUNDED,
      'sp_mchid',
    ],
  ])('%s in another form is refused (row %#)', async (_what, at, result, more, field) => {
    const reported = await at(signedNotification(result, now, more), now);
    const reason = `resource_malformed:${field}`;
    expect(reported).toMatchObject({ kind: 'refused', status: 500, reason });
  });

  test.each([{ sub_mchid: '1900000999' }, { sp_mchid: '1900000999' }])(
    'an unpaid order of %o is none of ours, a payment is for the order to decide',
    async (other) => {
      const { gateway } = open([
        answer({ ...paidUnder, ...other, trade_state: 'CLOSED' }),
        answer({ ...paidUnder, ...other }),
      ]);
      await expect(gateway.queryOrder(order, 3000)).rejects.toMatchObject({
        code: 'ANSWER_MALFORMED',
      });
      expect(await gateway.queryOrder(order, 3000)).toMatchObject({ kind: 'paid' });
    },
  );
});

describe('an order follows itself', () => {
  const { spMchid: _, ...ownOrder } = order;

  test.each<[string, Order]>([
    ['of the same merchant without provider', ownOrder],
    ['of another provider', { ...order, spMchid: '1900000999' }],
    ['of another merchant', { ...order, mchid: '1900000999' }],
    ['of the provider itself', { ...ownOrder, mchid: SP }],
  ])('one %s is refused before anything is sent', async (_whose, other) => {
    const { gateway, sent } = open([]);
    const refused = { code: 'MERCHANT_NOT_CONFIGURED', retry: 'never' };
    const asks: Ask[] = [
      () => gateway.requestPrepay(other, 3000),
      () => gateway.queryOrder(other, 3000),
      () => gateway.closeOrder(other, 3000),
      () => gateway.refund(other, refund, 3000),
      () => gateway.queryRefund(other, 'REFUND0001', 3000),
    ];
    for (const ask of asks) await expect(ask(gateway)).rejects.toMatchObject(refused);
    expect(sent).toEqual([]);
  });

  test('its refund is frozen in its own form, whatever is configured', () => {
    const frozen = (of: Order) => JSON.parse(open([]).gateway.freezeRefund(of, request));
    expect(frozen(order)).toHaveProperty('sub_mchid', SUB);
    expect(frozen(ownOrder)).not.toHaveProperty('sub_mchid');
  });
});
