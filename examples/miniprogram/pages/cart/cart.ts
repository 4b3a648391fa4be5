import type { ShopApp } from '../../app';
import { linesOf, type Product, totalOf } from '../../logic/cart';
import { yuanOf } from '../../logic/money';

const { shop } = getApp<ShopApp>();
let goods: Product[] = [];

/** Shows what is to be bought, at the prices of today. */
Page({
  data: { lines: [] as object[], fee: '', isFailed: false, isLoaded: false },

  async onShow() {
    try {
      goods = await shop.loadGoods();
      this.setData({ isFailed: false, isLoaded: true });
      this.show();
    } catch {
      this.setData({ isFailed: true, isLoaded: true });
    }
  },

  show() {
    const lines = linesOf(shop.cart(), goods);
    this.setData({
      lines: lines.map((line) => ({ ...line, price: yuanOf(line.price) })),
      fee: yuanOf(totalOf(lines).fee),
    });
  },

  setCount({ currentTarget, detail }: WechatMiniprogram.CustomEvent<{ value: number }>) {
    shop.setCount(currentTarget.dataset.id, detail.value);
    this.show();
  },

  async checkOut() {
    try {
      const purchaseId = await shop.checkOut();
      if (purchaseId) await wx.navigateTo({ url: `/pages/pay/pay?purchaseId=${purchaseId}` });
    } catch {
      this.setData({ isFailed: true });
    }
  },
});
