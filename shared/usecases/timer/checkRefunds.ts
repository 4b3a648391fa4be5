import { withNextCheck } from '../../domain/order/nextCheck.ts';
import type { Order } from '../../domain/order/order.ts';
import { isPending, type Refund } from '../../domain/order/refund.ts';
import { endUnverified } from '../../domain/refund/unverifiedRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { queryRefundAtWeChat } from '../refund/applyRefundEvidence.ts';
import { resumeRefund } from '../refund/submitRefund.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

type Needs = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** What each question to WeChat needs at least, beside the write. */
const RESERVE_MS = 8000;

/**
 * Asks WeChat about every pending refund of a paid order, sends again what it does not know, and
 * plans the next question. Answers the outcome of each, or WeChat's word for what went wrong.
 */
export async function checkRefunds(
  order: Order,
  tools: Needs,
  call: Invocation,
): Promise<string[]> {
  const outcomes: string[] = [];
  let current = order;
  for (const refund of order.refunds?.filter(isPending) ?? []) {
    if (call.remainingMs() <= RESERVE_MS) break;
    const pursued = await checkRefund(current, refund, tools, call);
    outcomes.push(pursued.outcome);
    current = pursued.order;
  }
  // The lease moved the time; whatever was learnt, the next question is planned by the schedule.
  const { store, clock } = tools;
  await changeOrder(store, order.outTradeNo, (kept) => {
    const now = clock.now();
    return withNextCheck(endUnverified(kept, now), now);
  });
  return outcomes.length > 0 ? outcomes : ['nothing_due'];
}

async function checkRefund(
  order: Order,
  { outRefundNo, status }: Refund,
  tools: Needs,
  call: Invocation,
): Promise<{ outcome: string; order: Order }> {
  try {
    return status.state === 'requested'
      ? await resumeRefund(order, outRefundNo, tools, call)
      : await queryRefundAtWeChat(order, outRefundNo, tools, call);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { outcome: error.code, order };
  }
}
