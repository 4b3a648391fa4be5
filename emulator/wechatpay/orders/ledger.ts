import * as z from 'zod/mini';
import type { World } from '../../world/world.ts';
import type { SignerKind } from '../wire/operation.ts';
import type { Owner } from '../wire/owner.ts';

/** One attempt to deliver a notification: when it was made, and how it was answered. */
export interface DeliveryAttempt {
  at: string;
  /**
   * CloudPay has no HTTP status: 200 when it was acknowledged, else the errcode, or `error`; an
   * answer to APIv2's XML whose body does not acknowledge is an `error` too.
   */
  status: number | 'unreachable' | 'lost' | 'late' | 'error';
}

/** A cloud function, and the environment it is looked for in. */
export interface Callee {
  functionName: string;
  envId: string;
}

/** An order as WeChat Pay stores it. */
export interface LedgerOrder extends Owner {
  appid: string;
  /** The provider's own, of an order that was placed under one. */
  spAppid?: string;
  outTradeNo: string;
  /** The parameters of the first request, for comparison at re-entry. */
  parameters: string;
  description: string;
  attach?: string;
  /** Empty for an order of CloudPay. */
  notifyUrl: string;
  /** Of an order of CloudPay (云支付) alone: the function that the platform calls once it is paid. */
  cloudPay?: Callee;
  openid: string;
  total: number;
  /** REFUND from the first refund that was asked for, whatever became of it. */
  state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
  createdAtMs: number;
  /** Absent: payable until WeChat closes it by itself. */
  expiresAtMs?: number;
  transactionId?: string;
  paidAtMs?: number;
  /** The key that WeChat signs notifications with: of the kind that the last request asked for. */
  signer: SignerKind;
  prepayCount: number;
  notificationId?: string;
  attempts: DeliveryAttempt[];
}

/** A prepay id: which order it opens, and when it was given. */
export interface Prepay {
  mchid: string;
  outTradeNo: string;
  atMs: number;
}

/** The orders, durable, found by number, prepay id, transaction id and day of payment. */
export interface OrderLedger {
  find(mchid: string, outTradeNo: string): LedgerOrder | undefined;
  findTransaction(mchid: string, transactionId: string): LedgerOrder | undefined;
  /** The order of a number, whichever merchant's. */
  findAny(outTradeNo: string): LedgerOrder | undefined;
  save(order: LedgerOrder): void;
  addPrepay(prepayId: string, prepay: Prepay): void;
  prepay(prepayId: string): Prepay | undefined;
  paidBetween(mchid: string, fromMs: number, toMs: number): LedgerOrder[];
  /** The newest first. */
  recent(limit: number): LedgerOrder[];
  clear(): void;
  /** Takes over the orders that the data file holds now; throws where one is of another form. */
  reload(): void;
}

/** Tells whether an order was paid, refunded or not. */
export function isPaid({ state }: LedgerOrder): boolean {
  return state === 'SUCCESS' || state === 'REFUND';
}

/**
 * Lets an order, or a refund, be seen through its own link alone: a service provider's (CloudPay)
 * is none of a direct merchant's (APIv3), and the other way round.
 */
export function onLink<T extends { cloudPay?: object }>(
  link: 'apiV3' | 'cloudPay',
  found: T | undefined,
): T | undefined {
  return (found?.cloudPay === undefined) === (link === 'apiV3') ? found : undefined;
}

/** WeChat closes an order that nobody paid or closed. Source: D4012791856. */
const AUTO_CLOSE_MS = 7 * 24 * 3_600_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS wechatpay_orders(
    mchid TEXT, number TEXT, transaction_id TEXT, created_ms INTEGER, paid_ms INTEGER, json TEXT,
    PRIMARY KEY(mchid, number)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS wechatpay_number ON wechatpay_orders(number);
  CREATE INDEX IF NOT EXISTS wechatpay_transaction ON wechatpay_orders(transaction_id);
  CREATE INDEX IF NOT EXISTS wechatpay_paid ON wechatpay_orders(mchid, paid_ms);
  CREATE INDEX IF NOT EXISTS wechatpay_created ON wechatpay_orders(created_ms);`;

/** An attempt in the file of a world, which may be anybody's, has this form. */
export const STORED_ATTEMPT = z.strictObject({
  at: z.string(),
  status: z.union([z.int(), z.enum(['unreachable', 'lost', 'late', 'error'])]),
} satisfies Record<keyof DeliveryAttempt, z.ZodMiniType>);

const STORED_ORDER = z.strictObject({
  mchid: z.string(),
  spMchid: z.optional(z.string()),
  appid: z.string(),
  spAppid: z.optional(z.string()),
  outTradeNo: z.string(),
  parameters: z.string(),
  description: z.string(),
  attach: z.optional(z.string()),
  notifyUrl: z.string(),
  cloudPay: z.optional(z.strictObject({ functionName: z.string(), envId: z.string() })),
  openid: z.string(),
  total: z.int(),
  state: z.enum(['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED']),
  createdAtMs: z.int(),
  expiresAtMs: z.optional(z.int()),
  transactionId: z.optional(z.string()),
  paidAtMs: z.optional(z.int()),
  signer: z.enum(['publicKey', 'certificate']),
  prepayCount: z.int(),
  notificationId: z.optional(z.string()),
  attempts: z.array(STORED_ATTEMPT),
} satisfies Record<keyof LedgerOrder, z.ZodMiniType>);

const STORED_PREPAY = z.strictObject({
  mchid: z.string(),
  outTradeNo: z.string(),
  atMs: z.int(),
} satisfies Record<keyof Prepay, z.ZodMiniType>);

/** Opens the orders in the data file. */
export function openOrderLedger({ data, clock }: World): OrderLedger {
  data.db.exec(SCHEMA);
  const prepays = data.table<Prepay>('wechatpay_prepays');
  const query = (where: string) =>
    data.db.prepare(`SELECT json FROM wechatpay_orders WHERE ${where}`);
  const byNumber = query('mchid = ? AND number = ?');
  const byTransaction = query('transaction_id = ? AND mchid = ?');
  const byAnyNumber = query('number = ? LIMIT 1');
  const byPaid = query('mchid = ? AND paid_ms >= ? AND paid_ms < ? ORDER BY paid_ms, number');
  const newest = query('true ORDER BY created_ms DESC, number DESC LIMIT ?');
  const put = data.db.prepare('INSERT OR REPLACE INTO wechatpay_orders VALUES (?, ?, ?, ?, ?, ?)');
  const parse = (row: unknown): LedgerOrder | undefined => {
    const found = row as { json: string } | undefined;
    return found && withAutoClose(JSON.parse(found.json) as LedgerOrder, clock.nowMs());
  };
  const parseAll = (rows: unknown[]) => rows.flatMap((row) => parse(row) ?? []);
  const save = (order: LedgerOrder) => {
    const { mchid, outTradeNo, transactionId = null, createdAtMs, paidAtMs = null } = order;
    put.run(mchid, outTradeNo, transactionId, createdAtMs, paidAtMs, JSON.stringify(order));
  };
  return {
    find: (mchid, outTradeNo) => parse(byNumber.get(mchid, outTradeNo)),
    findTransaction: (mchid, id) => parse(byTransaction.get(id, mchid)),
    findAny: (outTradeNo) => parse(byAnyNumber.get(outTradeNo)),
    save,
    addPrepay: prepays.put,
    prepay: prepays.get,
    paidBetween: (mchid, fromMs, toMs) => parseAll(byPaid.all(mchid, fromMs, toMs)),
    recent: (limit) => parseAll(newest.all(limit)),
    clear: () => {
      data.db.exec('DELETE FROM wechatpay_orders; DELETE FROM wechatpay_prepays');
    },
    reload: () => {
      for (const [, prepay] of prepays.all()) STORED_PREPAY.parse(prepay);
      const rows = newest.all(-1) as { json: string }[];
      const orders = rows.map(({ json }) => STORED_ORDER.parse(JSON.parse(json)) as LedgerOrder);
      // Saved again, so that what they are found by is what they say.
      data.db.exec('DELETE FROM wechatpay_orders');
      for (const order of orders) save(order);
    },
  };
}

function withAutoClose(order: LedgerOrder, nowMs: number): LedgerOrder {
  const isStale = order.state === 'NOTPAY' && nowMs >= order.createdAtMs + AUTO_CLOSE_MS;
  return isStale ? { ...order, state: 'CLOSED' } : order;
}
