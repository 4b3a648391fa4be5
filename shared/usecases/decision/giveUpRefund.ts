import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import type { DecisionInput, GiveUpRefundAnswer } from '../../contract/decision/decideOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { areUntaken, refundedFee } from '../../domain/order/refund.ts';
import { decideGiveUp, type GiveUp, type GiveUpRefusal } from '../../domain/refund/decideGiveUp.ts';
import { ownRefunds } from '../../domain/refund/refundedPayment.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import { queryRefundAtWeChat } from '../refund/queryRefundAtWeChat.ts';
import { refundView } from '../refund/refundView.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';
import { decidedBy, decidedDocument } from './decidedDocument.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/**
 * 放弃退款: ends a refund that WeChat certainly never took, and frees its sum. WeChat is queried first,
 * unless no attempt can have reached it; what may land still is refused, with the time of the next try.
 */
export async function giveUpRefund(
  input: DecisionInput<'giveUpRefund'>,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<GiveUpRefundAnswer>> {
  const { outTradeNo, outRefundNo, reason } = input;
  const document = await decidedDocument(outTradeNo, deps, invocation);
  if (isRefusal(document)) return document;
  const queried = await queryUncertain(document, outRefundNo, deps, invocation);
  if (isRefusal(queried)) return queried;
  const { isNotFound } = queried;
  const giveUp = { ...decidedBy(invocation, reason), outRefundNo, isNotFound };
  return decide(queried.order, giveUp, deps, invocation);
}

/** Queries a refund that may be at WeChat and that nobody is sending. */
async function queryUncertain(
  order: OrderDocument,
  outRefundNo: string,
  deps: Deps,
  invocation: Invocation,
): Promise<{ order: OrderDocument; isNotFound: boolean } | Refusal> {
  const refund = refundOf(order, outRefundNo);
  const status = refund?.status;
  const isOpen = status?.state === 'requested' && status.placingUntil <= deps.clock.now();
  if (!refund || !isOpen || areUntaken(status)) return { order, isNotFound: false };
  const queried = await queryRefundAtWeChat(order, outRefundNo, deps, invocation);
  switch (queried.outcome) {
    case 'refund_not_found':
      return { order: queried.order, isNotFound: true };
    case 'refund_mismatch':
      return refuse('REFUND_MISMATCH');
    default: {
      const taken = refundOf(queried.order, outRefundNo) ?? refund;
      return refuseGiveUp({ code: 'REFUND_TAKEN', refund: taken });
    }
  }
}

async function decide(
  document: OrderDocument,
  giveUp: GiveUp,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<GiveUpRefundAnswer>> {
  const next = (stored: OrderDocument, now: Date) => decideGiveUp(stored, giveUp, now);
  const changed = await change(document, next, deps, invocation);
  if (!changed) return refuse('ORDER_NOT_EXIST');
  const { after, decided } = changed;
  if (decided.outcome === 'refused') return refuseGiveUp(decided.refusal);
  logOutcome(invocation, decided.outcome, changed);
  return {
    decision: 'giveUpRefund',
    outTradeNo: after.outTradeNo,
    ...refundView(decided.refund),
    refundedFee: refundedFee(ownRefunds(after)),
  };
}

function refuseGiveUp(refusal: GiveUpRefusal): Refusal {
  const { code } = refusal;
  switch (code) {
    case 'REFUND_TAKEN': {
      const { state, refundStatus } = refundView(refusal.refund);
      return refuse(code, { details: { state, refundStatus } });
    }
    case 'REFUND_UNCERTAIN':
      return refuse(code, { details: { retryAt: beijingRfc3339(refusal.retryAt) } });
    default:
      return refuse(code);
  }
}
