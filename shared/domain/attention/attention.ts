/** Tells what needs a human about a document, since when, and what may be decided of it. Pure. */

import type { DecisionName } from '../decision.ts';
import { parkedDeliveries } from '../delivery/delivery.ts';
import type { Fen } from '../money.ts';
import type { OrderEventType } from '../order/event.ts';
import type { OrderDocument } from '../order/order.ts';
import { type Refund, refundedFee } from '../order/refund.ts';
import { refundedPayment, refundsOfPayment } from '../refund/refundedPayment.ts';
import { REFUND_ATTENTION_AFTER_MS } from '../schedules.ts';

/** The kinds of what needs a human in a document that can be read. */
export type AttentionKind =
  /** 隔离: a payment that differs from its order. */
  | 'quarantine'
  /** 无主付款. */
  | 'orphan'
  /** 重复付款. */
  | 'second_payment'
  /** An answer of WeChat about a refund differs from ours. */
  | 'refund_mismatch'
  /** 退款异常. */
  | 'refund_abnormal'
  /** 退款结果未确认. */
  | 'refund_unverified'
  /** A refund that was requested long ago, and that WeChat has not taken as far as we know. */
  | 'refund_requested'
  /** Nothing could be learnt of an expired order, and no more checks are made. */
  | 'unanswered'
  /** 搁置: an event that did not reach the merchant, and is not attempted any more. */
  | 'event_parked';

/** Something that needs a human. */
export interface Attention {
  kind: AttentionKind;
  /** Names it among those of its kind: the id of a payment, the number of a refund. */
  about: string;
  since: Date;
  /** The sum that it is about, where that is known. */
  fee?: Fen;
  /** More that a person should know: the field that differs, WeChat's code. */
  detail?: string;
}

/** Says which decisions end each kind; the first is proposed. Total, so that none is without a way out. */
export const DECISIONS_OF: Record<AttentionKind, readonly DecisionName[]> = {
  quarantine: ['refundPayment', 'acceptPayment', 'leave'],
  orphan: ['refundPayment', 'acceptPayment', 'leave'],
  second_payment: ['refundPayment', 'leave'],
  refund_mismatch: ['leave'],
  refund_abnormal: ['leave'],
  refund_unverified: ['leave'],
  refund_requested: ['giveUpRefund', 'leave'],
  unanswered: ['leave'],
  event_parked: ['redeliver', 'leave'],
};

type Found = Omit<Attention, 'kind'>;

/** Finds each kind in a document, whatever was decided of it. */
const FINDERS: Record<AttentionKind, (document: OrderDocument) => Found[]> = {
  quarantine: (document) => {
    if (document.kind !== 'order' || !document.quarantine) return [];
    const { transactionId, at, totalFee, differs } = document.quarantine;
    return [{ about: transactionId, since: at, detail: differs, ...feeOf(totalFee) }];
  },
  orphan: (document) => {
    if (document.kind !== 'orphan') return [];
    const { receipt, totalFee } = document;
    return [{ about: receipt.transactionId, since: receipt.confirmedAt, ...feeOf(totalFee) }];
  },
  // By their events: of a great many, only the first are kept whole.
  second_payment: (document) =>
    eventsOf(document, 'order.duplicate_payment').map(({ about, since }) => {
      // Of two orders of one purchase the second one's own payment is it.
      return { about, since, ...feeOf(refundedPayment(document, about)?.totalFee) };
    }),
  refund_mismatch: (document) => eventsOf(document, 'refund.mismatch'),
  refund_abnormal: (document) =>
    refundsIn(document, ({ status }) =>
      status.state === 'abnormal' ? status.abnormalAt : undefined,
    ),
  refund_unverified: (document) =>
    refundsIn(document, ({ status }) =>
      status.state === 'unverified' ? status.unverifiedAt : undefined,
    ),
  refund_requested: (document) =>
    refundsIn(document, ({ status, requestedAt }) =>
      status.state === 'requested'
        ? new Date(requestedAt.getTime() + REFUND_ATTENTION_AFTER_MS)
        : undefined,
    ),
  unanswered: (document) => {
    const unanswered = document.kind === 'order' ? document.unanswered : undefined;
    if (!unanswered?.endedAt) return [];
    const { endedAt: since, code } = unanswered;
    return [{ about: document.outTradeNo, since, detail: code }];
  },
  event_parked: (document) =>
    parkedDeliveries(document).map(
      ({ event, delivery: { parkedAt: since, lastError: detail } }) => ({
        about: event.id,
        since,
        detail,
      }),
    ),
};

const KINDS = Object.keys(FINDERS) as AttentionKind[];

/** Lists the kinds that are about money that came in: a refund of all of it ends them. */
const OF_PAYMENTS: readonly AttentionKind[] = ['quarantine', 'orphan', 'second_payment'];

/** Lists what needs a human about a document at this instant, the oldest first. */
export function attentionOf(document: OrderDocument, now: Date): Attention[] {
  return openIn(document).filter(({ since }) => since <= now);
}

/** Finds when a document first needs a human, perhaps later than now; undefined where it needs none. */
export function attentionAt(document: OrderDocument): Date | undefined {
  return openIn(document)[0]?.since;
}

function openIn(document: OrderDocument): Attention[] {
  const open: Attention[] = [];
  for (const kind of KINDS) {
    for (const found of FINDERS[kind](document)) {
      const each: Attention = { kind, ...found };
      if (!isDecided(document, each) && !isRefunded(document, each)) open.push(each);
    }
  }
  return open.sort((a, b) => a.since.getTime() - b.since.getTime());
}

/** Tells whether a person has let something be since it is there: accepted it, or left it as it is. */
export function isDecided(
  { decisions = [] }: OrderDocument,
  { kind, about, since }: Pick<Attention, 'kind' | 'about' | 'since'>,
): boolean {
  return decisions.some((each) => {
    if (each.about !== about || each.at < since) return false;
    if (each.decision === 'leave') return each.attention === kind;
    return each.decision === 'acceptPayment' && OF_PAYMENTS.includes(kind);
  });
}

/** Tells whether a payment goes back whole: its refunds need a human by themselves, or none. */
function isRefunded(document: OrderDocument, { kind, about, fee }: Attention): boolean {
  if (!OF_PAYMENTS.includes(kind) || fee === undefined) return false;
  return refundedFee(refundsOfPayment(document, about)) >= fee;
}

function eventsOf(
  { events }: OrderDocument,
  wanted: OrderEventType,
): { about: string; since: Date }[] {
  const found = events.filter(({ type }) => type === wanted);
  return found.map(({ about = '', at }) => ({ about, since: at }));
}

function refundsIn(
  { refunds = [] }: OrderDocument,
  sinceOf: (refund: Refund) => Date | undefined,
): Found[] {
  return refunds.flatMap((refund) => {
    const since = sinceOf(refund);
    const { outRefundNo: about, refundFee: fee, status } = refund;
    const code = status.state === 'requested' ? status.lastErrorCode : undefined;
    return since ? [{ about, since, fee, ...(code === undefined ? {} : { detail: code }) }] : [];
  });
}

function feeOf(fee: Fen | undefined): { fee?: Fen } {
  return fee === undefined ? {} : { fee };
}
