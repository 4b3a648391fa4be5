import * as z from 'zod/mini';
import type { DecisionName } from '../../domain/decision.ts';
import type { Contract } from '../contract.ts';
import {
  aboutText,
  decisionReason,
  outRefundNo,
  outTradeNo,
  refundDesc,
  refundFee,
  transactionId,
} from '../fields.ts';
import type { RefundView } from '../refund/refundView.ts';
import { ATTENTION_KINDS } from './attentionKinds.ts';

/** 认可付款: the payment counts as paid from now on; an orphan is left as accepted. */
const acceptPayment = z.strictObject({
  decision: z.literal('acceptPayment'),
  outTradeNo,
  transactionId,
  reason: decisionReason,
});

/** 退回付款: all that is left of a payment which is not the order's own, unless a part is named. */
const refundPayment = z.strictObject({
  decision: z.literal('refundPayment'),
  outTradeNo,
  transactionId,
  refundFee: z.optional(refundFee),
  outRefundNo: z.optional(outRefundNo),
  refundDesc: z.optional(refundDesc),
  reason: decisionReason,
});

/** 保持现状: not listed any more; money stays where it is. */
const leave = z.strictObject({
  decision: z.literal('leave'),
  outTradeNo,
  kind: z.enum(ATTENTION_KINDS, '应为 listAttention 给出的 kind (a kind of listAttention)'),
  about: aboutText,
  reason: decisionReason,
});

/** 放弃退款: a refund that could not be sent is not sent any more, and its sum is free again. */
const giveUpRefund = z.strictObject({
  decision: z.literal('giveUpRefund'),
  outTradeNo,
  outRefundNo,
  reason: decisionReason,
});

/** 重新投递: a parked event is delivered again. */
const redeliver = z.strictObject({
  decision: z.literal('redeliver'),
  outTradeNo,
  eventId: aboutText,
  reason: decisionReason,
});

const input = z.discriminatedUnion(
  'decision',
  [acceptPayment, refundPayment, leave, giveUpRefund, redeliver],
  '应为对象，decision 为 acceptPayment、refundPayment、leave、giveUpRefund、redeliver 之一 (an object whose decision is one of these)',
);

/** A decision of a person about an order, with its reason. */
export type DecideOrderInput = z.infer<typeof input>;

/** The decision of that name. */
export type DecisionInput<N extends DecisionName> = Extract<DecideOrderInput, { decision: N }>;

/** The refund that was given up: closed, its sum free. */
export interface GiveUpRefundAnswer extends RefundView {
  decision: 'giveUpRefund';
  outTradeNo: string;
  /** The sum of the refunds of the order's own payment that count still. */
  refundedFee: number;
}

/** The refund of a payment; `queryRefund` answers its end. */
export interface RefundPaymentAnswer extends RefundView {
  decision: 'refundPayment';
  outTradeNo: string;
  transactionId: string;
}

/** The payment that counts from now on, and how its document stands. */
export interface AcceptPaymentAnswer {
  decision: 'acceptPayment';
  outTradeNo: string;
  transactionId: string;
  state: string;
}

/** Confirms that something was left as it is. */
export interface LeaveAnswer {
  decision: 'leave';
  outTradeNo: string;
  kind: string;
  about: string;
}

/** The event that is due again. */
export interface RedeliverAnswer {
  decision: 'redeliver';
  outTradeNo: string;
  eventId: string;
}

/** The answer of `decideOrder`, by the decision. */
export type DecideOrderAnswer =
  | AcceptPaymentAnswer
  | RefundPaymentAnswer
  | LeaveAnswer
  | RedeliverAnswer
  | GiveUpRefundAnswer;

/** 人工决定. */
export const decideOrder: Contract<DecideOrderInput> = {
  name: 'decideOrder',
  form: 'call',
  dependsOn: ['store', 'apiV3', 'cloudPay', 'refunds', 'deliveries'],
  input,
};
