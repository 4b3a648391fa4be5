import type { World } from '../world/world.ts';
import { type BillOperations, openBillOperations } from './bills/operations.ts';
import { type KeyRing, openKeyRing } from './keys/keyRing.ts';
import { type OrderLedger, openOrderLedger } from './orders/ledger.ts';
import { openRefundLedger, type RefundLedger } from './refunds/ledger.ts';

/** The state of the simulated WeChat Pay, all of it in the data file. */
export interface State {
  keys: KeyRing;
  orders: OrderLedger;
  refunds: RefundLedger;
  bills: BillOperations;
  /**
   * Forgets everything but merchants and their keys; WeChat's own keys become what they were at
   * first.
   */
  clear(): void;
  /** Takes over what the data file holds now; throws where it makes no sense. */
  reload(): void;
}

/** Opens the state where an earlier run left it; `mchid` is the first merchant. */
export function openState(world: World, mchid: string): State {
  const keys = openKeyRing(world, mchid);
  const orders = openOrderLedger(world);
  const refunds = openRefundLedger(world);
  const bills = openBillOperations(world, { orders, refunds });
  return {
    keys,
    orders,
    refunds,
    bills,
    clear: () => {
      for (const { kind, key } of world.agenda.list()) {
        if (kind.startsWith('wechatpay.')) world.agenda.cancel(kind, key);
      }
      orders.clear();
      refunds.clear();
      bills.clear();
      keys.save();
      keys.resetPlatform();
    },
    reload: () => {
      keys.reload();
      orders.reload();
      refunds.reload();
      bills.reload();
    },
  };
}
