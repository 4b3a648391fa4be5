import type { CloudBase } from './cloudbase/cloudbase.ts';

const PRODUCTS = 'products';

/** The price book of the shop on the page, in the form that `functions/quoteOrder` reads: prices in fen. */
const DEMO_GOODS = [
  { _id: 'latte', name: '拿铁咖啡', price: 1990, onSale: true },
  { _id: 'oolong', name: '乌龙茶', price: 800, onSale: true },
  { _id: 'sticker', name: '一分钱贴纸', price: 1, onSale: true },
  { _id: 'cake', name: '生日蛋糕', price: 26_800, onSale: true },
  { _id: 'mooncake', name: '月饼', price: 8800, onSale: false },
];

/** Keeps the demo goods in `products`: from the moment that a deploy makes it, and in each new world. */
export function withDemoGoods(cloudbase: CloudBase): CloudBase {
  const putGoods = () => {
    const isThere = cloudbase.collections().some(({ name }) => name === PRODUCTS);
    if (isThere) cloudbase.put(PRODUCTS, DEMO_GOODS);
  };
  return {
    ...cloudbase,
    createCollection: (name, indexes) => {
      cloudbase.createCollection(name, indexes);
      if (name === PRODUCTS) putGoods();
    },
    reset: () => {
      cloudbase.reset();
      putGoods();
    },
  };
}
