import type { CallContent } from '../cloudPay/callback.ts';
import type { DeliveryAttempt, OrderLedger } from '../orders/ledger.ts';
import type { RefundLedger } from '../refunds/ledger.ts';
import type { SignedContent } from './signed.ts';
import type { XmlContent } from './unsignedXml.ts';

/** Lists what notifications are made of. */
export interface NotificationDeps {
  orders: OrderLedger;
  refunds: RefundLedger;
  /** The address in the merchant console (商户平台), for refunds without one of their own. */
  refundNotifyUrl?: string | undefined;
}

/** One notification to a merchant (回调通知), repeated until it is acknowledged. */
export interface Notification {
  /** The number it is about. */
  subject: string;
  /** The numbers that its plan stores, so that it is found again after a restart. */
  about: Record<string, string>;
  /**
   * Posted to an address, signed or in APIv2's XML; of an order of CloudPay, handed to a function.
   */
  content: SignedContent | XmlContent | CallContent;
  /** Adds attempts to the log of the order or refund. */
  record(attempts: readonly DeliveryAttempt[]): void;
}

/** A kind of notification: `at` names its plans, its faults and its lines in the timeline. */
export interface Channel {
  at: 'wechatpay.notify' | 'wechatpay.refundNotify';
  /** Names the plans of its probes; sorts before `at`, so that the probe comes first. */
  probeKind: string;
  /** Names its probes in the timeline. */
  probeAt: string;
  /** Finds the notification that a plan is about, in the ledgers as they are now. */
  find(deps: NotificationDeps, about: Record<string, string>): Notification | undefined;
}
