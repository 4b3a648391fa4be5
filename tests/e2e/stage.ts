/** Gives scenarios a stage: inside one process, or over the wire against the local cloud. */
import type { PlatformSwitches } from '../../emulator/runner/invocations/switches.ts';
import type { WeChatSwitches } from '../../emulator/wechatpay/wire/switches.ts';
import type { Link } from '../../shared/domain/limits.ts';
import type { AskPrice } from '../../shared/ports/merchant.ts';
import type { Canary, Trace } from './canaries.ts';
import type { Fulfil } from './merchantCalls.ts';

/** Names the caller of a function. */
export interface As {
  openid?: string;
  /** Any platform source; `wx_client` when left out. */
  source?: string;
  /** Signed as the merchant's server. */
  service?: true;
}

/** An answer of a function; see shared/contract/answer.ts. */
export interface Answer {
  errCode: 0 | string;
  errMsg: string;
  [field: string]: unknown;
}

/** Sums up what our own document holds of an order. */
export interface StoredOrder {
  kind: 'order' | 'orphan';
  state: string;
  version: number;
  events: string[];
  /** How far each event has come on its way to the merchant's function; absent where a stage has a real one. */
  deliveries?: {
    id: string;
    type: string;
    state: 'unopened' | 'waiting' | 'delivered' | 'parked';
  }[];
  quarantined: boolean;
  checkAt: Date | null;
  request: string;
  confirmedBy?: string;
  refunds: { outRefundNo: string; state: string }[];
}

/** WeChat's own truth, in its field names; `notifications` are the tries and their status. */
export interface Truth {
  trade_state: string;
  out_trade_no: string;
  time_expire?: string;
  prepayCount: number;
  notifications: { status: number | string }[];
  refunds?: {
    out_refund_no: string;
    amount: { refund: number };
    status: string;
    origin: 'api' | 'console';
  }[];
}

/** A switch of what goes wrong, as the control API takes it. */
export interface Fault {
  at: string;
  kind: string;
  times?: number;
  code?: string;
  delayMs?: number;
}

/** One message of WeChat's, as it was sent: a notification, or a call of a function on cloud pay. */
export type Sent =
  | { url: string; headers: Record<string, string>; body: string }
  | { functionName: string; event: Record<string, unknown>; openid: string };

/** Tells a callback of cloud pay from a notification that was posted. */
export function isCallback(sent: Sent): sent is Extract<Sent, { event: object }> {
  return 'event' in sent;
}

/** Says how the platforms behave where sources differ. */
export type Switches = PlatformSwitches & WeChatSwitches;

/** A merchant's own functions, as a test names them: the prices, and what hears of events. */
export interface Shop {
  /** From now on prices are quoted so, and orders may be closed at this age; nothing: the phone names them. */
  quotes(quote?: AskPrice, closeMinAgeMs?: number): void;
  /** From now on events are delivered to this function, at once and by the timer; nothing: there is none. */
  fulfils(by?: Fulfil): void;
  /** Is called after each call of WeChat's, with what WeChat has of a number. */
  watch(look: (truth: (outTradeNo: string) => Truth | undefined) => void): void;
}

/** The stage: everything a scenario may do and see. */
export interface Stage {
  /** The link that new orders are placed through. */
  link: Link;
  /** How a request for the fund-flow bill is answered: 0, or why there is none. */
  fundFlow: 0 | 'CLOUDPAY_NO_FUNDFLOW' | 'PROVIDER_NO_FUNDFLOW';
  call(name: string, data: unknown, as?: As): Promise<Answer>;
  /** Acts as the payer in the cashier; answers `requestPayment:ok` or why not. */
  cashier(prepayId: string, action?: 'pay' | 'fail' | 'cancel'): Promise<string>;
  truth(outTradeNo: string): Promise<Truth | undefined>;
  stored(outTradeNo: string): Promise<StoredOrder | undefined>;
  /** Moves virtual time by an ISO 8601 duration; timers run once at the end by default. */
  advance(by: string, timers?: 'all' | 'last' | 'none'): Promise<void>;
  faults(faults: Fault[]): Promise<void>;
  /** Posts to the notification address as anybody on the internet can. */
  notify(headers: Record<string, string>, body: string): Promise<number>;
  /** Lists what WeChat sent, byte for byte. */
  sent(): Promise<Sent[]>;
  /** Brings what was sent once more, as WeChat does; answers 200 where it was acknowledged. */
  again(sent: Sent): Promise<number>;
  /** Switches how CloudBase and WeChat Pay behave where sources differ. */
  platform(to: Partial<Switches>): Promise<void>;
  /** Places an order whose placer dies right after the insert. */
  placeAndDie(data: unknown, as: As): Promise<void>;
  /** Changes keys, merchant number or link in the configuration, or puts the first ones back. */
  reconfigure(to: 'new_keys' | 'new_number' | 'other_link' | 'back'): Promise<void>;
  /** Wire operations of the database that faults can hit; none where there is no wire. */
  databaseOperations: string[];
  /** The stage's present. */
  now(): Promise<Date>;
  /** Counts the stored documents. */
  documents(): Promise<number>;
  /** All that was written and answered since the last reset, and where: logs, answers, documents, … */
  traces(): Promise<Trace[]>;
  /** Lists what to look for in them; see canaries.ts. */
  canaries(): Canary[];
  /** WeChat's side of refunds; absent where the simulated WeChat Pay has none. */
  refunds?: {
    /** Ends a refund at WeChat. */
    end(outRefundNo: string, to: 'SUCCESS' | 'CLOSED' | 'ABNORMAL'): Promise<void>;
    /** Makes a refund in the merchant console; answers its number. */
    inConsole(outTradeNo: string, refundFee: number): Promise<string>;
  };
  /** Which keys of WeChat Pay count with us, and which WeChat signs with; absent where neither changes. */
  keys?: {
    ours(to: 'certificate' | 'both' | 'publicKey'): Promise<void>;
    wechats(to: 'public_key_only' | 'both' | 'new_certificate'): Promise<void>;
  };
  /** The merchant's own functions; absent where the stage has real ones. */
  shop?: Shop;
  reset(): Promise<void>;
  close(): Promise<void>;
}
