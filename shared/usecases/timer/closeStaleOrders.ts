import type {
  CloseStaleOrdersAnswer,
  CloseStaleOrdersInput,
} from '../../contract/timer/closeStaleOrders.ts';
import type { Order } from '../../domain/order/order.ts';
import { closableAt } from '../../domain/order/placement.ts';
import { CHECK_LEASE_MS, nextCheckAt, UNREADABLE_RETRY_MS } from '../../domain/schedules.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { type Due, StoreError } from '../../ports/store.ts';
import { closeAtWeChat } from '../order/closeAtWeChat.ts';
import { queryWeChat } from '../order/queryWeChat.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { inParallel } from '../step/inParallel.ts';
import { checkRefunds } from './checkRefunds.ts';

type Needs = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

const BATCH_SIZE_MAX = 200;
const CONCURRENCY_MAX = 20;
const TROUBLES_MAX = 20;
/** No order is begun when less time is left: one round of calls, and the write. */
const RESERVE_MS = 8000;
/** What a function says that was uploaded with the platform's default of 3 s. */
const TIMEOUT_TOO_SHORT =
  'TIMEOUT_TOO_SHORT 函数超时时间不足 8 秒，未处理任何订单；请设为 55 秒 (the function has less than 8 s and attends to no order: set its time-out to 55 s)';

/**
 * 定时关单、补单: asks WeChat about every order and refund that is due; settles, closes, sends
 * refunds again that it does not know, plans the next question.
 * Two runs may overlap: an order is leased by one, and a late worker's write is refused.
 */
export async function closeStaleOrders(
  _input: CloseStaleOrdersInput,
  tools: Needs,
  call: Invocation,
): Promise<CloseStaleOrdersAnswer> {
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  const hasTime = () => call.remainingMs() > RESERVE_MS;
  if (!hasTime()) call.log.add({ level: 'error', error: TIMEOUT_TOO_SHORT });
  let due: Due[] = [];
  do {
    due = await tools.store.due('check', tools.clock.now(), BATCH_SIZE_MAX);
    await inParallel(due, CONCURRENCY_MAX, async (item) => {
      const outcomes = hasTime() ? await processDue(item, tools, call) : ['left'];
      for (const outcome of outcomes) {
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        const trouble = /^[A-Z]/.test(outcome) && failures.length < TROUBLES_MAX;
        if (trouble) failures.push(`${item.outTradeNo}:${outcome}`);
      }
    });
  } while (due.length > 0 && hasTime());
  if (failures.length > 0) call.log.add({ level: 'error', failures: failures });
  call.log.add({ counts });
  return { counts, more: due.length > 0 };
}

/** Deals with one due order; answers the outcomes, or the code of what went wrong, never throws. */
async function processDue(item: Due, tools: Needs, call: Invocation): Promise<string[]> {
  const at = new Date(tools.clock.now().getTime() + CHECK_LEASE_MS);
  try {
    if (!(await tools.store.lease(item, 'check', at))) return ['taken'];
    return await processLeased({ ...item, at }, tools, call);
  } catch (error) {
    if (error instanceof StoreError || error instanceof GatewayError) return [error.code];
    call.log.add({ error: String(error) });
    return ['INTERNAL_ERROR'];
  }
}

async function processLeased(leased: Due, tools: Needs, call: Invocation): Promise<string[]> {
  const order = await readOrSetAside(leased, tools);
  if (order?.kind !== 'order') return ['gone'];
  if (order.status.state === 'paid') return checkRefunds(order, tools, call);
  try {
    return [(await closeOrQuery(order, tools, call)).outcome];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const at = nextCheckAt(order, tools.clock.now());
    await tools.store.lease(leased, 'check', at);
    return [error.code];
  }
}

/** A document that cannot be read is moved on, so that it never blocks the others. */
async function readOrSetAside(leased: Due, { store, clock }: Needs) {
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

/** Closes what is to be closed; asks about everything else. */
function closeOrQuery(order: Order, tools: Needs, call: Invocation) {
  const now = tools.clock.now();
  const isOpen = order.status.state !== 'closed';
  const toClose = isOpen && (order.closeDueAt !== undefined || now >= order.expiresAt);
  const closable = closableAt(order, tools.settings.closeMinAgeMs) <= now;
  return toClose && closable ? closeAtWeChat(order, tools, call) : queryWeChat(order, tools, call);
}
