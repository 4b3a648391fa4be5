import type {
  CloseStaleOrdersAnswer,
  CloseStaleOrdersInput,
} from '../../contract/timer/closeStaleOrders.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { closableAt } from '../../domain/order/placement.ts';
import { mainPaymentOf } from '../../domain/refund/refundedPayment.ts';
import { CHECK_LEASE_MS, UNREADABLE_RETRY_MS } from '../../domain/schedules.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { type Due, StoreError } from '../../ports/store.ts';
import { closeAtWeChat } from '../order/closeAtWeChat.ts';
import { queryWeChat } from '../order/queryWeChat.ts';
import { hasTimeForCheck } from '../step/deadline.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { inParallel } from '../step/inParallel.ts';
import { checkRefunds } from './checkRefunds.ts';
import { dueBatches } from './dueBatches.ts';
import { postpone } from './postpone.ts';
import { createTally, type Processed } from './tally.ts';

type Deps = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf' | 'hasPayToken'>;

const CONCURRENCY_MAX = 20;
/** The error of a function that was uploaded with the platform's default of 3 s. */
const TIMEOUT_TOO_SHORT =
  'TIMEOUT_TOO_SHORT 函数超时时间不足 8 秒，未处理任何订单；请设为 55 秒 (the function has less than 8 s and processes no order: set its time-out to 55 s)';

/**
 * 定时关单、补单: queries every due order and refund at WeChat; applies the answers, closes, submits refunds
 * again that WeChat does not know, and sets the next check.
 * Two runs may overlap: an order is leased by one, and a late worker's write is refused.
 */
export async function closeStaleOrders(
  _input: CloseStaleOrdersInput,
  deps: Deps,
  invocation: Invocation,
): Promise<CloseStaleOrdersAnswer> {
  const tally = createTally();
  if (!hasTimeForCheck(invocation)) {
    invocation.log.add({ level: 'error', error: TIMEOUT_TOO_SHORT });
  }
  const perOrder = withoutWideLine(invocation);
  const nextBatch = dueBatches(deps);
  let due: Due[] = [];
  do {
    due = await nextBatch();
    await inParallel(due, CONCURRENCY_MAX, async (item) => {
      tally.add(item.outTradeNo, await processDue(item, deps, perOrder));
    });
  } while (due.length > 0 && hasTimeForCheck(invocation));
  const { counts, failures } = tally;
  if (failures.length > 0) invocation.log.add({ level: 'error', failures });
  const more = due.length > 0;
  invocation.log.add({ counts, more });
  return { counts, more };
}

/** The invocation for one of many orders: the wide line is about the run, and an order has lines of its own. */
function withoutWideLine(invocation: Invocation): Invocation {
  return { ...invocation, log: { ...invocation.log, add: () => {} } };
}

/** Processes one due order, if there is time and no other run has it; never throws. */
async function processDue(item: Due, deps: Deps, invocation: Invocation): Promise<Processed[]> {
  if (!hasTimeForCheck(invocation)) return [{ kind: 'outcome', outcome: 'not_begun' }];
  const at = new Date(deps.clock.now().getTime() + CHECK_LEASE_MS);
  try {
    if (!(await deps.store.lease(item, 'check', at))) {
      return [{ kind: 'outcome', outcome: 'leased_by_another' }];
    }
    return await processLeased({ ...item, at }, deps, invocation);
  } catch (error) {
    if (error instanceof StoreError || error instanceof GatewayError) {
      return [{ kind: 'failure', code: error.code }];
    }
    const { outTradeNo } = item;
    invocation.log.line({ level: 'error', outTradeNo, error: String(error) });
    return [{ kind: 'failure', code: 'INTERNAL_ERROR' }];
  }
}

async function processLeased(
  leased: Due,
  deps: Deps,
  invocation: Invocation,
): Promise<Processed[]> {
  const order = await readOrSetAside(leased, deps);
  if (order?.kind !== 'order') return [{ kind: 'outcome', outcome: 'no_order' }];
  if (mainPaymentOf(order)) return checkRefunds(order, deps, invocation);
  try {
    const { outcome } = await closeOrQuery(order, deps, invocation);
    return [{ kind: 'outcome', outcome }];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    await postpone({ leased, order, code: error.code }, deps, invocation);
    return [{ kind: 'failure', code: error.code }];
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
