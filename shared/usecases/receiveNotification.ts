import type { PayCallbackAnswer, PayCallbackInput } from '../contract/payCallback.ts';
import { StoreError } from '../ports/store.ts';
import { settleOrder } from './settleOrder.ts';
import type { Call, Tools } from './tools.ts';

/**
 * 支付结果通知: believes what is signed by WeChat Pay and opens with our key, settles the order, and
 * acknowledges only once that is written. Anything else changes nothing and is answered with a failure.
 */
export async function receiveNotification(
  input: PayCallbackInput,
  tools: Pick<Tools, 'door' | 'store' | 'clock'>,
  call: Call,
): Promise<PayCallbackAnswer> {
  const notification = await tools.door(input, tools.clock.now());
  if (notification.is === 'refused') {
    const { reason, probe, status } = notification;
    call.log.add({ level: 'warn', refused: reason, probe });
    return { status, code: 'FAIL', message: reason };
  }
  call.log.add({ notificationId: notification.notificationId });
  if (notification.is === 'other') {
    call.log.add({ level: 'warn', refused: `event_type:${notification.eventType}` });
    return { status: 400, code: 'FAIL', message: 'event_type is not taken here' };
  }
  try {
    await settleOrder(notification.evidence, tools, call);
    return { status: 200, code: 'SUCCESS', message: 'OK' };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    call.log.add({ level: 'error', error: `${error.code} ${error.message}` });
    return { status: 500, code: 'FAIL', message: error.code };
  }
}
