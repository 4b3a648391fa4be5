import type { NotificationAnswer, NotificationInput } from '../../contract/notice/notification.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import type { Notification } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** A notification that was posted to our route. */
export type PostedNotification = Extract<NotificationInput, { from: 'http' }>;

/** A notification that WeChat Pay signed and that opened with our key. */
type Authentic = Exclude<Notification, { kind: 'refused' }>;

/** The answer after which WeChat sends no repeat. */
export const ACKNOWLEDGED: NotificationAnswer = { status: 200, code: 'SUCCESS', message: 'OK' };

/**
 * Serves every signed callback: verifies and opens the notification, lets `take` write its content down,
 * and acknowledges only then. Where `take` does not take this kind, or anything fails, nothing changes
 * and the answer is a failure, so that WeChat sends it again.
 */
export async function acceptNotification(
  input: PostedNotification,
  deps: Pick<UseCaseDeps, 'verifyNotification' | 'clock'>,
  invocation: Invocation,
  take: (notification: Authentic) => Promise<NotificationAnswer> | undefined,
): Promise<NotificationAnswer> {
  const notification = await deps.verifyNotification(input, deps.clock.now());
  if (notification.kind === 'refused') {
    const { reason, probe, status } = notification;
    invocation.log.add({ level: 'warn', refused: reason, probe });
    return { status, code: 'FAIL', message: reason };
  }
  const { notificationId, eventType } = notification;
  invocation.log.add({ notificationId });
  try {
    const taken = await take(notification);
    if (taken) return taken;
    invocation.log.add({ level: 'warn', refused: `event_type:${eventType}` });
    return { status: 400, code: 'FAIL', message: 'event_type is not taken here' };
  } catch (error) {
    const answer = answerStoreFailure(error, invocation);
    if (answer) return answer;
    throw error;
  }
}

/** Answers a failure of the store, so that WeChat sends the notification again; undefined for all else. */
export function answerStoreFailure(
  error: unknown,
  { log }: Invocation,
): NotificationAnswer | undefined {
  if (!(error instanceof StoreError)) return undefined;
  const { code, message } = error;
  log.add({ level: 'error', errCode: code, error: `${code} ${message}` });
  return failWith(code);
}

/** Answers a failure on our side, after which WeChat sends the notification again. */
export function failWith(message: string): NotificationAnswer {
  return { status: 500, code: 'FAIL', message };
}

/** Refuses a message that nothing confirms, so that it comes again; at most the next check has changed. */
export function refuseUnconfirmed(reason: string, { log }: Invocation): NotificationAnswer {
  log.add({ level: 'warn', refused: reason });
  return failWith(reason);
}

/**
 * Refuses a refund of an order that we do not have: WeChat repeats it for a day, so that an order which
 * is restored, or whose payment arrives later, still gets it; no order is invented.
 */
export function refuseUnknownOrder(
  { outTradeNo, outRefundNo }: Pick<RefundEvidence, 'outTradeNo' | 'outRefundNo'>,
  { log }: Invocation,
): NotificationAnswer {
  log.add({ level: 'error', outTradeNo, error: `refund of an unknown order ${outRefundNo}` });
  return failWith('ORDER_UNKNOWN');
}
