import type { ShopApp } from '../../app';
import type { OrderView } from '../../logic/orderView';

const { shop } = getApp<ShopApp>();

/** Shows an order with its refunds, as the server has them now. */
Page({
  data: { purchaseId: '', order: null as OrderView | null },

  onLoad({ purchaseId = '' }: { purchaseId?: string }) {
    this.setData({ purchaseId });
  },

  async onShow() {
    const { purchaseId } = this.data;
    if (shop.find(purchaseId)) this.setData({ order: await shop.order(purchaseId) });
  },

  async onPullDownRefresh() {
    await this.onShow();
    void wx.stopPullDownRefresh();
  },

  async pay() {
    await wx.navigateTo({ url: `/pages/pay/pay?purchaseId=${this.data.purchaseId}` });
  },
});
