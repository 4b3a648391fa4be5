import type { ShopApp } from '../../app';
import { yuanOf } from '../../logic/money';

const { shop } = getApp<ShopApp>();

/** Shows what is on sale, by the server's price book. */
Page({
  data: { goods: [] as object[], isFailed: false, isLoaded: false },

  async onShow() {
    await this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },

  async load() {
    try {
      const { counts } = shop.cart();
      const goods = (await shop.loadGoods()).map(({ productId, name, price }) => ({
        productId,
        name,
        initial: name.slice(0, 1),
        price: yuanOf(price),
        count: counts[productId] ?? 0,
      }));
      this.setData({ goods, isFailed: false, isLoaded: true });
    } catch {
      this.setData({ isFailed: true, isLoaded: true });
    }
  },

  setCount({ currentTarget, detail }: WechatMiniprogram.CustomEvent<{ value: number }>) {
    shop.setCount(currentTarget.dataset.id, detail.value);
  },
});
