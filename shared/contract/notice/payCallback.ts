import type { Contract } from '../contract.ts';
import { type NotificationInput, notification } from './notification.ts';

/** 支付结果通知. */
export const payCallback: Contract<NotificationInput> = {
  name: 'payCallback',
  form: 'http',
  dependsOn: ['store', 'notifications', 'cloudPay', 'deliveries'],
  input: notification,
};
