import { createPayClient } from 'scf-wechatpay-client';
import { recordingHost } from './logic/recordingHost';
import { createShop, type Shop } from './logic/shop';
import { recordsIn } from './logic/storage';
import { localPlatform } from './platform/local';

/** The app, as pages find it by `getApp()`. */
export interface ShopApp {
  shop: Shop;
}

// 上线前换成 cloudPlatform('你的环境 ID')，取自 './platform/wechat'，并删去 localPlatform。
const platform = localPlatform('http://127.0.0.1:7100');
const records = recordsIn(wx);
const shop = createShop({
  client: createPayClient(recordingHost(platform.host, records)),
  records,
  loadGoods: platform.loadGoods,
  drawId: () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
});

App<ShopApp>({
  shop,
  onShow() {
    void shop.resume((purchaseId) => {
      const isShown = getCurrentPages().slice(-1)[0]?.route === 'pages/result/result';
      const url = `/pages/result/result?purchaseId=${purchaseId}`;
      void (isShown ? wx.redirectTo({ url }) : wx.navigateTo({ url }));
    });
  },
});
