import type { ShopApp } from '../../app';
import { totalOf } from '../../logic/cart';
import { yuanOf } from '../../logic/money';

const { shop } = getApp<ShopApp>();

/** Shows a purchase before its payment, and pays it. */
Page({
  data: { purchaseId: '', lines: [] as object[], fee: '', isPaying: false },

  onLoad({ purchaseId = '' }: { purchaseId?: string }) {
    this.setData({ purchaseId });
  },

  async onShow() {
    try {
      await shop.reprice(this.data.purchaseId);
    } catch {
      // The prices that are known stay; the server compares them.
    }
    const { lines = [] } = shop.find(this.data.purchaseId) ?? {};
    this.setData({
      lines: lines.map((line) => ({ ...line, fee: yuanOf(line.price * line.count) })),
      fee: yuanOf(totalOf(lines).fee),
    });
  },

  async pay() {
    // Taps of this page alone; that two payments are one order, the client and the server see to.
    if (this.data.isPaying) return;
    const { purchaseId } = this.data;
    this.setData({ isPaying: true });
    await shop.pay(purchaseId);
    this.setData({ isPaying: false });
    await wx.redirectTo({ url: `/pages/result/result?purchaseId=${purchaseId}` });
  },
});
