import type { PayClient } from 'scf-wechatpay-client';
import type { Product } from './cart';
import type { Records } from './storage';

/** Lists what the shop works with. */
export interface ShopDeps {
  client: PayClient;
  records: Records;
  /** Asks the server what is on sale, at what price. */
  loadGoods(): Promise<Product[]>;
  /** Draws a name that no other purchase of the payer's has. */
  drawId(): string;
}
