import type { ShopApp } from '../../app';
import { type OutcomeView, viewOfOutcome } from '../../logic/outcomeView';

const { shop } = getApp<ShopApp>();

/** Shows how a payment ended, and the ways on. */
Page({
  data: { purchaseId: '', view: null as OutcomeView | null, isChecking: false },

  onLoad({ purchaseId = '' }: { purchaseId?: string }) {
    this.setData({ purchaseId });
    this.show();
  },

  show() {
    const purchase = shop.find(this.data.purchaseId);
    if (purchase) this.setData({ view: viewOfOutcome(purchase) });
  },

  async check() {
    if (this.data.isChecking) return;
    this.setData({ isChecking: true });
    await shop.resume(() => {});
    this.setData({ isChecking: false });
    this.show();
  },

  async go({ currentTarget }: WechatMiniprogram.CustomEvent) {
    const { purchaseId } = this.data;
    switch (currentTarget.dataset.to) {
      case 'check':
        return this.check();
      case 'pay':
        return void (await wx.redirectTo({ url: `/pages/pay/pay?purchaseId=${purchaseId}` }));
      case 'order':
        return void (await wx.redirectTo({ url: `/pages/order/order?purchaseId=${purchaseId}` }));
      default:
        return void (await wx.switchTab({ url: '/pages/shop/shop' }));
    }
  },
});
