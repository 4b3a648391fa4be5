import type { DeliverEventsAnswer } from '../../contract/timer/deliverEvents.ts';
import { fromBeijingDigits } from '../../domain/beijing.ts';
import { makeDueAgain } from '../../domain/delivery/delivery.ts';
import { DELIVERY_CONCURRENCY } from '../../domain/limits.ts';
import { StoreError } from '../../ports/store.ts';
import { change } from '../step/change.ts';
import { hasTimeForDelivery } from '../step/deadline.ts';
import type { Invocation } from '../step/deps.ts';
import { inParallel } from '../step/inParallel.ts';
import type { DeliverDeps, DeliveryRun } from './deliverOrder.ts';

const DAY_MS = 24 * 3_600_000;
/** How many orders of a day are listed at once. */
const LISTED_MAX = 200;

type Deps = DeliverDeps & { run: DeliveryRun };

/** Makes every event of an order due again, those from before there were deliveries too. */
export async function redeliverOrder(
  outTradeNo: string,
  { run, ...deps }: Deps,
  invocation: Invocation,
): Promise<void> {
  const { channels } = run;
  const changed = await change(
    outTradeNo,
    (order, now) => ({ order: makeDueAgain(order, { channels }, now) }),
    deps,
    invocation,
  );
  run.count(changed ? 'asked_again' : 'no_order');
}

/**
 * Makes the events of every order due again that was paid on a day, in order of payment; the timer delivers
 * them. Where the time does not suffice, the answer says from when on to ask for the rest.
 */
export async function redeliverDay(
  { day, from }: { day: string; from?: string | undefined },
  { run, ...deps }: Deps,
  invocation: Invocation,
): Promise<Pick<DeliverEventsAnswer, 'more' | 'from'>> {
  const begins = fromBeijingDigits(`${day.replaceAll('-', '')}000000`) as Date;
  const ends = new Date(begins.getTime() + DAY_MS - 1);
  let next = from === undefined ? begins : new Date(from);
  let listed: readonly string[] = [];
  while (hasTimeForDelivery(invocation)) {
    const size = LISTED_MAX + listed.length;
    const page = await deps.store.due('paid', ends, size, next);
    const fresh = page.map(({ outTradeNo }) => outTradeNo).filter((no) => !listed.includes(no));
    const again = (no: string) => redeliverReadable(no, { run, ...deps }, invocation);
    await inParallel(fresh, DELIVERY_CONCURRENCY, again);
    const last = page.at(-1)?.at;
    if (page.length < size || !last) return { more: false };
    next = last;
    listed = page.filter(({ at }) => at >= last).map(({ outTradeNo }) => outTradeNo);
  }
  return { more: true, from: next.toISOString() };
}

/** A document that cannot be read keeps no other from being told. */
async function redeliverReadable(outTradeNo: string, deps: Deps, invocation: Invocation) {
  try {
    await redeliverOrder(outTradeNo, deps, invocation);
  } catch (error) {
    if (!(error instanceof StoreError) || error.retry !== 'never') throw error;
    deps.run.count(error.code);
    invocation.log.line({ level: 'error', outTradeNo, errCode: error.code });
  }
}
