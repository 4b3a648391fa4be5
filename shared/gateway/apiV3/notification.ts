import type { Notification, NotificationVerifier } from '../../ports/gateway.ts';
import { Malformed } from '../read.ts';
import { open } from './crypto/aead.ts';
import type { RejectReason } from './crypto/verify.ts';
import type { Keys } from './keys/keys.ts';
import { givenKeys, judge, type PlatformKeys } from './platformKeys.ts';
import { type MerchantMode, merchantModeOf } from './wire/merchantMode.ts';
import { type NotificationRead, readNotification, readOrder } from './wire/order.ts';
import { readRefund } from './wire/refund.ts';

/** A notification is some 2 kB; one with many coupons stays far below this. */
const BODY_BYTES_MAX = 64 * 1024;
const ALGORITHM = 'AEAD_AES_256_GCM';
const REFUND_EVENTS = ['REFUND.SUCCESS', 'REFUND.CLOSED', 'REFUND.ABNORMAL'];
/** WeChat waits 5 s for our answer; a certificate that is not here by then is there at its repeat. */
const LOOK = { asker: 'notification', timeoutMs: 2_000 } as const;

type Refused = Extract<Notification, { kind: 'refused' }>;

/**
 * Makes the door for notifications (回调通知) of one merchant: believes only what WeChat Pay signed
 * within five minutes, over the raw bytes, and opens it with the APIv3 key. What is authentic but
 * cannot be opened or read is refused with 500, so that WeChat sends it again after the repair. With a
 * provider's keys it is told in the form of its merchants.
 */
export function createNotificationVerifier(
  keys: Keys,
  platformKeys: PlatformKeys = givenKeys(keys),
  form: MerchantMode = merchantModeOf(),
): NotificationVerifier {
  return async (raw, now) => {
    if (raw.body.length > BODY_BYTES_MAX) return refused(400, 'body_too_large');
    const { flaw, trouble } = await judge(raw, platformKeys, now, LOOK);
    if (flaw) {
      const reason = trouble ? `${flaw}:${trouble.code}` : flaw;
      return refused(flaw.startsWith('header_') ? 400 : 401, reason);
    }
    return malformedIsRefused(400, 'body_malformed', () => {
      const notification = readNotification(raw.body);
      if (notification.eventType === 'TRANSACTION.SUCCESS')
        return payment(notification, keys, form);
      if (REFUND_EVENTS.includes(notification.eventType)) return refund(notification, keys, form);
      return other(notification);
    });
  };
}

function payment(
  { id, eventType, ...sealed }: NotificationRead,
  keys: Keys,
  form: MerchantMode,
): Notification {
  return opened(sealed, keys, (resource) => {
    const { evidence } = readOrder(resource, form, 'callback');
    return { kind: 'payment', notificationId: id, eventType, evidence };
  });
}

function refund(
  { id, eventType, ...sealed }: NotificationRead,
  keys: Keys,
  form: MerchantMode,
): Notification {
  return opened(sealed, keys, (resource) => {
    const evidence = readRefund(resource, form, 'callback');
    return { kind: 'refund', notificationId: id, eventType, evidence };
  });
}

function opened(
  { algorithm, sealed }: Pick<NotificationRead, 'algorithm' | 'sealed'>,
  keys: Keys,
  read: (resource: Uint8Array) => Notification,
): Notification {
  if (algorithm !== ALGORITHM) return refused(500, 'algorithm_unknown');
  const resource = open(sealed, keys.apiV3Key);
  // The signature was right, so this is WeChat's: WXPAY_API_V3_KEY is not the merchant's key.
  if (!resource) return refused(500, 'decrypt_api_v3_key');
  return malformedIsRefused(500, 'resource_malformed', () => read(resource));
}

function other({ id, eventType }: NotificationRead): Notification {
  return { kind: 'other', notificationId: id, eventType };
}

function malformedIsRefused(
  status: Refused['status'],
  reason: string,
  read: () => Notification,
): Notification {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return refused(status, `${reason}:${error.field}`);
    throw error;
  }
}

function refused(status: Refused['status'], reason: string): Refused {
  return { kind: 'refused', status, reason, probe: reason === ('probe' satisfies RejectReason) };
}
