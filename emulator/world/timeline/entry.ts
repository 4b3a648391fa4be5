/** Each of these acts, and has a lane of the console's timeline. */
export const ACTORS = ['phone', 'console', 'timer', 'function', 'database', 'wechat'] as const;
export type Actor = (typeof ACTORS)[number];

/** Entries are of these kinds. */
export const KINDS = ['call', 'notification', 'write', 'timer', 'fault'] as const;
export type Kind = (typeof KINDS)[number];

/** An entry records one thing that happened; the page shows it, `/_local/events` streams it. */
export interface Entry {
  id: number;
  /** When it ended, in virtual time, ISO 8601. */
  at: string;
  /** `wechatpay.notify`, `cloudbase.modifyDocument`, `function.call`, `clock.moved`, … */
  what: string;
  actor: Actor;
  /** An order number, a function name. */
  subject?: string;
  /** How long it took, in real milliseconds. */
  ms?: number;
  /** Names it for the entries that follow from it. */
  key?: string;
  /** The key of the one that this follows from. */
  cause?: string;
  /** Those that follow from one act, without waiting, share it. */
  chain?: string;
  /** Whether its bytes are kept: `/_local/events/{id}` has them. */
  hasExchange?: boolean;
  /** Short facts for a person; never a key or a decrypted body. */
  detail?: Record<string, unknown>;
}

/** An entry as who records it knows it. */
export type NewEntry = Omit<Entry, 'id' | 'at' | 'actor' | 'cause' | 'chain' | 'hasExchange'>;

const ACTOR_OF: Readonly<Record<string, Actor>> = {
  phone: 'phone',
  timer: 'timer',
  function: 'function',
  cloudbase: 'database',
  wechatpay: 'wechat',
};

/** Finds who acted by the first word of what happened; all that a developer does is the console's. */
export function actorOf(what: string): Actor {
  return ACTOR_OF[what.slice(0, what.indexOf('.'))] ?? 'console';
}

/** Reads the order that an entry names; a refund's number is none. */
export function orderNamed({ what, subject = '', detail }: NewEntry): string | undefined {
  if (subject.startsWith('orders/')) return subject.slice('orders/'.length);
  if (typeof detail?.outTradeNo === 'string') return detail.outTradeNo;
  return ABOUT_ORDERS.includes(what) ? subject || undefined : undefined;
}

const ABOUT_ORDERS = ['jsapi', 'query', 'close', 'notify', 'probe', 'cashier', 'steered'].map(
  (name) => `wechatpay.${name}`,
);

/** Leaves out what a function printed. */
export function withoutLog(entry: Entry): Entry {
  const { log, ...detail } = entry.detail ?? {};
  return log === undefined ? entry : { ...entry, detail };
}
