import type { Decision } from '../domain/decision.ts';
import type { Cursor, Due, FoundBy } from '../ports/store.ts';
import type { Stored, Written } from './codec.ts';

/** The index fields that hold when something is due. */
export type DueField = 'checkAt' | 'deliveryAt';

/** The index fields that documents are listed by, in order of time. */
export type TimeField = DueField | 'paidAt';

/** One replacement: what is written over which version, and the id of this write. */
export interface Replacement {
  outTradeNo: string;
  /** The version it is written over; any other makes it void. */
  over: number;
  written: Written;
  writeId: string;
}

/** One page of what is due; documents of later code are on none. */
export interface Page {
  field: TimeField;
  /** Only what holds money. */
  isUrgent: boolean;
  before: Date;
  size: number;
  /** Goes on at this instant, without the numbers that were listed there already. */
  after?: Cursor;
}

/**
 * A collection as the store needs it: nine operations, each atomic, each of which may throw without
 * telling whether it took effect. The rules that make true answers of them are in orderStore.ts.
 */
export interface OrdersCollection {
  /** `taken` when the key is there already. */
  add(stored: Stored): Promise<'added' | 'taken'>;
  find(outTradeNo: string): Promise<unknown>;
  /** One document that has this value in an index field. */
  search(by: FoundBy): Promise<unknown>;
  /**
   * Writes if the version fits and no later code wrote the document, else it is `void`;
   * `number_used` when another document has one of its refund numbers.
   */
  replace(replacement: Replacement): Promise<'written' | 'void' | 'number_used'>;
  /** Moves a due time that is still the one that was read, of no later code; tells whether it did. */
  move(due: Due, field: DueField, until: Date): Promise<boolean>;
  /** Lists what is due at `before` or earlier, in order of time alone. */
  page(page: Page): Promise<Due[]>;
  /** Lists whole documents that need a human at `before` or earlier, in order of time, of later code too. */
  attention(page: Pick<Page, 'before' | 'size' | 'after'>): Promise<unknown[]>;
  /** Marks a document that cannot be read, unless it is marked already; its version stays. */
  markUnreadable(outTradeNo: string, at: Date): Promise<void>;
  /** Leaves a marked document as it is; tells whether it changed. */
  leaveUnreadable(outTradeNo: string, decision: Decision): Promise<boolean>;
}
