import type { World } from '../../world/world.ts';
import { Refusal } from '../errors.ts';
import type { Notifier } from '../notifications/notifier.ts';
import { feeBackOf } from '../orders/fee.ts';
import { type Ledger, type LedgerOrder, through } from '../orders/ledger.ts';
import { beijingDay } from '../orders/wire.ts';
import { type Owner, own } from '../wire/owner.ts';
import type { LedgerRefund, RefundLedger, RefundStatus } from './ledger.ts';
import { takenBy, whyNot } from './limits.ts';
import type { RefundRequest } from './request.ts';

/** How long a refund is PROCESSING where neither a person nor a fault steers it. */
const TAKES_MS = 10_000;

/** Where a refund may go from each state. Source: D4012791863. */
const ways: Record<RefundStatus, readonly RefundStatus[]> = {
  PROCESSING: ['SUCCESS', 'CLOSED', 'ABNORMAL'],
  ABNORMAL: ['SUCCESS'],
  SUCCESS: [],
  CLOSED: [],
};

/**
 * Who asks for a refund, and how: through CloudPay where `cloudPay` is there. `parameters` are compared
 * when the number comes again.
 */
export type Asking = Owner & Pick<LedgerRefund, 'origin' | 'signer' | 'parameters' | 'cloudPay'>;

/** What happens to refunds, each as one durable commit. */
export interface RefundBook {
  /** Accepts a refund, or finds the one of that number; throws the {@link Refusal}. */
  accept(asking: Asking, request: RefundRequest): LedgerRefund;
  /** Moves a refund on and has it told; false where its state does not lead there. */
  conclude(refund: LedgerRefund, to: RefundStatus): boolean;
  /** Has an abnormal refund succeed in a while, on another way. */
  mend(refund: LedgerRefund, remedy: NonNullable<LedgerRefund['remedy']>, account: string): void;
}

/** What the book works with. */
export interface RefundBookParts {
  world: World;
  ledger: Ledger;
  refunds: RefundLedger;
  notifier: Pick<Notifier, 'announceRefund'>;
}

/** Opens the book; refunds on their way are kept in the agenda and survive a restart. */
export function openRefundBook(parts: RefundBookParts): RefundBook {
  const { world, refunds } = parts;
  world.agenda.on('wechatpay.refund', async ({ data }) => {
    const { mchid, outRefundNo } = data as Pick<LedgerRefund, 'mchid' | 'outRefundNo'>;
    const refund = refunds.find(mchid, outRefundNo);
    if (refund) conclude(parts, refund, 'SUCCESS');
  });
  // An item is struck off before it is handled: a cloud that died in between would leave it undone.
  const planned = new Set(world.agenda.list().map(({ kind, key }) => `${kind} ${key}`));
  for (const refund of refunds.unfinished()) {
    if (!planned.has(`wechatpay.refund ${keyOf(refund)}`)) succeedLater(world, refund);
  }
  return {
    accept: (asking, request) => world.data.atomically(() => accept(parts, asking, request)),
    conclude: (refund, to) => conclude(parts, refund, to),
    mend: (refund, remedy, account) =>
      world.data.atomically(() => {
        const channel = remedy === 'USER_BANK_CARD' ? 'OTHER_BANKCARD' : refund.channel;
        refunds.save({ ...refund, remedy, account, channel });
        succeedLater(world, refund);
      }),
  };
}

function accept(parts: RefundBookParts, asking: Asking, request: RefundRequest): LedgerRefund {
  const { world, ledger, refunds } = parts;
  const { mchid } = asking;
  const known = refunds.find(mchid, request.outRefundNo);
  if (known) return sameAgain(known, asking, request);
  const found = own(orderOf(ledger, mchid, request), asking);
  const order = through(asking.cloudPay ? 'cloudPay' : 'apiV3', found);
  const earlier = order ? refunds.ofOrder(mchid, order.outTradeNo) : [];
  const nowMs = world.clock.nowMs();
  const refusal = whyNot(order, earlier, request, nowMs);
  if (!order || refusal) throw refusal ?? new Refusal('RESOURCE_NOT_EXISTS');
  const refund = begun(world, asking, request, order, earlier);
  refunds.save(refund);
  ledger.save({ ...order, state: 'REFUND' });
  succeedLater(world, refund);
  return refund;
}

/** The same number is the same refund; asked for with other words it is refused. */
function sameAgain(known: LedgerRefund, asking: Asking, request: RefundRequest): LedgerRefund {
  if (known.parameters === asking.parameters) return known;
  const { outTradeNo = known.outTradeNo, transactionId = known.transactionId } = request;
  if (outTradeNo !== known.outTradeNo || transactionId !== known.transactionId)
    throw new Refusal('INVALID_REQUEST', '支付单号校验不一致，请核实后再试');
  if (request.refund !== known.refund || request.total !== known.total)
    throw new Refusal('REFUND_FEE_MISMATCH');
  throw new Refusal('INVALID_REQUEST', '请求重入时，参数与首次请求时不一致');
}

function orderOf(ledger: Ledger, mchid: string, request: RefundRequest): LedgerOrder | undefined {
  const { transactionId, outTradeNo } = request;
  if (transactionId === undefined) return ledger.find(mchid, outTradeNo ?? '');
  const order = ledger.findTransaction(mchid, transactionId);
  if (order && outTradeNo !== undefined && order.outTradeNo !== outTradeNo)
    throw new Refusal('INVALID_REQUEST', '支付单号校验不一致，请核实后再试');
  return order;
}

function begun(
  world: World,
  asking: Asking,
  request: RefundRequest,
  order: LedgerOrder,
  earlier: readonly LedgerRefund[],
): LedgerRefund {
  const createdAtMs = world.clock.nowMs();
  const { outRefundNo, refund, total, fundsAccount, reason, notifyUrl } = request;
  return {
    ...asking,
    ...{ outRefundNo, refund, total, fundsAccount, createdAtMs },
    ...(reason === undefined ? {} : { reason }),
    ...(notifyUrl === undefined ? {} : { notifyUrl }),
    refundId: refundIdOf(world, createdAtMs),
    outTradeNo: order.outTradeNo,
    transactionId: order.transactionId ?? '',
    feeBack: feeBackOf(total, takenBy(earlier), refund),
    status: 'PROCESSING',
    moments: [{ status: 'PROCESSING', atMs: createdAtMs }],
    channel: 'ORIGINAL',
    account: '支付用户零钱',
    tries: [],
  };
}

function refundIdOf({ randomBytes }: World, nowMs: number): string {
  const digits = beijingDay(nowMs).replaceAll('-', '');
  const serial = randomBytes(6).readUIntBE(0, 6).toString().padStart(15, '0').slice(-15);
  return `503000${digits}${serial}`;
}

function succeedLater({ agenda, clock, faults }: World, refund: LedgerRefund): void {
  const takesMs = faults.take('wechatpay.refundMoney', 'slow')?.delayMs ?? TAKES_MS;
  const atMs = clock.nowMs() + takesMs;
  const { mchid, outRefundNo } = refund;
  agenda.plan({ kind: 'wechatpay.refund', key: keyOf(refund), atMs, data: { mchid, outRefundNo } });
}

const keyOf = ({ mchid, outRefundNo }: LedgerRefund) => `${mchid} ${outRefundNo}`;

function conclude(
  { world, refunds, notifier }: RefundBookParts,
  refund: LedgerRefund,
  to: RefundStatus,
): boolean {
  if (!ways[refund.status].includes(to)) return false;
  const { outRefundNo, moments } = refund;
  const next = {
    ...refund,
    status: to,
    moments: [...moments, { status: to, atMs: world.clock.nowMs() }],
  };
  world.data.atomically(() => {
    refunds.save(next);
    world.agenda.cancel('wechatpay.refund', keyOf(refund));
    notifier.announceRefund(next);
  });
  world.timeline.add({ what: 'wechatpay.refunded', subject: outRefundNo, detail: { status: to } });
  return true;
}

/** The request of a refund that is made by hand in the merchant console (商户平台), as JSON. */
export function consoleRequest(
  { randomBytes, clock }: World,
  { outTradeNo, total }: LedgerOrder,
  refund: number,
): string {
  const day = beijingDay(clock.nowMs()).replaceAll('-', '');
  return JSON.stringify({
    out_refund_no: `MCH${day}${randomBytes(8).toString('hex').toUpperCase()}`,
    out_trade_no: outTradeNo,
    amount: { refund, total, currency: 'CNY' },
  });
}
