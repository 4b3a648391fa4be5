import type { NotificationAnswer, NotificationInput } from '../contract/notification.ts';
import type { Evidence } from '../domain/evidence.ts';
import { ACKNOWLEDGED, acceptNotification } from './acceptNotification.ts';
import { settleOrder } from './settleOrder.ts';
import type { Call, Tools } from './tools.ts';

type Needs = Pick<Tools, 'door' | 'store' | 'clock'>;

/** 支付结果通知: settles the order that a verified payment is for, and acknowledges once that is written. */
export function receiveNotification(
  input: NotificationInput,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  return acceptNotification(input, tools, call, (notification) =>
    notification.is === 'payment' ? settle(notification.evidence, tools, call) : undefined,
  );
}

async function settle(evidence: Evidence, tools: Needs, call: Call): Promise<NotificationAnswer> {
  await settleOrder(evidence, tools, call);
  return ACKNOWLEDGED;
}
