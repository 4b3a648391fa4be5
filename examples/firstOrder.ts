/**
 * A user buys a latte, or what is named, at the local cloud, pays, and asks how it ended. Beside `npm start`, in
 * another terminal: npx tsx examples/firstOrder.ts
 */
const url = process.env.LOCAL_URL ?? 'http://127.0.0.1:7100';

async function ask<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/_local/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function call<T>(name: string, data: object): Promise<T> {
  const asked = { name, data, openid: 'oLocalUser' };
  const { result } = await ask<{ result: T & { errCode: number | string } }>('call', asked);
  if (result.errCode !== 0) throw new Error(`${name}: ${JSON.stringify(result)}`);
  return result;
}

type Placed = { outTradeNo: string; prepayId: string };
type Queried = { state: string; totalFee: number };

// Whoever buys again names another purchase: the same one is the same order.
const [productId = 'latte'] = process.argv.slice(2);
const request = { productId, count: 1, purchaseId: `first-${Date.now()}` };
const placed = await call<Placed>('unifiedOrder', { request });
const { errMsg } = await ask<{ errMsg: string }>(`cashier/${placed.prepayId}`, { action: 'pay' });
const { state, totalFee } = await call<Queried>('queryOrder', { outTradeNo: placed.outTradeNo });
process.stdout.write(`${placed.outTradeNo}: ${errMsg}, ${state} ${totalFee} fen\n`);
