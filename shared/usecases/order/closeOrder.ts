import type { Refusal, Result } from '../../contract/answer.ts';
import type { CloseOrderAnswer, CloseOrderInput } from '../../contract/order/closeOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import type { Order } from '../../domain/order/order.ts';
import { closableAt, scheduleClose } from '../../domain/order/placement.ts';
import { CHECK_LEASE_MS } from '../../domain/schedules.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { closeAtWeChat } from './closeAtWeChat.ts';
import { onBehalfOf, visibleOrder } from './visibleOrder.ts';

type Deps = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 关闭订单: closes an unpaid order at WeChat and then here; the payment of one that was paid is applied
 * instead. The request is written down first, so that the timer does what cannot be done now.
 */
export async function closeOrder(
  input: CloseOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<CloseOrderAnswer>> {
  const refused = refuseFixedField(input, deps.settings, invocation);
  if (refused) return refused;
  const order = await visibleOrder(
    input.outTradeNo,
    deps.store,
    onBehalfOf(input.openid, invocation),
  );
  return order ? closeOpenOrder(order, deps, invocation) : refuse('ORDER_NOT_EXIST');
}

/** Closes an order that was read just now; `CLOSE_SCHEDULED` where that cannot be done yet. */
export async function closeOpenOrder(
  order: Order,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<CloseOrderAnswer>> {
  const requested = await requestClose(order, deps, invocation);
  const known = conclusionOf(requested);
  if (known) return known;
  if (!isClosable(requested, deps)) return refuseScheduled(requested);
  try {
    const { order: after } = await closeAtWeChat(requested, deps, invocation);
    const open = after?.kind === 'order' ? after : requested;
    return conclusionOf(open) ?? refuseScheduled(open);
  } catch (error) {
    const refusal = foreseenRefusal(error, 'same_request');
    if (refusal) return refusal;
    throw error;
  }
}

/** Writes down that the order is to be closed, unless its end is known already. */
async function requestClose(order: Order, deps: Deps, invocation: Invocation): Promise<Order> {
  const schedule = (stored: Order, now: Date) => {
    if (conclusionOf(stored)) return stored;
    const at = closableAt(stored, deps.settings.closeMinAgeMs);
    if (at > now) return scheduleClose(stored, at);
    // Closable now: this caller does it, and the timer only should this caller die.
    return scheduleClose(stored, now, new Date(now.getTime() + CHECK_LEASE_MS));
  };
  return (await changeOrder(order, schedule, deps, invocation)) ?? order;
}

function isClosable(order: Order, { settings, clock }: Deps): boolean {
  return closableAt(order, settings.closeMinAgeMs) <= clock.now();
}

/** Answers for an order whose end is known; undefined while it is open. */
function conclusionOf(order: Order): Result<CloseOrderAnswer> | undefined {
  const { outTradeNo, appid, mchid: mchId, status, quarantine } = order;
  if (status.state === 'paid') return refuse('ORDERPAID');
  if (quarantine) return refuse('ORDER_QUARANTINED');
  return status.state === 'closed' ? { outTradeNo, state: 'closed', appid, mchId } : undefined;
}

function refuseScheduled({ closeDueAt, checkAt }: Order): Refusal {
  const at = closeDueAt ?? checkAt;
  const details = at === null ? {} : { closableAt: beijingRfc3339(at) };
  return refuse('CLOSE_SCHEDULED', { details });
}
