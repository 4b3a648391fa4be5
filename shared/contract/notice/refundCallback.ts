import type { Contract } from '../contract.ts';
import { type NotificationInput, notification } from './notification.ts';

/** 退款结果通知. */
export const refundCallback: Contract<NotificationInput> = {
  name: 'refundCallback',
  form: 'http',
  dependsOn: [
    'store',
    'notifications',
    'unsignedNotices',
    'apiV3',
    'cloudPay',
    'refunds',
    'deliveries',
  ],
  input: notification,
};
