import type { Refusal, Result } from '../../contract/answer.ts';
import type { CloseOrderAnswer, CloseOrderInput } from '../../contract/order/closeOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { closableAt, scheduleClose } from '../../domain/order/placement.ts';
import { CHECK_LEASE_MS } from '../../domain/schedules.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { refusalOf } from '../step/refusalOf.ts';
import { closeAtWeChat } from './closeAtWeChat.ts';
import { visibleOrder } from './visibleOrder.ts';

type Needs = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 关闭订单: closes an unpaid order at WeChat and then here; one that was paid settles instead. The
 * wish is written down first: what cannot be done now, the timer does.
 */
export async function closeOrder(
  input: CloseOrderInput,
  tools: Needs,
  call: Invocation,
): Promise<Result<CloseOrderAnswer>> {
  const refused = refuseFixedField(input, tools.settings, call);
  if (refused) return refused;
  const order = await visibleOrder(input.outTradeNo, tools.store, call);
  if (!order) return refuse('ORDER_NOT_EXIST');
  const wished = await requestClose(order, tools);
  const known = conclusionOf(wished);
  if (known) return known;
  if (!isClosable(wished, tools)) return scheduled(wished);
  try {
    const { order: after } = await closeAtWeChat(wished, tools, call);
    const open = after?.kind === 'order' ? after : wished;
    return conclusionOf(open) ?? scheduled(open);
  } catch (error) {
    return refusalOf(error, 'same_request');
  }
}

/** Writes down that the order is to be closed, unless its end is known already. */
async function requestClose(order: Order, tools: Needs): Promise<Order> {
  const schedule = (kept: OrderDocument): { order: OrderDocument } => {
    if (kept.kind !== 'order' || conclusionOf(kept)) return { order: kept };
    const at = closableAt(kept, tools.settings.closeMinAgeMs);
    const now = tools.clock.now();
    if (at > now) return { order: scheduleClose(kept, at) };
    // Closable now: this caller does it, and the timer only should this caller die.
    return { order: scheduleClose(kept, now, new Date(now.getTime() + CHECK_LEASE_MS)) };
  };
  const changed = await change(tools.store, order.outTradeNo, schedule, order);
  return changed?.order.kind === 'order' ? changed.order : order;
}

function isClosable(order: Order, { settings, clock }: Needs): boolean {
  return closableAt(order, settings.closeMinAgeMs) <= clock.now();
}

/** The answer for an order whose end is known; undefined while it is open. */
function conclusionOf(order: Order): Result<CloseOrderAnswer> | undefined {
  if (order.status.state === 'paid') return refuse('ORDERPAID');
  if (order.quarantine) return refuse('ORDER_QUARANTINED');
  if (order.status.state === 'closed') return { outTradeNo: order.outTradeNo, state: 'closed' };
  return undefined;
}

function scheduled({ closeDueAt, checkAt }: Order): Refusal {
  const at = closeDueAt ?? checkAt;
  const details = at === null ? {} : { closableAt: beijingRfc3339(at) };
  return refuse('CLOSE_SCHEDULED', { details });
}
