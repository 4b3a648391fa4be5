import type { NotificationAnswer, NotificationInput } from '../../contract/notice/notification.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import type { Notification } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** What was posted to our route. */
export type PostedNotification = Extract<NotificationInput, { from: 'http' }>;

/** A notification that WeChat Pay signed and that opened with our key. */
type Authentic = Exclude<Notification, { is: 'refused' }>;

/** The answer that ends WeChat's repeats. */
export const ACKNOWLEDGED: NotificationAnswer = { status: 200, code: 'SUCCESS', message: 'OK' };

/**
 * What every callback does: believes what is signed by WeChat Pay and opens with our key, lets `take`
 * write down what it says, and acknowledges only then. Where `take` does not take this kind, or
 * anything fails, nothing changes and the answer is a failure, so that WeChat sends it again.
 */
export async function acceptNotification(
  input: PostedNotification,
  tools: Pick<UseCaseDeps, 'verifyNotification' | 'clock'>,
  call: Invocation,
  take: (notification: Authentic) => Promise<NotificationAnswer> | undefined,
): Promise<NotificationAnswer> {
  const notification = await tools.verifyNotification(input, tools.clock.now());
  if (notification.kind === 'refused') {
    const { reason, probe, status } = notification;
    call.log.add({ level: 'warn', refused: reason, probe });
    return { status, code: 'FAIL', message: reason };
  }
  const { notificationId, eventType } = notification;
  call.log.add({ notificationId });
  try {
    const taken = await take(notification);
    if (taken) return taken;
    call.log.add({ level: 'warn', refused: `event_type:${eventType}` });
    return { status: 400, code: 'FAIL', message: 'event_type is not taken here' };
  } catch (error) {
    return storeFailed(error, call);
  }
}

/** Answers a failure of the store, so that WeChat sends the notification again; throws all else on. */
export function storeFailed(error: unknown, { log }: Invocation): NotificationAnswer {
  if (!(error instanceof StoreError)) throw error;
  log.add({ level: 'error', error: `${error.code} ${error.message}` });
  return failedWith(error.code);
}

/** Answers a failure that is not WeChat's: it sends the notification again. */
export function failedWith(message: string): NotificationAnswer {
  return { status: 500, code: 'FAIL', message };
}

/** Not acknowledged, so that it comes again; nothing but the time of the next question has changed. */
export function unproven(reason: string, { log }: Invocation): NotificationAnswer {
  log.add({ level: 'warn', refused: reason });
  return failedWith(reason);
}

/**
 * A refund of an order that we do not have is not acknowledged: WeChat repeats it for a day, so an
 * order that is restored, or whose payment we hear of later, still gets it; nothing is invented.
 */
export function orderUnknown(
  { outTradeNo, outRefundNo }: Pick<RefundEvidence, 'outTradeNo' | 'outRefundNo'>,
  { log }: Invocation,
): NotificationAnswer {
  log.add({ level: 'error', outTradeNo, error: `refund of an unknown order ${outRefundNo}` });
  return failedWith('ORDER_UNKNOWN');
}
