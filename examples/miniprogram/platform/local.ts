import { localHost } from 'scf-wechatpay-client/local';
import type { Product } from '../logic/cart';
import type { Platform } from './wechat';

/** 本地云: what `npm start -- --devtools` runs. Its cashier is a menu of the mini program's. */
export function localPlatform(origin: string): Platform {
  return {
    host: localHost({ origin, openid: 'oDevTools' }),
    loadGoods: () =>
      new Promise((resolve, reject) => {
        wx.request({
          url: `${origin}/_local/shop`,
          header: { accept: 'application/json' },
          success: ({ data }) => {
            if (Array.isArray(data)) return resolve(data as Product[]);
            // 例如本地云没有以 --devtools 启动
            console.error('[本地云]', data);
            return reject(data);
          },
          fail: reject,
        });
      }),
  };
}
