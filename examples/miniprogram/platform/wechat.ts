import type { Product } from '../logic/cart';
import type { CallingHost } from '../logic/recordingHost';

/** Where functions run, and who says what is on sale. */
export interface Platform {
  host: CallingHost;
  loadGoods(): Promise<Product[]>;
}

/** 云开发: functions by `wx.cloud`, prices from the collection `products`, which everybody may read and nobody else write. */
export function cloudPlatform(env: string): Platform {
  wx.cloud.init({ env });
  return {
    host: { callFunction: (options) => wx.cloud.callFunction(options) },
    async loadGoods() {
      const { data } = await wx.cloud
        .database()
        .collection('products')
        .where({ onSale: true })
        .get();
      return data.map(({ _id, name, price }) => ({ productId: String(_id), name, price }));
    },
  };
}
