/**
 * Defines a refund (退款) of an order, from the moment we write it down until its money is certain.
 *
 * `state` is our conclusion; WeChat's `status` is only evidence for it (see refund/concludeRefund.ts). A
 * number (商户退款单号) is one refund for ever: a repeat sends the same bytes, never a new number.
 */

import { PLACING_LEASE_MS } from '../limits.ts';
import { type Fen, fen } from '../money.ts';

/** Matches what WeChat accepts as `out_refund_no`: 1 to 64 characters. Source: D4012791862. */
export const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]{1,64}$/;

/**
 * Written here; WeChat has not confirmed that it took it. `attempts` counts those that may still land,
 * and `untakenAttempts` among them that WeChat certainly did not take; `lastErrorCode` is WeChat's last
 * code why (`NOT_ENOUGH`).
 */
export interface RequestedStatus {
  state: 'requested';
  placingUntil: Date;
  attempts: number;
  untakenAttempts?: number;
  lastErrorCode?: string;
}

/** Our conclusion about a refund, each state with what belongs to it. */
export type RefundStatus =
  | RequestedStatus
  /** 退款处理中: accepted by WeChat, nothing more. */
  | { state: 'processing'; refundId: string }
  | { state: 'success'; refundId: string; succeededAt: Date }
  /** 退款关闭: failed for good, the number is used up; another attempt needs a new one. */
  | { state: 'closed'; refundId: string; closedAt: Date }
  /** 退款异常: the payer's account cannot take it; somebody has to say where it is to go instead. */
  | { state: 'abnormal'; refundId: string; abnormalAt: Date }
  /**
   * 退款结果未确认: WeChat took it, or may have (then there is no `refundId`), and never confirmed its end; it
   * counts in the sum, an admin has to look.
   */
  | { state: 'unverified'; unverifiedAt: Date; refundId?: string }
  /**
   * WeChat never took it and never will under this number; frees the sum. `reason` is WeChat's code, or
   * ours: `GIVEN_UP` by a person, `NOT_SENT_IN_TIME`.
   */
  | { state: 'refused'; reason: string; refusedAt: Date };

export type RefundState = RefundStatus['state'];

/** Finds WeChat's number of a refund (微信支付退款单号); undefined in the states without one. */
export function refundIdOf(status: RefundStatus): string | undefined {
  return 'refundId' in status ? status.refundId : undefined;
}

/**
 * The account that an abnormal refund is paid to instead (异常退款处理): the merchant's own bank account, or a
 * card of the payer's. It holds what only WeChat may read: it is never stored, logged or answered.
 */
export type AbnormalRefundTarget =
  | { type: 'MERCHANT_BANK_CARD' }
  | { type: 'USER_BANK_CARD'; bankType: string; bankAccount: string; realName: string };

/** A refund as it is stored in its order. */
export interface Refund {
  outRefundNo: string;
  refundFee: Fen;
  /** 退款原因, shown to the payer. */
  reason?: string;
  /** The exact request, frozen at the beginning; empty for an external one, and once it is long refused. */
  request: string;
  requestedAt: Date;
  /** The payment that it is of, where that was not the order's own when it was recorded. */
  transactionId?: string;
  /** Since when no check of it was answered, after WeChat had taken it, or may have. */
  unansweredSince?: Date;
  /** `external`: made in the merchant console, or by code that is not ours. */
  origin: 'ours' | 'external';
  status: RefundStatus;
}

/** Begins a refund, which is to be written before it is sent to WeChat. */
export function beginRefund(request: Omit<Refund, 'requestedAt' | 'origin' | 'status'>, now: Date) {
  const placingUntil = new Date(now.getTime() + PLACING_LEASE_MS);
  return {
    ...request,
    requestedAt: now,
    origin: 'ours',
    status: { state: 'requested', placingUntil, attempts: 1 },
  } as const satisfies Refund;
}

/** Tells whether a refund takes its part of the sum: all do but what WeChat closed or refused. */
export function isCounted({ status }: Refund): boolean {
  return status.state !== 'closed' && status.state !== 'refused';
}

/** Lists the refunds of one payment; one that names none is of the order's own. */
export function refundsOf(refunds: readonly Refund[] = [], transactionId: string): Refund[] {
  return refunds.filter((refund) => (refund.transactionId ?? transactionId) === transactionId);
}

/** Tells whether WeChat took a refund, or may have: it stays one that was initiated, also when it was closed. */
export function mayBeTaken({ status }: Refund): boolean {
  return status.state !== 'refused';
}

/** Tells whether every attempt ended without WeChat taking anything: there is nothing to ask. */
export function areUntaken({ attempts, untakenAttempts = 0 }: RequestedStatus): boolean {
  return untakenAttempts >= attempts;
}

/**
 * Tells whether money goes back, or went, by a refund, or may: not by one that was closed or refused, nor by
 * one that WeChat certainly does not have.
 */
export function mayGiveBack(refund: Refund): boolean {
  const { status } = refund;
  return isCounted(refund) && !(status.state === 'requested' && areUntaken(status));
}

/** Sums what these refunds take, in fen. */
export function refundedFee(refunds: readonly Refund[] = []): Fen {
  return fen(refunds.filter(isCounted).reduce((sum, { refundFee }) => sum + refundFee, 0));
}

/** Tells whether a query to WeChat may still bring something new of a refund. */
export function isPending({ status }: Refund): boolean {
  return ['requested', 'processing', 'abnormal'].includes(status.state);
}

/** Tells whether WeChat has confirmed the end of a refund, so that no query can change it. */
export function isFinal({ status }: Refund): boolean {
  return status.state === 'success' || status.state === 'closed';
}

/** Makes the 商户退款单号 of a full refund that was given none, so that a repeat is the same refund. */
export function fullRefundNo(outTradeNo: string): string {
  return `R${outTradeNo}`;
}

/** Makes the 商户退款单号 of a refund of a payment that is not the order's own. */
export function paymentRefundNo(transactionId: string): string {
  return `P${transactionId}`;
}
