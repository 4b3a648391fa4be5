import type { Fields } from '../fields.ts';
import type { Store } from '../store.ts';
import type { Transactions } from '../transactions.ts';

/** A call of one of the emulated cloud's functions by another. */
export interface FunctionCall {
  name: string;
  data: unknown;
  /** Where the call comes from, as the `X-TCB-Source` header chains it: `scf`, `wx_client,scf`. */
  source: string;
}

/** What a function answered, or how the platform words its failure. */
export type FunctionAnswer = { result: unknown } | { error: { code: string; message: string } };

/** What actions work with. */
export interface Workshop {
  store: Store;
  transactions: Transactions;
  /** Virtual time: what `db.serverDate()` means. */
  now(): Date;
  newId(): string;
  invoke(call: FunctionCall): Promise<FunctionAnswer>;
}

/** One request, taken apart and known to be genuine. */
export interface Call {
  fields: Fields;
  source: string;
}

/** What an action did. */
export interface Outcome {
  /** The fields of the answer beside `requestId`. */
  reply: Record<string, unknown>;
  /** For the timeline; facts only, never a document. */
  about?: { subject: string; detail?: Record<string, unknown> };
}

/** One action of `POST /admin`. */
export interface Action {
  run(call: Call, workshop: Workshop): Outcome | Promise<Outcome>;
  /** Whether the timeline tells of it; reads are too many. */
  recorded?: boolean;
}
