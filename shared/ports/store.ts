import type { Decision } from '../domain/decision.ts';
import type { OrderDocument } from '../domain/order/order.ts';
import type { OutTradeNo } from '../domain/order/outTradeNo.ts';
import type { Retry } from '../domain/retry.ts';

/**
 * Names what falls due on an order: a check at WeChat, of these the urgent ones alone, which hold money,
 * and a delivery to the merchant.
 */
export type DueKind = 'check' | 'urgent' | 'deliver';

/** Something due, read without parsing the document. */
export interface Due {
  outTradeNo: OutTradeNo;
  at: Date;
  /** The order's link, as it is stored; an orphan has none. */
  link?: string;
  /** The check holds money: it is among the urgent ones too. */
  isUrgent?: true;
}

/** Names an order by another number than its own. */
export type FoundBy = { transactionId: string } | { outRefundNo: string };

/** Something that needs a human since `at`; a document that cannot be read has only the code why. */
export type AttentionRow = { outTradeNo: OutTradeNo; at: Date } & (
  | { kind: 'read'; document: OrderDocument }
  | { kind: 'unreadable'; code: 'DOCUMENT_UNREADABLE' | 'DOCUMENT_NEWER' }
);

/** Where a list goes on: at this instant, without the numbers that were listed there already. */
export interface Cursor {
  at: Date;
  except: readonly string[];
}

/**
 * Stores orders: one document an order, one compare-and-set a change. After a time-out the same write
 * is repeated with the same write id, so each answer is true; an outcome that stays unknown is thrown.
 */
export interface OrderStore {
  /** Writes a new document; `exists` when the number is taken by another write. */
  insert(document: OrderDocument): Promise<'inserted' | 'exists'>;
  get(outTradeNo: OutTradeNo): Promise<OrderDocument | undefined>;
  /** Finds the document of a payment or of a refund number, by WeChat's or the merchant's number. */
  find(by: FoundBy): Promise<OrderDocument | undefined>;
  /**
   * Writes `next` whole if the stored version is still `expectedVersion`; it becomes the next one.
   * `number_used`: another order has a refund under one of its numbers; nothing was written.
   */
  replace(
    next: OrderDocument,
    expectedVersion: number,
  ): Promise<'replaced' | 'conflict' | 'number_used'>;
  /**
   * Lists what is due from `from` to `before`, both among it, in order of time; at most `limit`, which may
   * exceed 1,000. `paid` lists what was paid then. What later code wrote is not listed.
   */
  due(what: DueKind | 'paid', before: Date, limit: number, from?: Date): Promise<Due[]>;
  /**
   * Moves a due time, if it is still the one that was read: the item is the caller's until then. What later
   * code wrote is never leased.
   */
  lease(due: Due, what: DueKind, until: Date): Promise<boolean>;
  /**
   * Lists the documents that need a human since `before` or earlier, the oldest first; at most `limit`, which
   * is at most 1,000. One that cannot be read is among them from when it was first met.
   */
  attention(before: Date, limit: number, after?: Cursor): Promise<AttentionRow[]>;
  /**
   * Writes a decision beside a document that cannot be read, which is not listed any more; false where none
   * is known as such, true as often as it is repeated.
   */
  leaveUnreadable(outTradeNo: OutTradeNo, decision: Decision): Promise<boolean>;
}

/** The store failed: unreachable, an outcome that stays unknown, or a document it must not touch. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code:
    | 'STORE_UNAVAILABLE'
    | 'STORE_OUTCOME_UNKNOWN'
    | 'DOCUMENT_UNREADABLE'
    | 'DOCUMENT_NEWER'
    | 'STORE_REFUSED'
    /** A refund number that another order has. */
    | 'REFUND_NUMBER_USED';
  readonly retry: Retry;
  constructor(code: StoreError['code'], retry: Retry, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.retry = retry;
  }
}
