/** Lists the limits of WeChat Pay, as data. Sources: D4012791856, D4012791877. */

/** The way to WeChat Pay: signed calls of our own, or the CloudBase platform (云支付). */
export type Link = 'apiV3' | 'cloudPay';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Limits of the texts that WeChat takes, in bytes of UTF-8; the narrower one of both links. `body` and
 * `reason` are for display and go out clipped, the others are refused beyond. Source: `community/text-bytes`.
 */
export const TEXT_LIMITS = {
  body: 127,
  attach: 127,
  openid: 128,
  goodsTag: 32,
  reason: 80,
} as const;

/** The longest text for display that we store, in characters; WeChat gets its beginning. */
export const DISPLAY_TEXT_LENGTH_MAX = 512;

/** The largest amount in fen that we place: WeChat's amounts are 32-bit integers. */
export const TOTAL_FEE_MAX = 2_147_483_647;

/** How far ahead `timeExpire` may lie. */
export const EXPIRY_LIMITS = { minMs: MINUTE, maxMs: 15 * 24 * HOUR } as const;

/** How long an order may be paid when neither request nor configuration sets it. */
export const ORDER_TTL_MS = 30 * MINUTE;

/** How long after its making a prepay id is still handed out; WeChat lets it die after 2 hours. */
export const PREPAY_FRESH_MS = 110 * MINUTE;

/**
 * An order is not sent to WeChat again when it expires sooner than this: a request that WeChat reads
 * after `time_expire` would make it payable without expiry. Source: `community/0008c2f387c0`.
 */
export const REPLACE_MARGIN_MS = MINUTE;

/** How long one caller places an order alone before another may take over: longer than one call. */
export const PLACING_LEASE_MS = 6 * SECOND;

/**
 * How long after its lease a sender may still send: longer than the repeats of one invocation take, and far
 * shorter than {@link NEVER_LANDED_MS}, after which others take what was not found for never sent.
 */
export const SENT_AFTER_LEASE_MS = MINUTE;

/** When "WeChat does not know it" means that an order without prepay id never landed. */
export const NEVER_LANDED_MS = 10 * MINUTE;

/** Limits the refunds of one order. Source: D4012791862. */
export const REFUND_LIMITS = { maxAgeMs: 365 * 24 * HOUR, partsMax: 50, apartMs: MINUTE } as const;

/** The wait before another refund of an order after so many were refused; the last one holds from there on. */
const REFUSED_WAITS_MINUTES = [0, 0, 0, 0, 1, 5, 15, 60, 60, 60, 60, 360, 360, 360, 360, 1440];

/**
 * Limits the refunds of one order that WeChat refused: each has a number, which is never forgotten. The
 * waits let some 400 through in the year in which an order may be refunded; `wholeMax` of them, the
 * youngest, keep what was sent.
 */
export const REFUSED_REFUND_LIMITS = {
  waitsMs: REFUSED_WAITS_MINUTES.map((minutes) => minutes * MINUTE),
  wholeMax: 10,
} as const;

/**
 * How long after its request a refund may be sent, as long as WeChat itself tries to pay one out. One
 * that could not be sent by then ends with `refund.given_up`.
 */
export const REFUND_SENT_WITHIN_MS = 7 * 24 * HOUR;

/**
 * When a refund that nothing ever confirmed is given up as unverified on cloud pay, whose answers say
 * no more than that it was accepted (Cloud.CloudPay): WeChat tries for 7 days, and one more.
 */
export const REFUND_UNVERIFIED_AFTER_MS = 8 * 24 * HOUR;

/** How many second payments an order keeps whole; each further one is only an event. */
export const SECOND_PAYMENTS_MAX = 10;

/** The shortest time between two queries of one order by `queryOrder` and `queryRefund`. */
export const QUERY_INTERVAL_MS = 2 * SECOND;

/**
 * How old the last prepay answer must be before the order is closed at WeChat, per link: v2 and
 * cloud pay ask for 5 minutes (V2:9_3), v3 has no limit (V3:chapter3_4_3).
 */
export const CLOSE_MIN_AGE_MS: Record<Link, number> = { apiV3: 0, cloudPay: 5 * MINUTE };

/**
 * The shortest time between two queries by `queryOrder` of an order whose payment is certain, which bring
 * nothing but that money went back outside of us.
 */
export const PAID_QUERY_INTERVAL_MS = 10 * MINUTE;

/** Limits the orders that one payer begins. */
export interface OrderLimits {
  /** In any minute. */
  perMinute: number;
  /** Unpaid at a time. */
  unpaid: number;
}

/** The limits unless the configuration says otherwise: far above a person, far below a script. */
export const ORDER_LIMITS: OrderLimits = { perMinute: 10, unpaid: 10 };

/** How often, at most, the unpaid orders of a payer who has reached the limit are looked at themselves. */
export const PAYER_LOOK_EVERY_MS = 10 * SECOND;

/** At most so many of them are looked at, the oldest. */
export const PAYER_LOOKED_AT_MAX = 20;

/** The largest body that is read of a callback, and of a signed call; both are a few kB. */
export const BODY_BYTES_MAX = 64 * 1024;

/** At most so many fields of an event are looked at; a callback of cloud pay has some 40. */
export const EVENT_FIELDS_MAX = 200;

/** At most so many requests to WeChat in one invocation; a timer has its own pace. */
export const WECHAT_CALLS_MAX = 20;

/** How far a signed message's time may lie from ours. Source: wechatpay-skills, 签名与验签规则 §4. */
export const SIGNATURE_WINDOW_MS = 5 * MINUTE;

/** How many due orders one worker of the timer checks at once, unless the configuration says otherwise. */
export const CHECK_CONCURRENCY = 20;

/** At most so many workers share a run of the timer. */
export const CHECK_WORKERS_MAX = 8;

/** At most so many checks a second of all workers of one timer; WeChat takes some 600 a second of a merchant. Source: `community/000eae8765cb`. */
export const CHECKS_PER_SECOND_MAX = 400;

/** How many orders one run of deliveries works on at once, on each channel. */
export const DELIVERY_CONCURRENCY = 20;
