import { BODY_BYTES_MAX } from '../../domain/limits.ts';
import type { CallWatch, Notification, NotificationVerifier } from '../../ports/gateway.ts';
import { Malformed } from '../read.ts';
import { open } from './crypto/aead.ts';
import { describeRejection, type RejectReason } from './crypto/verify.ts';
import type { Keys } from './keys/keys.ts';
import { configuredKeys, type PlatformKeys } from './platformKeys.ts';
import { verifySigned } from './verifySigned.ts';
import { type MerchantMode, merchantModeOf } from './wire/merchantMode.ts';
import { type NotificationRead, readNotification, readOrder } from './wire/order.ts';
import { readRefund } from './wire/refund.ts';

const ALGORITHM = 'AEAD_AES_256_GCM';
const REFUND_EVENTS = ['REFUND.SUCCESS', 'REFUND.CLOSED', 'REFUND.ABNORMAL'];
/** WeChat waits 5 s for our answer; a certificate that is not here by then is there at its repeat. */
const LOOKUP = { asker: 'notification', timeoutMs: 2_000 } as const;

type RefusedNotification = Extract<Notification, { kind: 'refused' }>;

/**
 * Makes the verifier of notifications (回调通知) of one merchant: it accepts only what WeChat Pay signed
 * within five minutes, over the raw bytes, and opens it with the APIv3 key. What is authentic but
 * cannot be opened or read is refused with 500, so that WeChat sends it again after the repair. With a
 * provider's keys `mode` is that of its merchants; `watch` sees the download of a certificate.
 */
export function createNotificationVerifier(
  keys: Keys,
  platformKeys: PlatformKeys = configuredKeys(keys),
  mode: MerchantMode = merchantModeOf(),
  watch?: CallWatch,
): NotificationVerifier {
  const lookup = { ...LOOKUP, watch };
  return async (raw, now) => {
    if (raw.body.length > BODY_BYTES_MAX) return refuse(400, 'body_too_large');
    const { rejectReason, lookupError } = await verifySigned(raw, platformKeys, now, lookup);
    if (rejectReason) {
      const described = describeRejection(rejectReason, raw);
      const reason = lookupError ? `${described}:${lookupError.code}` : described;
      return refuse(rejectReason.startsWith('header_') ? 400 : 401, reason);
    }
    return refuseMalformed(400, 'body_malformed', () => {
      const notification = readNotification(raw.body);
      if (notification.eventType === 'TRANSACTION.SUCCESS')
        return readPaymentNotification(notification, keys, mode);
      if (REFUND_EVENTS.includes(notification.eventType))
        return readRefundNotification(notification, keys, mode);
      return readOther(notification);
    });
  };
}

function readPaymentNotification(
  { id, eventType, ...sealed }: NotificationRead,
  keys: Keys,
  mode: MerchantMode,
): Notification {
  return openResource(sealed, keys, (resource) => {
    const { evidence } = readOrder(resource, mode, 'callback');
    return { kind: 'payment', notificationId: id, eventType, evidence };
  });
}

function readRefundNotification(
  { id, eventType, ...sealed }: NotificationRead,
  keys: Keys,
  mode: MerchantMode,
): Notification {
  return openResource(sealed, keys, (resource) => {
    const evidence = readRefund(resource, mode, 'callback');
    return { kind: 'refund', notificationId: id, eventType, evidence };
  });
}

function openResource(
  { algorithm, sealed }: Pick<NotificationRead, 'algorithm' | 'sealed'>,
  keys: Keys,
  read: (resource: Uint8Array) => Notification,
): Notification {
  if (algorithm !== ALGORITHM) return refuse(500, 'algorithm_unknown');
  const resource = open(sealed, keys.apiV3Key);
  // The signature was right, so this is WeChat's: WXPAY_API_V3_KEY is not the merchant's key.
  if (!resource) return refuse(500, 'decrypt_api_v3_key');
  return refuseMalformed(500, 'resource_malformed', () => read(resource));
}

function readOther({ id, eventType }: NotificationRead): Notification {
  return { kind: 'other', notificationId: id, eventType };
}

function refuseMalformed(
  status: RefusedNotification['status'],
  reason: string,
  read: () => Notification,
): Notification {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return refuse(status, `${reason}:${error.field}`);
    throw error;
  }
}

function refuse(status: RefusedNotification['status'], reason: string): RefusedNotification {
  return { kind: 'refused', status, reason, probe: reason === ('probe' satisfies RejectReason) };
}
