import type { Result } from '../../../shared/contract/answer.ts';
import type { FunctionName } from '../../../shared/contract/callers.ts';
import type { Meaning } from '../../../shared/contract/meanings/meaning.ts';
import { refuse } from '../../../shared/contract/refusals.ts';

/** An example of a call: what goes in, and what the local cloud answers to it (tests/e2e/openapi.test.ts runs each). */
export interface Example {
  name: string;
  summary: Meaning;
  input: object;
  /** The fields of a good answer, or the refusal. */
  result: Result<object>;
}

const ORDER = 'EXAMPLE20261130001';
const PAYER = 'oExamplePayer0001';

/** The examples of each function, in the order in which they follow from one another. */
export const examples: Partial<Record<FunctionName, readonly Example[]>> = {
  unifiedOrder: [
    {
      name: 'placed',
      summary: { zh: '下单', en: 'an order' },
      input: { outTradeNo: ORDER, body: '咖啡', totalFee: 1990, openid: PAYER },
      result: {
        outTradeNo: 'EXAMPLE20261130001',
        payment: {
          appId: 'wx1234567890abcdef',
          timeStamp: '1796173200',
          nonceStr: 'C0FD75FD82DA770EEA6B90219BCCE8A6',
          package: 'prepay_id=wxbda660cb8b52300af338576dc389ce9f75',
          packageVal: 'prepay_id=wxbda660cb8b52300af338576dc389ce9f75',
          signType: 'RSA',
          paySign:
            'sjNUf+IDFzH8HiH8qPR064RCWKyFQhRP7UH7cfnVO3SwRYnDH//Ie5mSdGLvJZY+Ot8J3oEHGoPPo/EBD3yK5UKZ0aRZm0RcLT042hIT6ndaTsP7hDYfsPg4bnVJ5SGn3a2+3T9d7LbMR49GDFoekwS96p76WFwiomYQ2AvZHiqwzZELKtDhlWCILp8AKsOm/57aRFhjWElnkB9w2MUdxm/BlkC4e8j7bBXHosvaPQtibs+/THlmC0USfE4aGJ0CCQJHGtQkNaYEM3cT6w8O09K2xWgGhwLm7FEs4oIRsMxq5KvcOOjyl8i8Hxa+JdpQS/IYuKxuwyF5rBWWCikRmQ==',
        },
        prepayId: 'wxbda660cb8b52300af338576dc389ce9f75',
        nonceStr: 'C0FD75FD82DA770EEA6B90219BCCE8A6',
        tradeType: 'JSAPI',
        appid: 'wx1234567890abcdef',
        mchId: '1900000109',
        totalFee: 1990,
        timeExpire: '20261130093000',
      },
    },
    {
      name: 'refused',
      summary: { zh: '金额有误', en: 'an amount that is none' },
      input: { outTradeNo: ORDER, body: '咖啡', totalFee: 0, openid: PAYER },
      result: refuse('PARAM_ERROR', {
        field: 'totalFee',
        why: 'totalFee 至少 1 分 (at least 1 fen)',
      }),
    },
  ],
  queryOrder: [
    {
      name: 'open',
      summary: { zh: '未支付', en: 'not paid' },
      input: { outTradeNo: ORDER },
      result: {
        outTradeNo: 'EXAMPLE20261130001',
        state: 'paying',
        tradeState: 'NOTPAY',
        tradeType: 'JSAPI',
        appid: 'wx1234567890abcdef',
        mchId: '1900000109',
        totalFee: 1990,
        body: '咖啡',
        timeExpire: '20261130093000',
      },
    },
    {
      name: 'paid',
      summary: { zh: '已支付', en: 'paid' },
      input: { outTradeNo: ORDER },
      result: {
        outTradeNo: 'EXAMPLE20261130001',
        state: 'paid',
        tradeState: 'SUCCESS',
        tradeType: 'JSAPI',
        appid: 'wx1234567890abcdef',
        mchId: '1900000109',
        totalFee: 1990,
        body: '咖啡',
        timeExpire: '20261130093000',
        transactionId: '4200002026113000000000000001',
        timeEnd: '20261130090000',
        confirmedBy: 'callback',
      },
    },
    {
      name: 'none',
      summary: { zh: '没有这个订单', en: 'no such order' },
      input: { outTradeNo: 'EXAMPLE20261130999' },
      result: refuse('ORDER_NOT_EXIST'),
    },
  ],
  closeOrder: [
    {
      name: 'closed',
      summary: { zh: '关闭', en: 'closed' },
      input: { outTradeNo: 'EXAMPLE20261130002' },
      result: {
        outTradeNo: 'EXAMPLE20261130002',
        state: 'closed',
        appid: 'wx1234567890abcdef',
        mchId: '1900000109',
      },
    },
    {
      name: 'paid',
      summary: { zh: '已支付，不能关闭', en: 'paid, and not to be closed' },
      input: { outTradeNo: ORDER },
      result: refuse('ORDERPAID'),
    },
  ],
  refund: [
    {
      name: 'part',
      summary: { zh: '部分退款', en: 'a part' },
      input: {
        outTradeNo: ORDER,
        outRefundNo: 'EXAMPLEREFUND001',
        refundFee: 990,
        refundDesc: '少了一份',
      },
      result: {
        outRefundNo: 'EXAMPLEREFUND001',
        refundFee: 990,
        state: 'processing',
        refundStatus: 'PROCESSING',
        origin: 'ours',
        refundDesc: '少了一份',
        refundId: '50300020261130154356610053697',
        outTradeNo: 'EXAMPLE20261130001',
        transactionId: '4200002026113000000000000001',
        totalFee: 1990,
        appid: 'wx1234567890abcdef',
        mchId: '1900000109',
      },
    },
    {
      name: 'tooMuch',
      summary: { zh: '超出余额', en: 'more than is left' },
      input: { outTradeNo: ORDER, outRefundNo: 'EXAMPLEREFUND002', refundFee: 1990 },
      result: refuse('REFUND_EXCEEDS_PAID', { details: { refundableFee: 1000 } }),
    },
  ],
  queryRefund: [
    {
      name: 'one',
      summary: { zh: '一笔退款', en: 'one refund' },
      input: { outRefundNo: 'EXAMPLEREFUND001' },
      result: {
        outTradeNo: 'EXAMPLE20261130001',
        transactionId: '4200002026113000000000000001',
        appid: 'wx1234567890abcdef',
        mchId: '1900000109',
        totalFee: 1990,
        refundedFee: 990,
        refundCount: 1,
        refunds: [
          {
            outRefundNo: 'EXAMPLEREFUND001',
            refundFee: 990,
            state: 'success',
            refundStatus: 'SUCCESS',
            origin: 'ours',
            refundDesc: '少了一份',
            refundId: '50300020261130154356610053697',
            successTime: '20261130090011',
          },
        ],
      },
    },
  ],
  listAttention: [
    {
      name: 'page',
      summary: { zh: '金额不符的付款', en: 'a payment of another sum' },
      input: { limit: 20 },
      result: {
        entries: [
          {
            outTradeNo: 'EXAMPLE20261130003',
            kind: 'quarantine',
            about: '4200002026113000000000000003',
            detail: 'amount',
            fee: 135,
            since: '2026-11-30T09:01:01+08:00',
            ageSeconds: 1,
            action:
              '付款与订单不符：退回（refundPayment），或认可（acceptPayment） (the payment differs from its order: refund or accept it)',
            decisions: ['refundPayment', 'acceptPayment', 'leave'],
            state: 'paying',
            totalFee: 134,
          },
        ],
      },
    },
  ],
  decideOrder: [
    {
      name: 'acceptPayment',
      summary: { zh: '认可付款', en: 'the payment counts' },
      input: {
        decision: 'acceptPayment',
        outTradeNo: 'EXAMPLE20261130003',
        transactionId: '4200002026113000000000000003',
        reason: '多付一分，认可',
      },
      result: {
        decision: 'acceptPayment',
        outTradeNo: 'EXAMPLE20261130003',
        transactionId: '4200002026113000000000000003',
        state: 'paid',
      },
    },
  ],
  downloadBill: [
    {
      name: 'day',
      summary: { zh: '一天的交易账单', en: 'the trades of a day' },
      input: { billDate: '20261130' },
      result: {
        data: '﻿交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,…',
      },
    },
  ],
  deliverEvents: [
    {
      name: 'order',
      summary: { zh: '重新投递一个订单的事件', en: 'the events of an order, again' },
      input: { outTradeNo: ORDER },
      result: {
        counts: { asked_again: 1, accepted: 2 },
        more: false,
      },
    },
  ],
};
