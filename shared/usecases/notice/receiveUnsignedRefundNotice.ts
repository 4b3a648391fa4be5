import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { hasRefundEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { UnsignedRefundNotice } from '../../ports/unsignedNotice.ts';
import { claimQuestion, reread } from '../order/claimQuestion.ts';
import { type AppliedRefundEvidence, queryRefundAtWeChat } from '../refund/applyRefundEvidence.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import {
  ACKNOWLEDGED,
  failedWith,
  orderUnknown,
  storeFailed,
  unproven,
} from './acceptNotification.ts';

type Needs = Pick<UseCaseDeps, 'parseUnsignedNotice' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 商户平台退款通知 (APIv2's XML): the notice of a refund that has no address of its own. Nobody signed it, so
 * it only tells where to look: WeChat is asked through the order's own link, what it says is written down
 * (a refund made elsewhere is recorded and counted), and then the notice is acknowledged.
 */
export async function receiveUnsignedRefundNotice(
  body: Uint8Array,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  const notice = tools.parseUnsignedNotice(body);
  if (notice.kind === 'refused') {
    const { status, reason } = notice;
    call.log.add({ level: 'warn', refused: reason });
    // Whoever holds a notice could try changed ones: which check failed is for the log alone.
    return { status, code: 'FAIL', message: 'REFUSED' };
  }
  call.log.add({ outTradeNo: notice.outTradeNo });
  try {
    return await confirm(notice, tools, call);
  } catch (error) {
    if (!(error instanceof GatewayError)) return storeFailed(error, call);
    call.log.add({ level: 'warn', error: `${error.code} ${error.message}` });
    return failedWith(error.code);
  }
}

async function confirm(
  notice: UnsignedRefundNotice,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  const { mchid, spMchid, outTradeNo, outRefundNo } = notice;
  const kept = await tools.store.get(outTradeNo);
  if (kept?.kind !== 'order') return orderUnknown(notice, call);
  // An order of cloud pay hears of its refunds on its own link, by its own rules.
  if (kept.link !== 'apiV3') return unproven('unsigned_notice:link', call);
  if (kept.mchid !== mchid || kept.spMchid !== spMchid)
    return unproven('unsigned_notice:mch_id', call);
  if (hasRefundEnded(kept, outRefundNo)) return ACKNOWLEDGED;
  // However often a notice is posted, WeChat hears one question an interval.
  const asking = await claimQuestion(kept, tools);
  if (asking) {
    const { outcome } = await queryRefundAtWeChat(asking, outRefundNo, tools, call);
    return CONFIRMED_BY[outcome] ? ACKNOWLEDGED : unproven(`unsigned_notice:${outcome}`, call);
  }
  const now = await reread(kept, tools);
  return hasRefundEnded(now, outRefundNo)
    ? ACKNOWLEDGED
    : unproven('unsigned_notice:asked_just_now', call);
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
