import type { World } from '../world/world.ts';
import type { Notifier } from './notifications/notifier.ts';
import type { Cashier } from './orders/cashier.ts';
import { isPaid, type LedgerOrder, type OrderLedger } from './orders/ledger.ts';
import { refundTruthOf, refusalData } from './refunds/controls.ts';
import type { RefundLedger } from './refunds/ledger.ts';
import { orderTruth } from './truth.ts';

/** A move of an order at WeChat that nothing of ours asked for. */
export interface OrderMove {
  to: 'SUCCESS' | 'CLOSED';
  /** Whether WeChat notifies of the payment; left out: it does. */
  callback?: 'sent' | 'none' | undefined;
  /** The sum that is paid, where it is another than was asked for. */
  total?: number | undefined;
}

/** Moves orders by hand, as whoever plays WeChat, and has notifications sent again; refusals are data. */
export interface Steering {
  /** Pays or closes an order at WeChat; one that was closed may be paid still, by money that was under way. */
  steerOrder(outTradeNo: string, move: OrderMove): Record<string, unknown>;
  /** Notifies of a payment once more, now, whether it was acknowledged before or not. */
  repeatNotification(outTradeNo: string): Promise<Record<string, unknown>>;
  /** Notifies once more of the state that a refund is in. */
  repeatRefundNotification(outRefundNo: string): Promise<Record<string, unknown>>;
}

/** Lists what the steering needs. */
export interface SteeringDeps {
  world: World;
  orders: OrderLedger;
  refunds: RefundLedger;
  cashier: Cashier;
  notifier: Notifier;
}

/** Builds the steering. */
export function createSteering(deps: SteeringDeps): Steering {
  const { world, orders, refunds, notifier } = deps;
  return {
    steerOrder: (outTradeNo, move) => {
      const order = orders.findAny(outTradeNo);
      if (!order) return noOrder();
      if (isPaid(order) || (move.to === 'CLOSED' && order.state === 'CLOSED'))
        return refusalData('INVALID_REQUEST', `${order.state} → ${move.to}: 订单状态不能这样变化`);
      moveOrder(deps, order, move);
      const detail = { to: move.to, callback: move.callback ?? 'sent' };
      world.timeline.add({ what: 'wechatpay.steered', subject: outTradeNo, detail });
      return orderTruth(orders.findAny(outTradeNo) ?? order, refunds);
    },
    repeatNotification: async (outTradeNo) => {
      const order = orders.findAny(outTradeNo);
      if (!order) return noOrder();
      if (!isPaid(order)) return refusalData('INVALID_REQUEST', '订单没有支付，没有可通知的内容');
      notifier.repeat(order);
      await world.agenda.runDue();
      return orderTruth(orders.findAny(outTradeNo) ?? order, refunds);
    },
    repeatRefundNotification: async (outRefundNo) => {
      const refund = refunds.findAny(outRefundNo);
      if (!refund) return refusalData('RESOURCE_NOT_EXISTS', '退款单不存在');
      if (refund.status === 'PROCESSING')
        return refusalData('INVALID_REQUEST', '退款处理中，没有可通知的结果');
      if (!notifier.repeatRefund(refund))
        return refusalData('INVALID_REQUEST', '该退款没有通知地址');
      await world.agenda.runDue();
      return refundTruthOf(refunds.findAny(outRefundNo) ?? refund);
    },
  };
}

function noOrder(): Record<string, unknown> {
  return refusalData('RESOURCE_NOT_EXISTS', '订单不存在');
}

function moveOrder({ world, orders, cashier }: SteeringDeps, order: LedgerOrder, move: OrderMove) {
  const { to, callback = 'sent', total = order.total } = move;
  world.data.atomically(() => {
    if (to === 'CLOSED') orders.save({ ...order, state: 'CLOSED' });
    else cashier.book({ ...order, total }, callback);
  });
}
