/**
 * Puts goods into the price book of the local cloud, as the CloudBase console does in the real one. Beside
 * `npm start`, in another terminal: npx tsx --env-file=.env.local examples/addGoods.ts mug 陶瓷杯 4500
 */
import cloudbase from '@cloudbase/node-sdk';

const [id, name, price] = process.argv.slice(2);
if (!id || !name || !Number.isInteger(Number(price))) {
  process.stderr.write('用法 (usage): addGoods.ts ID 名称 (name) 分 (fen)\n');
  process.exit(1);
}
const env = process.env.TCB_ENV ?? '';
const products = cloudbase.init({ env }).database().collection('products');
await products.doc(id).set({ name, price: Number(price), onSale: true });
process.stdout.write(`${id}: ${name}, ${price} fen\n`);
