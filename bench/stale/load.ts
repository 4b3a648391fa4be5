import { withNextCheck } from '../../shared/domain/order/nextCheck.ts';
import { beginOrder, type Order, withPrepay } from '../../shared/domain/order/order.ts';
import { scheduleClose } from '../../shared/domain/order/placement.ts';
import { beginRefund } from '../../shared/domain/order/refund.ts';
import { encode, type Stored } from '../../shared/store/codec.ts';
import { applyEvidence } from '../../shared/usecases/order/applyEvidence.ts';
import { changeOrder } from '../../shared/usecases/step/change.ts';
import { chanceOf } from '../../tests/support/chance.ts';
import { anOrder, aPrepay } from '../../tests/support/orders.ts';
import { refundProof } from '../../tests/support/refunds.ts';
import { anInvocation, type memoryDeps } from '../../tests/support/useCases.ts';
import type { TimedCollection } from './collection.ts';
import type { VirtualTime } from './virtualTime.ts';
import { type Fate, paymentOf, TOTAL_FEE } from './wechat.ts';

/** Orders a second, and of 1,000 of them how many fare how. */
export const LOAD = {
  perSecond: 100,
  unpaid: 300,
  /** Of those that are paid: their callback never comes. */
  callbackLost: 10,
  /** Of those that are paid: refunded at once; no callback tells of the refund. */
  refunded: 20,
  /** Of those that are not paid: the payer asks to close it. */
  cancelled: 50,
} as const;

const TTL_MS = 30 * 60_000;
const CANCELLED_AFTER_MS = 400_000;
const REFUND_TAKES_MS = 150_000;

/** The load works with these. */
export interface LoadDeps {
  time: VirtualTime;
  collection: TimedCollection;
  fates: Map<string, Fate>;
  deps: ReturnType<typeof memoryDeps>['deps'];
}

/** Places orders at a steady pace, and lets payers, callbacks and refunds happen to them. */
export function createLoad({ time, collection, fates, deps }: LoadDeps, seed: number) {
  const chance = chanceOf(seed);
  const awaited = new Set<string>();
  const counts = { placed: 0, states: {} as Record<string, number> };
  const template = anOrder({ totalFee: TOTAL_FEE });
  const invocation = anInvocation({ kind: 'http', source: '' }, () => 60_000);
  const quiet = { ...invocation, log: { add: () => {}, count: () => {}, line: () => {} } };

  /** Forgets a document of which nothing is due any more, and counts how it ended. */
  const prune = ({ _id, state, checkAt }: Stored) => {
    if (checkAt || awaited.has(_id)) return;
    counts.states[state] = (counts.states[state] ?? 0) + 1;
    collection.remove(_id);
    fates.delete(_id);
  };
  const place = () => {
    counts.placed += 1;
    const outTradeNo = `DAY${String(counts.placed).padStart(10, '0')}`;
    const createdAt = time.now();
    const expiresAt = new Date(createdAt.getTime() + TTL_MS);
    const begun = beginOrder({ ...template, outTradeNo, createdAt, expiresAt }, template.request);
    const order: Order = withNextCheck(withPrepay(begun, aPrepay, createdAt), createdAt);
    collection.put(outTradeNo, encode(order));
    const fate: Fate = {};
    fates.set(outTradeNo, fate);
    if (chance(1000) < LOAD.unpaid) {
      if (chance(1000) < LOAD.cancelled) void cancel(outTradeNo);
      return;
    }
    // Most payers pay within half a minute, some take minutes.
    const afterMs = 3000 + (chance(10) === 0 ? chance(240_000) : chance(27_000));
    fate.paidMs = createdAt.getTime() + afterMs;
    void pay(outTradeNo, fate.paidMs, fate);
  };
  const pay = async (outTradeNo: string, paidMs: number, fate: Fate) => {
    const isRefunded = chance(1000) < LOAD.refunded;
    const isLost = !isRefunded && chance(1000) < LOAD.callbackLost;
    if (isLost) return;
    awaited.add(outTradeNo);
    await time.wait(paidMs + 1000 - time.nowMs());
    const evidence = { ...paymentOf(outTradeNo, paidMs), via: 'callback' } as const;
    await applyEvidence(evidence, deps, quiet);
    if (isRefunded) await refund(outTradeNo, fate);
    awaited.delete(outTradeNo);
    const stored = collection.get(outTradeNo);
    if (stored) prune(stored);
  };
  const refund = async (outTradeNo: string, fate: Fate) => {
    await time.wait(300_000);
    fate.refundedMs = time.nowMs() + REFUND_TAKES_MS;
    const outRefundNo = `R${outTradeNo}`;
    const { refundId } = refundProof({ outRefundNo });
    await changeOrder(
      outTradeNo,
      (order, now) => {
        const request = { outRefundNo, refundFee: TOTAL_FEE, request: '{}' };
        const status = { state: 'processing', refundId } as const;
        return withNextCheck(
          { ...order, refunds: [{ ...beginRefund(request, now), status }] },
          now,
        );
      },
      deps,
      quiet,
    );
  };
  const cancel = async (outTradeNo: string) => {
    await time.wait(CANCELLED_AFTER_MS);
    await changeOrder(outTradeNo, (order, now) => scheduleClose(order, now), deps, quiet);
  };
  const run = async () => {
    for (;;) {
      place();
      await time.wait(1000 / LOAD.perSecond);
    }
  };
  return { run, prune, counts };
}
