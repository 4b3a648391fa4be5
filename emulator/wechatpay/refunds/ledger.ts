import * as z from 'zod/mini';
import type { World } from '../../world/world.ts';
import { type Callee, type DeliveryAttempt, STORED_ATTEMPT } from '../orders/ledger.ts';
import type { SignerKind } from '../wire/operation.ts';
import type { Owner } from '../wire/owner.ts';

/** A refund's state, in the words of its query. */
export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';

/**
 * The way on which an abnormal refund (异常退款) is sent once more: to the payer's card, or to the
 * merchant.
 */
export type AbnormalRefundTarget = 'USER_BANK_CARD' | 'MERCHANT_BANK_CARD';

/** A refund as WeChat Pay stores it; amounts in fen. */
export interface LedgerRefund extends Owner {
  outRefundNo: string;
  refundId: string;
  outTradeNo: string;
  transactionId: string;
  /** The parameters of the first request, for comparison at re-entry. */
  parameters: string;
  /** `console`: made by hand in the merchant console (商户平台). */
  origin: 'api' | 'console';
  total: number;
  refund: number;
  /** The part of the order's fee that comes back with it. */
  feeBack: number;
  reason?: string;
  /** Absent: notified in APIv2's XML, at the address of the merchant console. */
  notifyUrl?: string;
  /** Of an order of CloudPay alone: the function that the platform calls, where one was named. */
  cloudPay?: Partial<Callee>;
  status: RefundStatus;
  /** When each state was reached, PROCESSING first. */
  moments: { status: RefundStatus; atMs: number }[];
  createdAtMs: number;
  channel: 'ORIGINAL' | 'OTHER_BANKCARD';
  /** The account that the money goes to (退款入账账户). */
  account: string;
  fundsAccount: 'UNSETTLED' | 'AVAILABLE';
  /** Set once an abnormal refund was applied for again. */
  abnormalTarget?: AbnormalRefundTarget;
  signer: SignerKind;
  attempts: (DeliveryAttempt & { refundStatus: RefundStatus })[];
}

/** The refunds, durable, found by number, refund id, order and day. */
export interface RefundLedger {
  find(mchid: string, outRefundNo: string): LedgerRefund | undefined;
  findId(mchid: string, refundId: string): LedgerRefund | undefined;
  /** The refund of a number, whichever merchant's. */
  findAny(outRefundNo: string): LedgerRefund | undefined;
  /** The oldest first. */
  ofOrder(mchid: string, outTradeNo: string): LedgerRefund[];
  /** Those that were accepted in a span of time, the oldest first. */
  acceptedBetween(mchid: string, fromMs: number, toMs: number): LedgerRefund[];
  /** Those that WeChat still works on; a scan, for the start alone. */
  unfinished(): LedgerRefund[];
  save(refund: LedgerRefund): void;
  clear(): void;
  /** Takes over the refunds that the data file holds now; throws where one is of another form. */
  reload(): void;
}

/** Tells when a refund reached a state; undefined when it never did. */
export function reachedAtMs({ moments }: LedgerRefund, status: RefundStatus): number | undefined {
  return moments.find((moment) => moment.status === status)?.atMs;
}

/** Tells the state that a refund was in at an instant. */
export function statusAt({ moments }: LedgerRefund, atMs: number): RefundStatus {
  return moments.findLast((moment) => moment.atMs <= atMs)?.status ?? 'PROCESSING';
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS wechatpay_refunds(
    mchid TEXT, number TEXT, refund_id TEXT, order_number TEXT, created_ms INTEGER, json TEXT,
    PRIMARY KEY(mchid, number)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS wechatpay_refund_number ON wechatpay_refunds(number);
  CREATE INDEX IF NOT EXISTS wechatpay_refund_id ON wechatpay_refunds(refund_id);
  CREATE INDEX IF NOT EXISTS wechatpay_refund_order ON wechatpay_refunds(mchid, order_number);
  CREATE INDEX IF NOT EXISTS wechatpay_refund_created ON wechatpay_refunds(mchid, created_ms);`;

const STATUSES = z.enum(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']);
const STORED_REFUND = z.strictObject({
  mchid: z.string(),
  spMchid: z.optional(z.string()),
  outRefundNo: z.string(),
  refundId: z.string(),
  outTradeNo: z.string(),
  transactionId: z.string(),
  parameters: z.string(),
  origin: z.enum(['api', 'console']),
  total: z.int(),
  refund: z.int(),
  feeBack: z.int(),
  reason: z.optional(z.string()),
  notifyUrl: z.optional(z.string()),
  cloudPay: z.optional(
    z.strictObject({ functionName: z.optional(z.string()), envId: z.optional(z.string()) }),
  ),
  status: STATUSES,
  moments: z.array(z.strictObject({ status: STATUSES, atMs: z.int() })),
  createdAtMs: z.int(),
  channel: z.enum(['ORIGINAL', 'OTHER_BANKCARD']),
  account: z.string(),
  fundsAccount: z.enum(['UNSETTLED', 'AVAILABLE']),
  abnormalTarget: z.optional(z.enum(['USER_BANK_CARD', 'MERCHANT_BANK_CARD'])),
  signer: z.enum(['publicKey', 'certificate']),
  attempts: z.array(z.extend(STORED_ATTEMPT, { refundStatus: STATUSES })),
} satisfies Record<keyof LedgerRefund, z.ZodMiniType>);

/** Opens the refunds in the data file. */
export function openRefundLedger({ data }: World): RefundLedger {
  data.db.exec(SCHEMA);
  const query = (where: string) =>
    data.db.prepare(`SELECT json FROM wechatpay_refunds WHERE ${where}`);
  const byNumber = query('mchid = ? AND number = ?');
  const byId = query('refund_id = ? AND mchid = ?');
  const byAnyNumber = query('number = ? LIMIT 1');
  const byOrder = query('mchid = ? AND order_number = ? ORDER BY created_ms, number');
  const byCreated = query(
    'mchid = ? AND created_ms >= ? AND created_ms < ? ORDER BY created_ms, number',
  );
  const byUnfinished = query(
    `json ->> 'status' = 'PROCESSING'
     OR (json ->> 'status' = 'ABNORMAL' AND json ->> 'abnormalTarget' IS NOT NULL)`,
  );
  const put = data.db.prepare('INSERT OR REPLACE INTO wechatpay_refunds VALUES (?, ?, ?, ?, ?, ?)');
  const parse = (row: unknown): LedgerRefund | undefined =>
    row ? (JSON.parse((row as { json: string }).json) as LedgerRefund) : undefined;
  const parseAll = (rows: unknown[]) => rows.flatMap((row) => parse(row) ?? []);
  const every = query('true');
  const save = (refund: LedgerRefund) => {
    const { mchid, outRefundNo, refundId, outTradeNo, createdAtMs } = refund;
    put.run(mchid, outRefundNo, refundId, outTradeNo, createdAtMs, JSON.stringify(refund));
  };
  return {
    find: (mchid, outRefundNo) => parse(byNumber.get(mchid, outRefundNo)),
    findId: (mchid, refundId) => parse(byId.get(refundId, mchid)),
    findAny: (outRefundNo) => parse(byAnyNumber.get(outRefundNo)),
    ofOrder: (mchid, outTradeNo) => parseAll(byOrder.all(mchid, outTradeNo)),
    acceptedBetween: (mchid, fromMs, toMs) => parseAll(byCreated.all(mchid, fromMs, toMs)),
    unfinished: () => parseAll(byUnfinished.all()),
    save,
    clear: () => {
      data.db.exec('DELETE FROM wechatpay_refunds');
    },
    reload: () => {
      const rows = every.all() as { json: string }[];
      const refunds = rows.map(({ json }) => STORED_REFUND.parse(JSON.parse(json)) as LedgerRefund);
      data.db.exec('DELETE FROM wechatpay_refunds');
      for (const refund of refunds) save(refund);
    },
  };
}
