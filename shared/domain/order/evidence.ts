import type { Fen } from '../money.ts';
import type { OutTradeNo } from './outTradeNo.ts';

/** How something of WeChat's reached us: by a verified notification, or by the answer to a query. */
export type Via = 'callback' | 'query';

/** WeChat's trade states of an order, verbatim (交易状态). Source: D4012791859. */
export const TRADE_STATES = [
  'SUCCESS',
  'REFUND',
  'NOTPAY',
  'CLOSED',
  'REVOKED',
  'USERPAYING',
  'PAYERROR',
] as const;

export type TradeState = (typeof TRADE_STATES)[number];

/**
 * Proof of a payment; a refunded order (`REFUND`, 转入退款) was paid too, and some of its money has gone back
 * or is on its way. Whether such an answer still tells amount and time is nowhere written, so they may be
 * absent there, and only there.
 */
export interface PaidEvidence {
  kind: 'paid';
  via: Via;
  outTradeNo: OutTradeNo;
  tradeState: 'SUCCESS' | 'REFUND';
  transactionId: string;
  totalFee?: Fen;
  currency: string;
  mchid: string;
  /** The provider; absent in direct mode. */
  spMchid?: string;
  /** Absent where WeChat leaves it out. */
  appid?: string;
  openid?: string;
  paidAt?: Date;
}

/** An answer of WeChat about an order that is not paid. */
export interface UnpaidEvidence {
  /** `failed`: the payment came to nothing, and nobody says that the order is closed. */
  kind: 'unpaid' | 'closed' | 'failed' | 'not_found' | 'unknown';
  via: Via;
  outTradeNo: OutTradeNo;
  /** WeChat's code: a trade state, `ORDER_NOT_EXIST`, or one that we do not know. */
  code: string;
}

/** Something verified that WeChat answered or notified about an order. */
export type Evidence = PaidEvidence | UnpaidEvidence;

/** Maps each trade state to what it is evidence of; total, so that a new one is a type error here. */
export const MEANING_OF_TRADE_STATE: Record<TradeState, Evidence['kind']> = {
  SUCCESS: 'paid',
  REFUND: 'paid',
  NOTPAY: 'unpaid',
  USERPAYING: 'unpaid',
  CLOSED: 'closed',
  REVOKED: 'failed',
  PAYERROR: 'failed',
};

/** Tells what a trade state is evidence of; one that we do not know is `unknown`. */
export function meaningOfTradeState(code: string): Evidence['kind'] {
  const isKnown = (known: string): known is TradeState =>
    (TRADE_STATES as readonly string[]).includes(known);
  return isKnown(code) ? MEANING_OF_TRADE_STATE[code] : 'unknown';
}
