import * as z from 'zod/mini';
import type { Contract } from '../contract.ts';
import { decisionReason, outRefundNo, outTradeNo } from '../fields.ts';
import type { RefundView } from '../refund/refundView.ts';

/** 放弃退款: a refund that could not be sent is not sent any more, and its sum is free again. */
const giveUpRefund = z.strictObject({
  decision: z.literal('giveUpRefund'),
  outTradeNo,
  outRefundNo,
  reason: decisionReason,
});

const input = z.discriminatedUnion(
  'decision',
  [giveUpRefund],
  '应为对象，decision 为 giveUpRefund (an object whose decision is giveUpRefund)',
);

/** A decision of a person about an order, with its reason. */
export type DecideOrderInput = z.infer<typeof input>;

/** The refund that was given up: closed, its sum free. */
export interface GiveUpRefundAnswer extends RefundView {
  decision: 'giveUpRefund';
  outTradeNo: string;
  /** The sum of all refunds that count still. */
  refundedFee: number;
}

/** The answer of `decideOrder`, by the decision. */
export type DecideOrderAnswer = GiveUpRefundAnswer;

/** 人工决定. */
export const decideOrder: Contract<DecideOrderInput> = {
  name: 'decideOrder',
  form: 'call',
  dependsOn: ['store', 'apiV3', 'cloudPay'],
  input,
};
