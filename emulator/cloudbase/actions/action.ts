import type { HttpRequest } from '../../world/wire/http.ts';
import type { State } from '../state.ts';
import type { Transactions } from '../transactions/transactions.ts';
import type { Fields } from '../wire/fields.ts';

/** A function of the cloud calls another one. */
export interface FunctionInvocation {
  name: string;
  data: unknown;
  /** Where the call comes from, as the `X-TCB-Source` header chains it: `scf`, `wx_client,scf`. */
  source: string;
  /** The caller's token for cloud calls (`wxCloudApiToken`), where it has one. */
  token?: string | undefined;
  /** Is aborted once whoever called waits no longer for the answer. */
  gone?: AbortSignal | undefined;
}

/** A function answers its result, or the platform words its failure. */
export type FunctionAnswer = { result: unknown } | { error: { code: string; message: string } };

/** A function calls CloudPay (云支付). */
export interface PayCall {
  apiName: string;
  requestData: string;
  /** The openid of whoever called that function. */
  openid?: string;
}

/** WeChat Pay answered in bytes, or the platform refused to pass the call on. */
export type PayAnswer =
  | { kind: 'answered'; bytes: Buffer }
  | { kind: 'refused'; code: string; message: string };

/** The platform has a private way to WeChat Pay. */
export interface CloudPay {
  /** Finds whom a token was given for; undefined for one that this cloud never gave. */
  holder(token: string): { openid?: string } | undefined;
  /** Answers what WeChat Pay answered, byte for byte, or how the platform refuses to ask it. */
  call(call: PayCall): Promise<PayAnswer>;
}

/** Every action works with these. */
export interface ActionDeps {
  state: State;
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
  /** Its `signal` is aborted once nobody waits for the answer. */
  request: Pick<HttpRequest, 'signal'>;
}

/** An action answers in the platform's own form, or passes on an answer that is not its own. */
export type Outcome = Reply | { kind: 'bytes'; bytes: Buffer };

/** A reply holds the fields of the answer beside `requestId`. */
export interface Reply {
  kind: 'reply';
  reply: Record<string, unknown>;
  /** For the timeline; facts only, never a document. */
  about?: { subject: string; detail?: Record<string, unknown> };
}

/** One action of `POST /admin`. */
export interface Action {
  run(call: ActionRequest, deps: ActionDeps): Outcome | Promise<Outcome>;
  /** Whether the timeline records it; reads are too many. */
  recorded?: boolean;
}
