import { fen } from '../../shared/domain/money.ts';
import { type Gateway, GatewayError } from '../../shared/ports/gateway.ts';
import { proof, unpaid } from '../../tests/support/orders.ts';
import { refundProof } from '../../tests/support/refunds.ts';
import { aGateway } from '../../tests/support/useCases.ts';
import type { VirtualTime } from './virtualTime.ts';

/** Tells what really happens to an order: paid at an instant, or never; closed once WeChat has closed it. */
export interface Fate {
  paidMs?: number;
  isClosed?: boolean;
  /** A refund of it arrives then. */
  refundedMs?: number;
}

/** The amount of every order. */
export const TOTAL_FEE = fen(100);

/** Makes the payment of an order as WeChat tells it. */
export function paymentOf(outTradeNo: string, paidMs: number) {
  const transactionId = `42${outTradeNo}`;
  return proof({ outTradeNo, transactionId, totalFee: TOTAL_FEE, paidAt: new Date(paidMs) });
}

/** Makes WeChat Pay: it answers after its time, and counts what it is called in each second. */
export function createWeChat(
  fates: ReadonlyMap<string, Fate>,
  time: VirtualTime,
  latencyMs: number,
) {
  const counts = { calls: 0, perSecondMax: 0 };
  let second = { at: 0, calls: 0 };
  const called = async () => {
    const at = Math.floor(time.nowMs() / 1000);
    if (second.at !== at) second = { at, calls: 0 };
    second.calls += 1;
    counts.calls += 1;
    counts.perSecondMax = Math.max(counts.perSecondMax, second.calls);
    await time.wait(latencyMs);
  };
  const paidMsOf = (no: string) => {
    const paidMs = fates.get(no)?.paidMs;
    return paidMs !== undefined && paidMs <= time.nowMs() ? paidMs : undefined;
  };
  const gateway: Gateway = aGateway({
    queryOrder: async ({ outTradeNo }) => {
      await called();
      const paidMs = paidMsOf(outTradeNo);
      if (paidMs !== undefined) return paymentOf(outTradeNo, paidMs);
      const isClosed = fates.get(outTradeNo)?.isClosed;
      const answer = isClosed ? unpaid('closed', 'CLOSED') : unpaid('unpaid', 'NOTPAY');
      return { ...answer, outTradeNo };
    },
    closeOrder: async ({ outTradeNo }) => {
      await called();
      if (paidMsOf(outTradeNo) !== undefined) {
        throw new GatewayError('ORDERPAID', 'query_first', 'paid');
      }
      const fate = fates.get(outTradeNo);
      if (fate) fate.isClosed = true;
    },
    queryRefund: async ({ outTradeNo }, outRefundNo) => {
      await called();
      const isOver = (fates.get(outTradeNo)?.refundedMs ?? 0) <= time.nowMs();
      const kind = isOver ? 'success' : 'processing';
      const refundFee = TOTAL_FEE;
      const transactionId = `42${outTradeNo}`;
      return refundProof({
        kind,
        outTradeNo,
        transactionId,
        outRefundNo,
        refundFee,
        totalFee: TOTAL_FEE,
      });
    },
  });
  return { gateway, counts };
}
