import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { hasEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { RefundRumour } from '../../ports/unsignedNotice.ts';
import { claimQuestion, reread } from '../order/claimQuestion.ts';
import { askRefund, type RefundSettlement } from '../refund/applyRefundEvidence.ts';
import type { Call, Tools } from '../step/deps.ts';
import {
  ACKNOWLEDGED,
  failedWith,
  orderUnknown,
  storeFailed,
  unproven,
} from './acceptNotification.ts';

type Needs = Pick<Tools, 'rumours' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 商户平台退款通知 (APIv2's XML): the notice of a refund that has no address of its own. Nobody signed it, so
 * it only tells where to look: WeChat is asked through the order's own link, what it says is written down
 * (a refund made elsewhere is recorded and counted), and then the notice is acknowledged.
 */
export async function receiveRefundRumour(
  body: Uint8Array,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  const rumour = tools.rumours(body);
  if (rumour.is === 'refused') {
    const { status, reason } = rumour;
    call.log.add({ level: 'warn', refused: reason });
    // Whoever holds a notice could try changed ones: which check failed is for the log alone.
    return { status, code: 'FAIL', message: 'REFUSED' };
  }
  call.log.add({ outTradeNo: rumour.outTradeNo });
  try {
    return await prove(rumour, tools, call);
  } catch (error) {
    if (!(error instanceof GatewayError)) return storeFailed(error, call);
    call.log.add({ level: 'warn', error: `${error.code} ${error.message}` });
    return failedWith(error.code);
  }
}

async function prove(rumour: RefundRumour, tools: Needs, call: Call): Promise<NotificationAnswer> {
  const { mchid, spMchid, outTradeNo, outRefundNo } = rumour;
  const kept = await tools.store.get(outTradeNo);
  if (kept?.kind !== 'order') return orderUnknown(rumour, call);
  // An order of cloud pay hears of its refunds on its own link, by its own rules.
  if (kept.link !== 'apiV3') return unproven('rumour:link', call);
  if (kept.mchid !== mchid || kept.spMchid !== spMchid) return unproven('rumour:mch_id', call);
  if (hasEnded(kept, outRefundNo)) return ACKNOWLEDGED;
  // However often a notice is posted, WeChat hears one question an interval.
  const asking = await claimQuestion(kept, tools);
  if (asking) {
    const { outcome } = await askRefund(asking, outRefundNo, tools, call);
    return proves[outcome] ? ACKNOWLEDGED : unproven(`rumour:${outcome}`, call);
  }
  const now = await reread(kept, tools);
  return hasEnded(now, outRefundNo) ? ACKNOWLEDGED : unproven('rumour:asked_just_now', call);
}

/** After which answers of WeChat the refund is written down as it stands. */
const proves: Record<RefundSettlement['outcome'], boolean> = {
  refund_processing: true,
  refund_success: true,
  refund_closed: true,
  refund_abnormal: true,
  refund_known: true,
  refund_mismatch: true,
  refund_unknown_state: true,
  refund_of_another: false,
  refund_before_payment: false,
  refund_missing: false,
  refund_silent: false,
};
