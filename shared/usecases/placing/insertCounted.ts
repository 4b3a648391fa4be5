import type { Refusal } from '../../contract/answer.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import { PAYER_LOOKED_AT_MAX } from '../../domain/limits.ts';
import type { Order, OrderDocument, Terms } from '../../domain/order/order.ts';
import {
  type CountedOrder,
  countOrder,
  isRecent,
  type Payer,
  withEnded,
  withoutOrder,
} from '../../domain/payer.ts';
import { StoreError } from '../../ports/store.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { inParallel } from '../step/inParallel.ts';
import { orderFields } from '../step/trace.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'payers' | 'clock' | 'settings'>;

/** So many other orders of one payer may get in between; more at once are too many by themselves. */
const ATTEMPTS_MAX = 30;
/** So many orders are looked at at once. */
const LOOKS_AT_ONCE = 5;
/** An order that is not written so long after it was counted never will be: its function is dead. */
const UNWRITTEN_AFTER_MS = 60_000;

/**
 * Writes a new order, once it is counted as one more of its payer's: over the limits it is refused with
 * `TOO_MANY_ORDERS`, and nothing is written. Only orders that users of the mini program begin count, and
 * none counts twice; where nothing can be counted the order goes through (decision 0022).
 */
export async function insertCounted(
  order: Order,
  deps: Deps,
  invocation: Invocation,
): Promise<'inserted' | 'exists' | Refusal> {
  if (invocation.caller.kind !== 'user') return deps.store.insert(order);
  const counted = await unlessUncounted(() => count(order, deps), order, invocation);
  if (counted?.kind === 'full') {
    return (await isOwn(order, deps)) ? 'exists' : refuseTooMany(counted);
  }
  const inserted = await deps.store.insert(order);
  if (inserted === 'exists' && counted?.kind === 'added') {
    const takeBack = () => takeRepeatBack(order, counted.payer, deps);
    await unlessUncounted(takeBack, order, invocation);
  }
  return inserted;
}

/**
 * Counts an order that is to take the place of an open one, before that is closed: over the limits it is refused,
 * and the open one stays. The payer's own open one keeps its place meanwhile, which is the new one's too.
 */
export async function countReplacement(
  next: Terms,
  open: Order,
  deps: Deps,
  invocation: Invocation,
): Promise<Refusal | undefined> {
  if (invocation.caller.kind !== 'user') return undefined;
  const { clock, payers, store } = deps;
  const { perMinute, unpaid } = deps.settings.orderLimits;
  const shared = open.openid === next.openid ? 1 : 0;
  const orderLimits = { perMinute, unpaid: unpaid + shared };
  const settings = { ...deps.settings, orderLimits };
  const counting = () => count(next, { clock, payers, store, settings });
  const counted = await unlessUncounted(counting, next, invocation);
  return counted?.kind === 'full' ? refuseTooMany(counted) : undefined;
}

function refuseTooMany({ retryAt }: { retryAt: Date }): Refusal {
  return refuse('TOO_MANY_ORDERS', { details: { retryAt: beijingRfc3339(retryAt) } });
}

/** `added`: the payer as it was written just now, with the order. */
type CountResult =
  | { kind: 'known' }
  | { kind: 'added'; payer: Payer }
  | { kind: 'full'; retryAt: Date };

async function count(order: Terms, deps: Deps): Promise<CountResult> {
  const { clock, payers, settings } = deps;
  const { openid, outTradeNo, createdAt: at, expiresAt } = order;
  const next = { outTradeNo, at, expiresAt };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const read = await payers.get(openid);
    const payer = await looked(read, next, deps);
    const counted = countOrder(payer, next, settings.orderLimits, clock.now());
    if (counted.kind === 'known') return counted;
    const wanted = counted.kind === 'fits' ? counted.payer : payer;
    if (wanted !== read && (await payers.write(wanted)) === 'conflict') continue;
    if (counted.kind === 'full') return counted;
    return { kind: 'added', payer: { ...wanted, version: wanted.version + 1 } };
  }
  return { kind: 'full', retryAt: new Date(clock.now().getTime() + 1000) };
}

/** Looks at the orders themselves where the limit is reached: which of them were paid or closed meanwhile. */
async function looked(payer: Payer, next: CountedOrder, deps: Deps): Promise<Payer> {
  const { clock, settings, store } = deps;
  const counted = countOrder(payer, next, settings.orderLimits, clock.now());
  if (counted.kind !== 'full' || counted.unpaid.length === 0) return payer;
  const ended: string[] = [];
  await inParallel(counted.unpaid.slice(0, PAYER_LOOKED_AT_MAX), LOOKS_AT_ONCE, async (each) => {
    const stored = await store.get(each.outTradeNo);
    const isWritten = stored !== undefined;
    const isDead = clock.now().getTime() - each.at.getTime() >= UNWRITTEN_AFTER_MS;
    if (isWritten ? hasEnded(stored, payer.openid) : isDead) ended.push(each.outTradeNo);
  });
  return withEnded(payer, ended, clock.now());
}

/** Tells an order that cannot be paid any more, or is to be closed, and a number that is not the payer's. */
function hasEnded(stored: OrderDocument, openid: string): boolean {
  if (stored.kind === 'orphan' || stored.openid !== openid) return true;
  const { state } = stored.status;
  return state === 'paid' || state === 'closed' || stored.closeDueAt !== undefined;
}

/**
 * Takes an order out again whose number was taken: it is a repeat, and counts nothing. What the payer began within
 * the minute stays: had it been counted before, it would still be, so it is an equal call's that leant on this count.
 */
async function takeRepeatBack(order: Order, added: Payer, { payers, store }: Deps): Promise<void> {
  const { outTradeNo, openid, createdAt } = order;
  const stored = await store.get(outTradeNo);
  const isOwn = stored?.kind === 'order' && stored.openid === openid;
  if (isOwn && isRecent({ at: stored.createdAt }, createdAt)) return;
  let payer = added;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if ((await payers.write(withoutOrder(payer, outTradeNo))) === 'written') return;
    payer = await payers.get(payer.openid);
  }
}

async function isOwn({ outTradeNo, openid }: Order, { store }: Deps): Promise<boolean> {
  const stored = await store.get(outTradeNo);
  return stored?.kind === 'order' && stored.openid === openid;
}

/** Counts, or takes back; a database that fails here costs nobody an order, and is logged. */
async function unlessUncounted<T>(
  counting: () => Promise<T>,
  order: Terms,
  { log }: Invocation,
): Promise<T | undefined> {
  try {
    return await counting();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { code, message } = error;
    log.line({ level: 'warn', ...orderFields(order), error: `ORDER_UNCOUNTED ${code} ${message}` });
    return undefined;
  }
}
