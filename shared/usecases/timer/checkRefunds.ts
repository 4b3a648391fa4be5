import { plan } from '../../domain/order/nextCheck.ts';
import type { Order } from '../../domain/order/order.ts';
import { isPending, type Refund } from '../../domain/order/refund.ts';
import { endUnverified } from '../../domain/refund/unverifiedRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { askRefund } from '../refund/applyRefundEvidence.ts';
import { resumeRefund } from '../refund/submitRefund.ts';
import { changeOrder } from '../step/change.ts';
import type { Call, Tools } from '../step/deps.ts';

type Needs = Pick<Tools, 'store' | 'clock' | 'gatewayOf'>;

/** What each question to WeChat needs at least, beside the write. */
const RESERVE_MS = 8000;

/**
 * Asks WeChat about every pending refund of a paid order, sends again what it does not know, and
 * plans the next question. Answers the outcome of each, or WeChat's word for what went wrong.
 */
export async function pursueRefunds(order: Order, tools: Needs, call: Call): Promise<string[]> {
  const outcomes: string[] = [];
  let current = order;
  for (const refund of order.refunds?.filter(isPending) ?? []) {
    if (call.remainingMs() <= RESERVE_MS) break;
    const pursued = await pursue(current, refund, tools, call);
    outcomes.push(pursued.outcome);
    current = pursued.order;
  }
  // The lease moved the time; whatever was learnt, the next question is planned by the schedule.
  const { store, clock } = tools;
  await changeOrder(store, order.outTradeNo, (kept) => {
    const now = clock.now();
    return plan(endUnverified(kept, now), now);
  });
  return outcomes.length > 0 ? outcomes : ['settled_already'];
}

async function pursue(
  order: Order,
  { outRefundNo, status }: Refund,
  tools: Needs,
  call: Call,
): Promise<{ outcome: string; order: Order }> {
  try {
    return status.state === 'requested'
      ? await resumeRefund(order, outRefundNo, tools, call)
      : await askRefund(order, outRefundNo, tools, call);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { outcome: error.code, order };
  }
}
