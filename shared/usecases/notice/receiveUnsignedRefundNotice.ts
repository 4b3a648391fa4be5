import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { hasRefundEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { UnsignedRefundNotice } from '../../ports/unsignedNotice.ts';
import { claimQuestion, reread } from '../order/claimQuery.ts';
import type { AppliedRefundEvidence } from '../refund/applyRefundEvidence.ts';
import { queryRefundAtWeChat } from '../refund/queryRefundAtWeChat.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import {
  ACKNOWLEDGED,
  answerStoreFailure,
  failWith,
  refuseUnconfirmed,
  refuseUnknownOrder,
} from './acceptNotification.ts';

type Deps = Pick<UseCaseDeps, 'parseUnsignedNotice' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 商户平台退款通知 (APIv2's XML): the notice of a refund that has no address of its own. Nobody signed it, so
 * it only tells where to look: WeChat is asked through the order's own link, what it says is written down
 * (a refund made elsewhere is recorded and counted), and then the notice is acknowledged.
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
    // Whoever holds a notice could try changed ones: which check failed is for the log alone.
    return { status, code: 'FAIL', message: 'REFUSED' };
  }
  invocation.log.add({ outTradeNo: notice.outTradeNo });
  try {
    return await confirm(notice, deps, invocation);
  } catch (error) {
    const answer = answerStoreFailure(error, invocation);
    if (answer) return answer;
    if (!(error instanceof GatewayError)) throw error;
    invocation.log.add({ level: 'warn', error: `${error.code} ${error.message}` });
    return failWith(error.code);
  }
}

async function confirm(
  notice: UnsignedRefundNotice,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const { mchid, spMchid, outTradeNo, outRefundNo } = notice;
  const kept = await deps.store.get(outTradeNo);
  if (kept?.kind !== 'order') return refuseUnknownOrder(notice, invocation);
  // An order of cloud pay hears of its refunds on its own link, by its own rules.
  if (kept.link !== 'apiV3') return refuseUnconfirmed('unsigned_notice:link', invocation);
  if (kept.mchid !== mchid || kept.spMchid !== spMchid)
    return refuseUnconfirmed('unsigned_notice:mch_id', invocation);
  if (hasRefundEnded(kept, outRefundNo)) return ACKNOWLEDGED;
  // However often a notice is posted, WeChat hears one question an interval.
  const asking = await claimQuestion(kept, deps);
  if (asking) {
    const { outcome } = await queryRefundAtWeChat(asking, outRefundNo, deps, invocation);
    return CONFIRMED_BY[outcome]
      ? ACKNOWLEDGED
      : refuseUnconfirmed(`unsigned_notice:${outcome}`, invocation);
  }
  const now = await reread(kept, deps);
  return hasRefundEnded(now, outRefundNo)
    ? ACKNOWLEDGED
    : refuseUnconfirmed('unsigned_notice:asked_just_now', invocation);
}

/** After which answers of WeChat the refund is written down as it stands. */
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
};
