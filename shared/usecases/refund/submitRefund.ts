import { linkOf, type OrderDocument } from '../../domain/order/order.ts';
import { areUntaken, type Refund } from '../../domain/order/refund.ts';
import {
  failAttempt,
  refundSentUntil,
  takeOverRefund,
} from '../../domain/refund/refundAttempts.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { paymentToRefund } from '../../domain/refund/refundedPayment.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import { afterRefundFailures, attemptEnd, maySubmitAgain } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { change } from '../step/change.ts';
import { callTimeoutMs, refuseLateSend } from '../step/deadline.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { notFinal } from '../step/retryUnchanged.ts';
import { type AppliedRefundEvidence, applyRefundEvidence } from './applyRefundEvidence.ts';
import { queryRefundAtWeChat } from './queryRefundAtWeChat.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/**
 * Submits a refund that this caller has just begun or taken over. After any unknown outcome WeChat is
 * queried before the same bytes are sent again under the same number. Throws the GatewayError of the
 * last attempt when the refund was not taken, never as final where another one may have landed; that is
 * written down before.
 */
export async function submitRefund<D extends OrderDocument>(
  order: D,
  refund: Refund,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D>> {
  const failures: GatewayError[] = [];
  for (;;) {
    const sent = await sendOnce(order, refund, deps, invocation);
    if (!(sent instanceof GatewayError)) {
      const applied = await applyRefundEvidence(sent, deps, invocation, order);
      return applied ?? { outcome: 'refund_known', order };
    }
    failures.push(sent);
    const next = afterRefundFailures(failures);
    const queried =
      next.kind === 'query' ? await queryOnce(order, refund, deps, invocation) : undefined;
    if (queried && !maySubmitAgain(queried)) return queried;
    if (next.kind === 'stop' || next.isLast || !queried) {
      const isOfTimer = invocation.caller.kind === 'timer' || invocation.caller.kind === 'self';
      const end = endAttempt(refund, failures, { isOfTimer });
      const ended = await change(order, end, deps, invocation);
      throw mayHaveLanded(ended?.after, refund) ? notFinal(sent) : sent;
    }
  }
}

/** Tells a refund that another attempt, of this call or an earlier one, may have brought to WeChat. */
function mayHaveLanded(order: OrderDocument | undefined, { outRefundNo }: Refund): boolean {
  const status = order && refundOf(order, outRefundNo)?.status;
  if (!status || status.state === 'refused') return false;
  return status.state !== 'requested' || !areUntaken(status);
}

async function sendOnce(
  order: OrderDocument,
  refund: Refund,
  deps: Deps,
  invocation: Invocation,
): Promise<RefundEvidence | GatewayError> {
  const payment = paymentToRefund(order, refund.transactionId);
  if (!payment) throw new Error(`${refund.outRefundNo}: its payment is gone`);
  try {
    const gateway = deps.gatewayOf(linkOf(order));
    refuseLateSend(refundSentUntil(refund), deps);
    return await gateway.refund(payment, refund, callTimeoutMs(invocation));
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** Queries the refund; undefined when this call to WeChat fails too. */
async function queryOnce<D extends OrderDocument>(
  order: D,
  { outRefundNo }: Refund,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D> | undefined> {
  try {
    return await queryRefundAtWeChat(order, outRefundNo, deps, invocation);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** Makes the change that writes down a failed attempt of a refund. */
const endAttempt =
  (
    { outRefundNo, status }: Refund,
    failures: readonly GatewayError[],
    { isOfTimer }: { isOfTimer: boolean },
  ) =>
  (stored: OrderDocument, now: Date): { order: OrderDocument } => {
    const attempts = status.state === 'requested' ? status.attempts : 0;
    const code = failures.at(-1)?.code ?? '';
    const failed = { outRefundNo, attempts, code, end: attemptEnd(failures), isOfTimer };
    return { order: failAttempt(stored, failed, now) };
  };

/**
 * Goes on with a refund whose sender is gone: queries WeChat first, and sends the same bytes again only
 * if it knows of none, nobody else took over, and it is not too old: then it ends.
 */
export async function resumeRefund<D extends OrderDocument>(
  order: D,
  outRefundNo: string,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D>> {
  const queried = await queryRefundAtWeChat(order, outRefundNo, deps, invocation);
  return resumeQueried(queried, outRefundNo, deps, invocation);
}

/** Goes on so with a refund that was queried just now. */
export async function resumeQueried<D extends OrderDocument>(
  queried: AppliedRefundEvidence<D>,
  outRefundNo: string,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D>> {
  if (!maySubmitAgain(queried)) return queried;
  const isKnown = queried.outcome === 'refund_status_unknown';
  const takeOver = (stored: OrderDocument, now: Date): { order: OrderDocument } => ({
    order: takeOverRefund(stored, outRefundNo, now, { isKnown }),
  });
  const changed = await change(queried.order, takeOver, deps, invocation);
  const isOurs = changed !== undefined && changed.after !== changed.before;
  // A document never changes its kind.
  const taken = changed?.after as D | undefined;
  const refund = taken && refundOf(taken, outRefundNo);
  if (!isOurs || !refund) return queried;
  if (refund.status.state === 'refused') return { outcome: 'refund_given_up', order: taken };
  if (refund.status.state === 'unverified') return { outcome: 'refund_unverified', order: taken };
  return submitRefund(taken, refund, deps, invocation);
}
