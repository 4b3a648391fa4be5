import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { hasRefundEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { UnsignedRefundNotice } from '../../ports/unsignedNotice.ts';
import { claimQuery, reread } from '../order/claimQuery.ts';
import type { AppliedRefundEvidence } from '../refund/applyRefundEvidence.ts';
import { queryRefundAtWeChat } from '../refund/queryRefundAtWeChat.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { orderFields } from '../step/trace.ts';
import {
  ACKNOWLEDGED,
  answerStoreFailure,
  failWith,
  refuseUnconfirmed,
  refuseUnknownOrder,
} from './acceptNotification.ts';

type Deps = Pick<UseCaseDeps, 'parseUnsignedNotice' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 商户平台退款通知 (APIv2's XML): receives the notice of a refund that has no address of its own. It is
 * unsigned and only names what to query: WeChat is queried through the order's own link, its answer is
 * written down (an external refund is recorded and counted), and then the notice is acknowledged.
 */
export async function receiveUnsignedRefundNotice(
  body: Uint8Array,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const notice = deps.parseUnsignedNotice(body);
  if (notice.kind === 'refused') {
    const { status, reason } = notice;
    invocation.log.add({ level: 'warn', refused: reason });
    // Somebody with a notice could try changed ones: only the log names the check that failed.
    return { status, code: 'FAIL', message: 'REFUSED' };
  }
  invocation.log.add({ outTradeNo: notice.outTradeNo });
  try {
    return await confirm(notice, deps, invocation);
  } catch (error) {
    const answer = answerStoreFailure(error, invocation);
    if (answer) return answer;
    if (!(error instanceof GatewayError)) throw error;
    const { code, message } = error;
    invocation.log.add({ level: 'warn', errCode: code, error: `${code} ${message}` });
    return failWith(code);
  }
}

async function confirm(
  notice: UnsignedRefundNotice,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const { mchid, spMchid, outTradeNo, outRefundNo } = notice;
  const stored = await deps.store.get(outTradeNo);
  if (!stored) return refuseUnknownOrder(notice, invocation);
  invocation.log.add(orderFields(stored));
  // Refunds of a cloud pay order are notified and confirmed through its own link only.
  if (stored.kind === 'order' && stored.link !== 'apiV3')
    return refuseUnconfirmed('unsigned_notice:link', invocation);
  if (stored.mchid !== mchid || stored.spMchid !== spMchid)
    return refuseUnconfirmed('unsigned_notice:mch_id', invocation);
  if (hasRefundEnded(stored, outRefundNo)) return ACKNOWLEDGED;
  // However often a notice is posted, WeChat gets one query an interval.
  const claimed = await claimQuery(stored, deps);
  if (claimed) {
    const { outcome } = await queryRefundAtWeChat(claimed, outRefundNo, deps, invocation);
    return CONFIRMED_BY[outcome]
      ? ACKNOWLEDGED
      : refuseUnconfirmed(`unsigned_notice:${outcome}`, invocation);
  }
  const now = await reread(stored, deps);
  return hasRefundEnded(now, outRefundNo)
    ? ACKNOWLEDGED
    : refuseUnconfirmed('unsigned_notice:asked_just_now', invocation);
}

/** Tells after which outcomes the refund is written down as it stands at WeChat. */
const CONFIRMED_BY: Record<AppliedRefundEvidence['outcome'], boolean> = {
  refund_processing: true,
  refund_success: true,
  refund_closed: true,
  refund_abnormal: true,
  refund_known: true,
  refund_mismatch: true,
  refund_unknown_state: true,
  refund_of_another: false,
  refund_before_payment: false,
  refund_not_found: false,
  refund_status_unknown: false,
  refund_given_up: false,
  refund_unverified: false,
};
