import type { State } from '../state.ts';
import type { Transactions } from '../transactions/transactions.ts';
import type { Fields } from '../wire/fields.ts';

/** A call of one of the emulated cloud's functions by another. */
export interface FunctionInvocation {
  name: string;
  data: unknown;
  /** Where the call comes from, as the `X-TCB-Source` header chains it: `scf`, `wx_client,scf`. */
  source: string;
}

/** What a function answered, or how the platform words its failure. */
export type FunctionAnswer = { result: unknown } | { error: { code: string; message: string } };

/** A call of CloudPay (云支付), as a function made it. */
export interface PayCall {
  apiName: string;
  requestData: string;
  /** Of whoever called that function. */
  openid?: string;
}

/** The platform's private way to WeChat Pay. */
export interface CloudPay {
  /** Whom a token was given for; undefined for one that this cloud never gave. */
  holder(token: string): { openid?: string } | undefined;
  /** What WeChat Pay answered, byte for byte, or how the platform refuses to ask it. */
  call(call: PayCall): Promise<{ bytes: Buffer } | { refused: { code: string; message: string } }>;
}

/** What actions work with. */
export interface ActionDeps {
  store: State;
  transactions: Transactions;
  /** Virtual time: what `db.serverDate()` means. */
  now(): Date;
  newId(): string;
  invoke(call: FunctionInvocation): Promise<FunctionAnswer>;
  cloudPay: CloudPay | undefined;
}

/** One request, taken apart and known to be genuine. */
export interface ActionRequest {
  fields: Fields;
  source: string;
}

/** What an action did: the fields of its answer beside `requestId`, or an answer that is not ours. */
export type Outcome = Reply | { bytes: Buffer };

/** An answer in the platform's own form. */
export interface Reply {
  reply: Record<string, unknown>;
  /** For the timeline; facts only, never a document. */
  about?: { subject: string; detail?: Record<string, unknown> };
}

/** One action of `POST /admin`. */
export interface Action {
  run(call: ActionRequest, deps: ActionDeps): Outcome | Promise<Outcome>;
  /** Whether the timeline tells of it; reads are too many. */
  recorded?: boolean;
}
