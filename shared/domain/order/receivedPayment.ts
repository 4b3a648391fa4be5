/** Keeps payments that are not what an order agreed to: one that differs, a second one. Pure. */

import type { Fen } from '../money.ts';
import type { PaidEvidence, Via } from './evidence.ts';

/** A payment as WeChat confirmed it, enough to accept or refund it later; what WeChat left out is absent. */
export interface ReceivedPayment {
  transactionId: string;
  /** WeChat's word at that time: `REFUND` where money had gone back already. */
  tradeState: PaidEvidence['tradeState'];
  totalFee?: Fen;
  currency: string;
  mchid: string;
  spMchid?: string;
  appid?: string;
  openid?: string;
  paidAt?: Date;
  confirmedBy: Via;
  confirmedAt: Date;
}

/** Makes the payment that evidence proves. */
export function receivedPayment(evidence: PaidEvidence, now: Date): ReceivedPayment {
  const { kind: _kind, outTradeNo: _number, via, ...fields } = evidence;
  return { ...fields, confirmedBy: via, confirmedAt: now };
}
