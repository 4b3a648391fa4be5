import { fen } from '../../shared/domain/money.ts';
import type { PaidEvidence, UnpaidEvidence } from '../../shared/domain/order/evidence.ts';
import {
  beginOrder,
  type Order,
  type PaymentParams,
  withPrepay,
} from '../../shared/domain/order/order.ts';

/** The instant at which the orders of {@link anOrder} were placed. */
export const placedAt = new Date('2026-11-24T02:00:00Z');

/** An instant so many seconds after {@link placedAt}. */
export const plus = (seconds: number): Date => new Date(placedAt.getTime() + seconds * 1000);

/** A payment as `wx.requestPayment` takes it. */
export const aPayment: PaymentParams = {
  appId: 'wx0000000000000001',
  timeStamp: '1795485600',
  nonceStr: 'n',
  package: 'prepay_id=wx1',
  signType: 'RSA',
  paySign: 's',
};

/** The answer to an order, as the direct link keeps it. */
export const aPrepay = { prepayId: 'wx1' } as const;

/** How the paid order of {@link ordersByState} was paid. */
export const aReceipt = {
  transactionId: '420',
  paidAt: plus(60),
  confirmedBy: 'callback',
  confirmedAt: plus(61),
} as const;

/** Makes a created order of 100 fen that expires after 30 minutes. */
export function anOrder(more: Partial<Order> = {}): Order {
  const terms = {
    link: 'apiV3',
    mchid: '1900000109',
    appid: 'wx0000000000000001',
    outTradeNo: 'T20261124001',
    openid: 'oPayer',
    body: '咖啡',
    totalFee: fen(100),
    createdAt: placedAt,
    expiresAt: plus(1800),
  } as const;
  return { ...beginOrder(terms, '{"frozen":true}'), ...more };
}

/** One order of each state. */
export const ordersByState = {
  created: anOrder(),
  paying: withPrepay(anOrder(), aPrepay, plus(1)),
  paid: anOrder({ status: { state: 'paid', receipt: aReceipt }, checkAt: null }),
  closed: anOrder({
    status: { state: 'closed', closedAt: plus(1801), reason: 'expired' },
    checkAt: null,
  }),
} satisfies Record<Order['status']['state'], Order>;

/** Makes the proof of a payment that agrees with {@link anOrder}, but for `more`. */
export function proof(more: Partial<PaidEvidence> = {}): PaidEvidence {
  return {
    kind: 'paid',
    via: 'query',
    outTradeNo: 'T20261124001',
    tradeState: 'SUCCESS',
    transactionId: '420',
    totalFee: fen(100),
    currency: 'CNY',
    mchid: '1900000109',
    appid: 'wx0000000000000001',
    openid: 'oPayer',
    paidAt: plus(60),
    ...more,
  };
}

/** Makes WeChat's answer about an order that is not paid. */
export function unpaid(kind: UnpaidEvidence['kind'], code: string): UnpaidEvidence {
  return { kind, via: 'query', outTradeNo: 'T20261124001', code };
}
