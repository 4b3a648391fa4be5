import type { Order, OrderDocument } from '../../domain/order/order.ts';
import type { Refund } from '../../domain/order/refund.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import {
  type FailedAttempt,
  failAttempt,
  refundOf,
  takeOverRefund,
} from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { change, changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { callTimeoutMs } from '../step/retryUnchanged.ts';
import {
  type AppliedRefundEvidence,
  applyRefundEvidence,
  queryRefundAtWeChat,
} from './applyRefundEvidence.ts';

type Needs = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** The same bytes are sent so often in one go, each time only after WeChat knows of none. */
const SENDINGS_MAX = 2;

/** Refusals that say nothing of the refund: repaired, the same number goes through. */
const OURS_TO_REPAIR = ['MERCHANT_NOT_CONFIGURED', 'LINK_NOT_CONFIGURED', 'SIGN_ERROR'];

/** WeChat answered at once that it did not take it, and will not in a moment either. */
const NOT_TAKEN = ['NOT_ENOUGH'];

/**
 * Sends a refund that this caller has just begun or taken over. After any outcome that is not known
 * WeChat is asked before anything is sent again, the same bytes under the same number. Throws the
 * GatewayError of the last attempt when the refund was not taken; that is written down before.
 */
export async function submitRefund(
  order: Order,
  refund: Refund,
  tools: Needs,
  call: Invocation,
): Promise<AppliedRefundEvidence> {
  for (let sending = 1; ; sending += 1) {
    const sent = await sendOnce(order, refund, tools, call);
    if (!(sent instanceof GatewayError)) {
      const settled = await applyRefundEvidence(sent, tools, call, order);
      return settled ?? { outcome: 'refund_known', order };
    }
    if (sent.retry === 'never' || NOT_TAKEN.includes(sent.code)) {
      // Whatever was sent before it with an unknown outcome may still land.
      const isFinal = sending === 1 && sent.retry === 'never' && !isOurs(sent);
      throw await failed(order, refund, sent, isFinal, tools);
    }
    const asked = await ask(order, refund, tools, call);
    if (asked && !isUntold(asked)) return asked;
    if (!asked || sending === SENDINGS_MAX) throw await failed(order, refund, sent, false, tools);
  }
}

/** Not known, or not told: equal bytes under the same number are one refund, so they go once more. */
const isUntold = ({ outcome }: AppliedRefundEvidence): boolean =>
  outcome === 'refund_not_found' || outcome === 'refund_status_unknown';

const isOurs = ({ code }: GatewayError): boolean => OURS_TO_REPAIR.includes(code);

async function sendOnce(
  order: Order,
  refund: Refund,
  tools: Needs,
  call: Invocation,
): Promise<RefundEvidence | GatewayError> {
  try {
    return await tools.gatewayOf(order.link).refund(order, refund, callTimeoutMs(call));
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** Undefined when that cannot be told either. */
async function ask(
  order: Order,
  { outRefundNo }: Refund,
  tools: Needs,
  call: Invocation,
): Promise<AppliedRefundEvidence | undefined> {
  try {
    return await queryRefundAtWeChat(order, outRefundNo, tools, call);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** Writes down that an attempt failed; gives the error back to be thrown. */
async function failed(
  order: Order,
  { outRefundNo, status }: Refund,
  error: GatewayError,
  isFinal: boolean,
  { store, clock }: Needs,
): Promise<GatewayError> {
  const attempts = status.state === 'requested' ? status.attempts : 0;
  const failure: FailedAttempt = { outRefundNo, attempts, code: error.code, isFinal };
  const end = (kept: Order) => failAttempt(kept, failure, clock.now());
  await changeOrder(store, order.outTradeNo, end, order);
  return error;
}

/**
 * Goes on with a refund whose sender is gone: asks WeChat first, and sends the same bytes again only
 * if it knows of none and nobody else took over.
 */
export async function resumeRefund(
  order: Order,
  outRefundNo: string,
  tools: Needs,
  call: Invocation,
): Promise<AppliedRefundEvidence> {
  const asked = await queryRefundAtWeChat(order, outRefundNo, tools, call);
  if (!isUntold(asked)) return asked;
  let isMine = false;
  const takeOver = (kept: OrderDocument): { order: OrderDocument } => {
    const isKnown = asked.outcome === 'refund_status_unknown';
    const now = tools.clock.now();
    const taken = kept.kind === 'order' ? takeOverRefund(kept, outRefundNo, now, isKnown) : kept;
    isMine = taken !== kept;
    return { order: taken };
  };
  const taken = (await change(tools.store, order.outTradeNo, takeOver, asked.order))?.order;
  const refund = taken?.kind === 'order' ? refundOf(taken, outRefundNo) : undefined;
  if (!isMine || taken?.kind !== 'order' || !refund) return { ...asked, order: asked.order };
  return submitRefund(taken, refund, tools, call);
}
