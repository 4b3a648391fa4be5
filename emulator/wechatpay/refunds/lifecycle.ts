import type { World } from '../../world/world.ts';
import type { OrderLedger } from '../orders/ledger.ts';
import { acceptRefund, type Requester } from './acceptRefund.ts';
import type { AbnormalRefundTarget, LedgerRefund, RefundLedger, RefundStatus } from './ledger.ts';
import type { RefundRequest } from './request.ts';

/** A refund is PROCESSING for so long where neither a person nor a fault steers it. */
const TAKES_MS = 10_000;

/** The states that each state leads to. Source: D4012791863. */
const NEXT_STATUSES: Record<RefundStatus, readonly RefundStatus[]> = {
  PROCESSING: ['SUCCESS', 'CLOSED', 'ABNORMAL'],
  ABNORMAL: ['SUCCESS'],
  SUCCESS: [],
  CLOSED: [],
};

/** The steps of a refund's life, each one durable commit. */
export interface RefundLifecycle {
  /** Accepts a refund, or finds the one of that number; throws its refusal. */
  accept(requester: Requester, request: RefundRequest): LedgerRefund;
  /** Moves a refund on and has it notified; false where its state does not lead there. */
  conclude(refund: LedgerRefund, to: RefundStatus): boolean;
  /** Has an abnormal refund succeed in a while, on another way. */
  applyAbnormalRefund(refund: LedgerRefund, target: AbnormalRefundTarget, account: string): void;
}

/** Lists what the lifecycle needs. */
export interface RefundLifecycleDeps {
  world: World;
  orders: OrderLedger;
  refunds: RefundLedger;
  /** Has the merchant notified of the state that a refund reached. */
  announce(refund: LedgerRefund): void;
}

/** Opens the lifecycle; refunds on their way are stored in the agenda and survive a restart. */
export function openRefundLifecycle(deps: RefundLifecycleDeps): RefundLifecycle {
  const { world, orders, refunds } = deps;
  world.agenda.on('wechatpay.refund', async ({ data }) => {
    const { mchid, outRefundNo } = data as Pick<LedgerRefund, 'mchid' | 'outRefundNo'>;
    const refund = refunds.find(mchid, outRefundNo);
    if (refund) conclude(deps, refund, 'SUCCESS');
  });
  planUnfinished(deps);
  const succeedLater = (refund: LedgerRefund) => planSuccess(world, refund);
  const acceptDeps = { world, orders, refunds, succeedLater };
  return {
    accept: (requester, request) =>
      world.data.atomically(() => acceptRefund(acceptDeps, requester, request)),
    conclude: (refund, to) => conclude(deps, refund, to),
    applyAbnormalRefund: (refund, target, account) =>
      world.data.atomically(() => {
        const channel = target === 'USER_BANK_CARD' ? 'OTHER_BANKCARD' : refund.channel;
        refunds.save({ ...refund, abnormalTarget: target, account, channel });
        planSuccess(world, refund);
      }),
  };
}

/**
 * Plans again what a cloud left undone that died between taking an item off the agenda and handling
 * it.
 */
function planUnfinished({ world, refunds }: RefundLifecycleDeps): void {
  const planned = new Set(world.agenda.list().map(({ kind, key }) => `${kind} ${key}`));
  for (const refund of refunds.unfinished()) {
    if (!planned.has(`wechatpay.refund ${keyOf(refund)}`)) planSuccess(world, refund);
  }
}

function planSuccess({ agenda, clock, faults }: World, refund: LedgerRefund): void {
  const takesMs = faults.take('wechatpay.refundMoney', 'slow')?.delayMs ?? TAKES_MS;
  const atMs = clock.nowMs() + takesMs;
  const { mchid, outRefundNo } = refund;
  agenda.plan({ kind: 'wechatpay.refund', key: keyOf(refund), atMs, data: { mchid, outRefundNo } });
}

function keyOf({ mchid, outRefundNo }: LedgerRefund): string {
  return `${mchid} ${outRefundNo}`;
}

function conclude(
  { world, refunds, announce }: RefundLifecycleDeps,
  refund: LedgerRefund,
  to: RefundStatus,
): boolean {
  if (!NEXT_STATUSES[refund.status].includes(to)) return false;
  const { outRefundNo, outTradeNo, moments } = refund;
  const next: LedgerRefund = {
    ...refund,
    status: to,
    moments: [...moments, { status: to, atMs: world.clock.nowMs() }],
  };
  world.data.atomically(() => {
    refunds.save(next);
    world.agenda.cancel('wechatpay.refund', keyOf(refund));
    announce(next);
  });
  const detail = { status: to, outTradeNo };
  world.timeline.add({ what: 'wechatpay.refunded', subject: outRefundNo, detail });
  return true;
}
