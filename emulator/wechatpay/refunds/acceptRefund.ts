import type { World } from '../../world/world.ts';
import { RefusalError } from '../errors.ts';
import { feeBackOf } from '../orders/fee.ts';
import { type LedgerOrder, type OrderLedger, onLink } from '../orders/ledger.ts';
import { type Owner, ownedBy } from '../wire/owner.ts';
import { compactDay } from '../wire/time.ts';
import type { LedgerRefund, RefundLedger } from './ledger.ts';
import { refundedSoFar, refusalReason } from './limits.ts';
import type { RefundRequest } from './request.ts';

/**
 * Says who asks for a refund, and how: through CloudPay where `cloudPay` is there. `parameters` are
 * compared when the number comes again.
 */
export type Requester = Owner & Pick<LedgerRefund, 'origin' | 'signer' | 'parameters' | 'cloudPay'>;

/** Lists what accepting a refund needs. */
export interface AcceptRefundDeps {
  world: World;
  orders: OrderLedger;
  refunds: RefundLedger;
  /** Plans that the money arrives. */
  succeedLater(refund: LedgerRefund): void;
}

/** Accepts a refund, or finds the one of that number; throws its refusal. */
export function acceptRefund(
  deps: AcceptRefundDeps,
  requester: Requester,
  request: RefundRequest,
): LedgerRefund {
  const { world, orders, refunds, succeedLater } = deps;
  const { mchid } = requester;
  const known = refunds.find(mchid, request.outRefundNo);
  if (known) return matchExisting(known, requester, request);
  const found = ownedBy(requester, orderOf(orders, mchid, request));
  const order = onLink(requester.cloudPay ? 'cloudPay' : 'apiV3', found);
  const earlier = order ? refunds.ofOrder(mchid, order.outTradeNo) : [];
  const refusal = refusalReason(order, earlier, request, world.clock.nowMs());
  if (!order || refusal) throw refusal ?? new RefusalError('RESOURCE_NOT_EXISTS');
  const refund: LedgerRefund = {
    ...newRefund(world, order, request),
    ...requester,
    feeBack: feeBackOf(request.total, refundedSoFar(earlier), request.refund),
  };
  refunds.save(refund);
  orders.save({ ...order, state: 'REFUND' });
  succeedLater(refund);
  return refund;
}

/** Answers the refund that has the number already; refuses it for other parameters. */
function matchExisting(
  known: LedgerRefund,
  requester: Requester,
  request: RefundRequest,
): LedgerRefund {
  if (known.parameters === requester.parameters) return known;
  const { outTradeNo = known.outTradeNo, transactionId = known.transactionId } = request;
  if (outTradeNo !== known.outTradeNo || transactionId !== known.transactionId)
    throw new RefusalError('INVALID_REQUEST', '支付单号校验不一致，请核实后再试');
  if (request.refund !== known.refund || request.total !== known.total)
    throw new RefusalError('REFUND_FEE_MISMATCH');
  throw new RefusalError('INVALID_REQUEST', '请求重入时，参数与首次请求时不一致');
}

function orderOf(
  orders: OrderLedger,
  mchid: string,
  { transactionId, outTradeNo }: RefundRequest,
): LedgerOrder | undefined {
  if (transactionId === undefined) return orders.find(mchid, outTradeNo ?? '');
  const order = orders.findTransaction(mchid, transactionId);
  if (order && outTradeNo !== undefined && order.outTradeNo !== outTradeNo)
    throw new RefusalError('INVALID_REQUEST', '支付单号校验不一致，请核实后再试');
  return order;
}

type NewRefund = Omit<LedgerRefund, keyof Requester | 'feeBack'>;

function newRefund(world: World, order: LedgerOrder, request: RefundRequest): NewRefund {
  const createdAtMs = world.clock.nowMs();
  const { reason, notifyUrl } = request;
  return {
    outRefundNo: request.outRefundNo,
    refundId: newRefundId(world, createdAtMs),
    outTradeNo: order.outTradeNo,
    transactionId: order.transactionId ?? '',
    total: request.total,
    refund: request.refund,
    ...(reason === undefined ? {} : { reason }),
    ...(notifyUrl === undefined ? {} : { notifyUrl }),
    status: 'PROCESSING',
    moments: [{ status: 'PROCESSING', atMs: createdAtMs }],
    createdAtMs,
    channel: 'ORIGINAL',
    account: '支付用户零钱',
    fundsAccount: request.fundsAccount,
    attempts: [],
  };
}

function newRefundId({ randomBytes }: World, nowMs: number): string {
  const serial = randomBytes(6).readUIntBE(0, 6).toString().padStart(15, '0').slice(-15);
  return `503000${compactDay(nowMs)}${serial}`;
}
