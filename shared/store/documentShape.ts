/** Describes a stored document, field by field: what is written, and what can be read. */
import * as is from './shape.ts';

const delivery = is.union('state', {
  waiting: is.shape({
    attempts: is.count,
    since: is.date,
    nextAt: is.date,
    isUnderWay: is.optional(is.oneOf(true)),
    earlierAttempts: is.optional(is.count),
    lastError: is.optional(is.text),
  }),
  delivered: is.shape({ attempts: is.count, deliveredAt: is.date }),
  parked: is.shape({ attempts: is.count, parkedAt: is.date, lastError: is.text }),
});
const events = is.list(
  is.shape({
    id: is.text,
    seq: is.count,
    type: is.text,
    at: is.date,
    about: is.optional(is.text),
    deliveries: is.optional(
      is.shape({ function: is.optional(delivery), url: is.optional(delivery) }),
    ),
  }),
);

const receipt = is.shape({
  transactionId: is.text,
  paidAt: is.date,
  confirmedBy: is.oneOf('callback', 'query'),
  confirmedAt: is.date,
});
const decisions = is.list(
  is.shape({
    decision: is.text,
    about: is.text,
    attention: is.optional(is.text),
    by: is.text,
    at: is.date,
    reason: is.text,
  }),
);
const payment = is.shape({
  appId: is.text,
  timeStamp: is.text,
  nonceStr: is.text,
  package: is.text,
  signType: is.oneOf('RSA', 'MD5'),
  paySign: is.text,
});

const refunds = is.list(
  is.shape({
    outRefundNo: is.text,
    refundFee: is.count,
    reason: is.optional(is.text),
    request: is.text,
    requestedAt: is.date,
    unansweredSince: is.optional(is.date),
    transactionId: is.optional(is.text),
    origin: is.oneOf('ours', 'external'),
    status: is.union('state', {
      requested: is.shape({
        placingUntil: is.date,
        attempts: is.count,
        untakenAttempts: is.optional(is.count),
        lastErrorCode: is.optional(is.text),
      }),
      processing: is.shape({ refundId: is.text }),
      success: is.shape({ refundId: is.text, succeededAt: is.date }),
      closed: is.shape({ refundId: is.text, closedAt: is.date }),
      abnormal: is.shape({ refundId: is.text, abnormalAt: is.date }),
      unverified: is.shape({ unverifiedAt: is.date, refundId: is.optional(is.text) }),
      refused: is.shape({ reason: is.text, refusedAt: is.date }),
    }),
  }),
);

const receivedPayment = is.shape({
  transactionId: is.text,
  tradeState: is.oneOf('SUCCESS', 'REFUND'),
  totalFee: is.optional(is.count),
  currency: is.text,
  mchid: is.text,
  spMchid: is.optional(is.text),
  appid: is.optional(is.text),
  openid: is.optional(is.text),
  paidAt: is.optional(is.date),
  confirmedBy: is.oneOf('callback', 'query'),
  confirmedAt: is.date,
});
const quarantine = is.shape({
  differs: is.text,
  transactionId: is.text,
  totalFee: is.optional(is.count),
  at: is.date,
  payment: is.optional(receivedPayment),
});

/** The fields that orders and orphans share. */
const common = {
  traceId: is.optional(is.text),
  queriedAt: is.optional(is.date),
  secondPayments: is.optional(is.list(receivedPayment)),
  refunds: is.optional(refunds),
  refundedExternallyAt: is.optional(is.date),
  decisions: is.optional(decisions),
  events,
} as const;

/** Lists the fields of each kind of document; what is not among them later code has added. */
export const fields = {
  order: {
    kind: is.oneOf('order'),
    link: is.oneOf('apiV3', 'cloudPay'),
    mchid: is.text,
    spMchid: is.optional(is.text),
    appid: is.text,
    openid: is.text,
    body: is.text,
    totalFee: is.count,
    attach: is.optional(is.text),
    purchaseId: is.optional(is.text),
    createdAt: is.date,
    expiresAt: is.date,
    request: is.text,
    status: is.union('state', {
      created: is.shape({
        placingUntil: is.date,
        attempts: is.count,
        unsentAttempts: is.optional(is.count),
      }),
      paying: is.either(
        is.shape({ prepayId: is.text, prepayIssuedAt: is.date }),
        is.shape({ payment, prepayIssuedAt: is.date }),
      ),
      paid: is.shape({ receipt }),
      closed: is.shape({ closedAt: is.date, reason: is.text }),
    }),
    closeDueAt: is.optional(is.date),
    closeReason: is.optional(is.text),
    unanswered: is.optional(
      is.shape({ since: is.date, code: is.text, endedAt: is.optional(is.date) }),
    ),
    quarantine: is.optional(quarantine),
    siblingsDueAt: is.optional(is.date),
    acceptedPayment: is.optional(receivedPayment),
    ...common,
  },
  orphan: {
    kind: is.oneOf('orphan'),
    mchid: is.text,
    spMchid: is.optional(is.text),
    appid: is.optional(is.text),
    openid: is.optional(is.text),
    totalFee: is.optional(is.count),
    receipt,
    ...common,
  },
} as const;

const content = {
  checkAt: is.dateOrNull,
  deliveryAt: is.dateOrNull,
  order: is.union('kind', { order: is.shape(fields.order), orphan: is.shape(fields.orphan) }),
};
/** Describes what may be written. */
export const writable = is.shape(content);
/** Describes what can be read: what is absent in the database is null here. */
export const readable = is.shape({
  _id: is.text,
  // Without them no condition of a write would ever fit: a conflict for ever.
  schemaVersion: is.version,
  version: is.version,
  writeIds: is.list(is.text),
  ...content,
  checkAt: is.optional(is.dateOrNull),
  deliveryAt: is.optional(is.dateOrNull),
});
