import type { World } from '../../world/world.ts';
import { RefusalError } from '../errors.ts';
import type { LedgerOrder, OrderLedger } from '../orders/ledger.ts';
import { parametersOf } from '../wire/fields.ts';
import { ownerOf } from '../wire/owner.ts';
import { compactDay } from '../wire/time.ts';
import type { Requester } from './acceptRefund.ts';
import type { LedgerRefund, RefundLedger, RefundStatus } from './ledger.ts';
import type { RefundLifecycle } from './lifecycle.ts';
import { readRefundRequest } from './request.ts';
import { refundJson } from './wire.ts';

/** Lists what the controls of refunds need. */
export interface RefundControlsDeps {
  world: World;
  orders: OrderLedger;
  refunds: RefundLedger;
  lifecycle: RefundLifecycle;
}

/** Acts on refunds by hand: in the merchant console, and as whoever plays WeChat. */
export interface RefundControls {
  /** Finds a refund as WeChat has it, with the log of its notifications. */
  refundTruth(outRefundNo: string): Record<string, unknown> | undefined;
  /** Moves a refund to a state that its own leads to, and has that notified. */
  steerRefund(outRefundNo: string, to: RefundStatus): Record<string, unknown>;
  /** Refunds in the merchant console; notified in APIv2's XML. */
  consoleRefund(outTradeNo: string, refundFee: number): Record<string, unknown>;
}

/** Builds the controls; they answer refusals as data. */
export function createRefundControls(deps: RefundControlsDeps): RefundControls {
  const { orders, refunds, lifecycle } = deps;
  const refundTruth = (outRefundNo: string) => {
    const refund = refunds.findAny(outRefundNo);
    return refund && refundTruthOf(refund);
  };
  return {
    refundTruth,
    steerRefund: (outRefundNo, to) => {
      const refund = refunds.findAny(outRefundNo);
      if (!refund) return refusalData('RESOURCE_NOT_EXISTS', '退款单不存在');
      if (!lifecycle.conclude(refund, to))
        return refusalData('INVALID_REQUEST', `${refund.status} → ${to}: 退款状态不能这样变化`);
      return refundTruth(outRefundNo) ?? {};
    },
    consoleRefund: (outTradeNo, refundFee) => {
      const order = orders.findAny(outTradeNo);
      if (!order) return refusalData('RESOURCE_NOT_EXISTS', '订单不存在');
      try {
        return refundTruthOf(refundInConsole(deps, order, refundFee));
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error;
        return refusalData(error.code, error.message);
      }
    },
  };
}

/** Prints a refund as WeChat has it, with the log of its notifications. */
export function refundTruthOf(refund: LedgerRefund): Record<string, unknown> {
  const { origin, reason, notifyUrl, cloudPay, attempts, moments } = refund;
  return {
    ...refundJson(refund),
    ...(reason === undefined ? {} : { reason }),
    ...(notifyUrl === undefined ? {} : { notify_url: notifyUrl }),
    ...(cloudPay === undefined ? {} : { cloudPay }),
    origin,
    moments: moments.map(({ status, atMs }) => ({ status, at: new Date(atMs).toISOString() })),
    notifications: attempts,
  };
}

/** Answers a refusal of a control as data. */
export function refusalData(code: string, message: string): Record<string, unknown> {
  return { refused: code, message };
}

function refundInConsole(
  { world, lifecycle }: RefundControlsDeps,
  order: LedgerOrder,
  refundFee: number,
): LedgerRefund {
  const body = consoleRequest(world, order, refundFee);
  const requester: Requester = {
    ...ownerOf(order),
    signer: order.signer,
    origin: 'console',
    parameters: parametersOf(body),
    ...(order.cloudPay === undefined ? {} : { cloudPay: {} }),
  };
  return lifecycle.accept(requester, readRefundRequest(body));
}

/** Writes the request of a refund that is made by hand in the merchant console (商户平台), as JSON. */
function consoleRequest(
  { randomBytes, clock }: World,
  { outTradeNo, total }: LedgerOrder,
  refund: number,
): string {
  const serial = randomBytes(8).toString('hex').toUpperCase();
  return JSON.stringify({
    out_refund_no: `MCH${compactDay(clock.nowMs())}${serial}`,
    out_trade_no: outTradeNo,
    amount: { refund, total, currency: 'CNY' },
  });
}
