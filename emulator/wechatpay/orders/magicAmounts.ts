import type { Fault } from '../../world/faults.ts';

/**
 * The behaviour of an order whose amount has magic: no notification, a failure, or a fault of its
 * own.
 */
export type MagicAmount =
  | { kind: 'without_notification' }
  | { kind: 'payment_fails' }
  | { kind: 'notification_fault'; fault: Fault };

/** Amounts of the old acceptance sandbox that behave by themselves, in fen; only when asked for. */
export const MAGIC_AMOUNTS: Readonly<Record<number, MagicAmount>> = {
  130: { kind: 'without_notification' },
  131: { kind: 'payment_fails' },
  132: notificationFault('duplicate'),
  133: notificationFault('forged'),
  134: notificationFault('mutated', 'AMOUNT'),
};

function notificationFault(kind: Fault['kind'], code?: string): MagicAmount {
  const fault = { at: 'wechatpay.notify', kind, times: 1, ...(code === undefined ? {} : { code }) };
  return { kind: 'notification_fault', fault };
}
