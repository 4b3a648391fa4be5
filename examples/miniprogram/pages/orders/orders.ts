import type { ShopApp } from '../../app';
import type { OrderView } from '../../logic/orderView';

const { shop } = getApp<ShopApp>();

/** Lists the orders of this phone, each as the server has it now. */
Page({
  data: { orders: [] as OrderView[], isLoaded: false },

  async onShow() {
    this.setData({ orders: await shop.orders(), isLoaded: true });
  },

  async onPullDownRefresh() {
    await this.onShow();
    void wx.stopPullDownRefresh();
  },

  async open({ currentTarget }: WechatMiniprogram.CustomEvent) {
    await wx.navigateTo({ url: `/pages/order/order?purchaseId=${currentTarget.dataset.id}` });
  },
});
