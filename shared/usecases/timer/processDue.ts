import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { closableAt } from '../../domain/order/placement.ts';
import { mainPaymentOf } from '../../domain/refund/refundedPayment.ts';
import { CHECK_LEASE_MS, UNREADABLE_RETRY_MS } from '../../domain/schedules.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { type Due, StoreError } from '../../ports/store.ts';
import { closeAtWeChat } from '../order/closeAtWeChat.ts';
import { queryWeChat } from '../order/queryWeChat.ts';
import { lookAtSiblings } from '../order/siblings.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { checkRefunds } from './checkRefunds.ts';
import { postpone } from './postpone.ts';
import type { Processed } from './tally.ts';

type Deps = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/** Processes one due order, if no other worker has it; never throws. */
export async function processDue(
  item: Due,
  deps: Deps,
  invocation: Invocation,
): Promise<Processed[]> {
  const at = new Date(deps.clock.now().getTime() + CHECK_LEASE_MS);
  try {
    if (!(await deps.store.lease(item, 'check', at))) {
      return [{ kind: 'outcome', outcome: 'leased_by_another' }];
    }
    return await processLeased({ ...item, at }, deps, invocation);
  } catch (error) {
    if (error instanceof StoreError || error instanceof GatewayError) {
      return [{ kind: 'failure', code: error.code, error }];
    }
    const { outTradeNo } = item;
    invocation.log.line({ level: 'error', outTradeNo, error: String(error) });
    return [{ kind: 'failure', code: 'INTERNAL_ERROR', error }];
  }
}

async function processLeased(
  leased: Due,
  deps: Deps,
  invocation: Invocation,
): Promise<Processed[]> {
  const order = await readOrSetAside(leased, deps);
  if (!order) return [{ kind: 'outcome', outcome: 'no_order' }];
  if (order.kind === 'orphan') return checkRefunds(order, deps, invocation);
  if (mainPaymentOf(order)) {
    await lookAtSiblings(order, deps, invocation);
    return checkRefunds(order, deps, invocation);
  }
  try {
    const { outcome } = await closeOrQuery(order, deps, invocation);
    return [{ kind: 'outcome', outcome }];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    await postpone({ leased, order, code: error.code }, deps, invocation);
    return [{ kind: 'failure', code: error.code, error }];
  }
}

/** Reads a leased document; one that cannot be read is moved on, so that it never blocks the others. */
async function readOrSetAside(
  leased: Due,
  { store, clock }: Deps,
): Promise<OrderDocument | undefined> {
  try {
    return await store.get(leased.outTradeNo);
  } catch (error) {
    if (error instanceof StoreError && error.retry === 'never') {
      const at = new Date(clock.now().getTime() + UNREADABLE_RETRY_MS);
      await store.lease(leased, 'check', at);
    }
    throw error;
  }
}

/** Closes an order that is to be closed; queries every other. */
function closeOrQuery(order: Order, deps: Deps, invocation: Invocation) {
  const now = deps.clock.now();
  const isOpen = order.status.state !== 'closed';
  const isToClose = isOpen && (order.closeDueAt !== undefined || now >= order.expiresAt);
  const isClosable = closableAt(order, deps.settings.closeMinAgeMs) <= now;
  return isToClose && isClosable
    ? closeAtWeChat(order, deps, invocation)
    : queryWeChat(order, deps, invocation);
}
