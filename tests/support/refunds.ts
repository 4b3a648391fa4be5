import { fen } from '../../shared/domain/money.ts';
import type { Order } from '../../shared/domain/order/order.ts';
import type { Refund } from '../../shared/domain/order/refund.ts';
import type { RefundEvidence } from '../../shared/domain/refund/refundEvidence.ts';
import type { RefundRequest } from '../../shared/domain/refund/requestRefund.ts';
import { type Gateway, GatewayError } from '../../shared/ports/gateway.ts';

/** Makes a request to refund so many fen. */
export function aRefundRequest(outRefundNo = 'R1', refundFee = 40): RefundRequest {
  return { outRefundNo, refundFee: fen(refundFee), request: `{"no":"${outRefundNo}"}` };
}

/** Makes WeChat's answer about refund R1 of 40 fen of the paid order of orders.ts, but for `more`. */
export function refundProof(more: Partial<RefundEvidence> = {}): RefundEvidence {
  const refundStatus = more.kind?.toUpperCase() ?? 'SUCCESS';
  return {
    kind: 'success',
    via: 'query',
    refundStatus,
    outTradeNo: 'T20261124001',
    transactionId: '420',
    outRefundNo: 'R1',
    refundId: `503-${more.outRefundNo ?? 'R1'}`,
    refundFee: fen(40),
    totalFee: fen(100),
    currency: 'CNY',
    ...more,
  };
}

/** The failure of a call to {@link refundingWeChat}. */
export type Failure = 'lost_request' | 'lost_answer' | GatewayError;

/** Makes a WeChat Pay that has refunds by number and never refunds more than was paid. */
export function refundingWeChat() {
  const taken = new Map<string, RefundEvidence>();
  const sent: string[] = [];
  const failures: Failure[] = [];
  const answerLost = () => new GatewayError('ANSWER_LOST', 'query_first', 'x');
  const accept = (
    order: Pick<Order, 'outTradeNo' | 'totalFee'>,
    { outRefundNo, refundFee }: Pick<Refund, 'outRefundNo' | 'refundFee'>,
  ) => {
    const before = taken.get(outRefundNo);
    if (before) return before;
    const counted = [...taken.values()].filter(({ kind }) => kind !== 'closed');
    const sum = counted.reduce((all, refund) => all + refund.refundFee, 0);
    if (sum + refundFee > order.totalFee) throw new GatewayError('INVALID_REQUEST', 'never', 'x');
    const { outTradeNo, totalFee } = order;
    const made = refundProof({ kind: 'processing', outTradeNo, outRefundNo, refundFee, totalFee });
    taken.set(outRefundNo, made);
    return made;
  };
  const gateway: Pick<Gateway, 'freezeRefund' | 'refund' | 'queryRefund'> = {
    freezeRefund: (_order, { outRefundNo }) => `{"no":"${outRefundNo}"}`,
    refund: async (order, refund) => {
      sent.push(refund.request);
      const failure = failures.shift();
      if (failure === 'lost_request') throw answerLost();
      if (failure instanceof GatewayError) throw failure;
      const evidence = accept(order, refund);
      if (failure === 'lost_answer') throw answerLost();
      return evidence;
    },
    queryRefund: async (_order, outRefundNo) =>
      taken.get(outRefundNo) ?? { kind: 'not_found', outRefundNo },
  };
  return {
    gateway,
    taken,
    /** The requests that were sent, in order. */
    sent,
    /** How the next refund calls fail, in order. */
    failures,
    accept,
    /** Moves a refund to its end. */
    end: (outRefundNo: string, kind: RefundEvidence['kind']) => {
      const before = taken.get(outRefundNo);
      if (before) taken.set(outRefundNo, { ...before, kind, refundStatus: kind.toUpperCase() });
    },
  };
}
