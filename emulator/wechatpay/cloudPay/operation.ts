import type { World } from '../../world/world.ts';
import type { Ledger } from '../orders/ledger.ts';
import type { RefundLedger } from '../refunds/ledger.ts';
import type { RefundBook } from '../refunds/lifecycle.ts';
import type { Json } from '../wire/fields.ts';

/** What CloudPay's methods work with. */
export interface Desk {
  world: World;
  ledger: Ledger;
  refunds: RefundLedger;
  book: RefundBook;
}

/** One request of a merchant that is known. */
export interface Asked {
  apiName: string;
  /** The merchant (`sub_mch_id`) and the mini program. */
  mchid: string;
  appid: string;
  request: Json;
  /** Of whoever called the function that asks. */
  openid: string | undefined;
}
