/** Buys, closes and refunds in a local cloud as its users do, through the control API. */
import type { LocalCloud } from '../../emulator/main.ts';

/** Asks the control API, as `curl` does. */
export async function ask<T>(
  { url }: Pick<LocalCloud, 'url'>,
  path: string,
  body?: object,
): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${url}/_local/${path}`, { headers, ...init });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

interface Called {
  result?: { errCode: 0 | string; errMsg?: string };
  error?: { message: string };
}

/** Calls a function, and throws its refusal. */
async function call<T>(cloud: LocalCloud, name: string, data: object, who: object): Promise<T> {
  const { result, error } = await ask<Called>(cloud, 'call', { name, data, ...who });
  if (result?.errCode === 0) return result as T;
  throw new Error(`${name}: ${error?.message ?? result?.errMsg}`);
}

/** An order that a payer placed. */
export interface Bought {
  outTradeNo: string;
  prepayId: string;
}

/** Buys a latte as the phone of a payer does, up to the sheet; of a payer of its own unless one is named. */
export function place(
  cloud: LocalCloud,
  purchaseId: string,
  openid = `o${purchaseId}`,
): Promise<Bought> {
  const data = { request: { productId: 'latte', count: 1, purchaseId } };
  return call(cloud, 'unifiedOrder', data, { openid });
}

/** Confirms the sheet, as the payer does. */
export function pay(cloud: LocalCloud, { prepayId }: Bought): Promise<unknown> {
  return ask(cloud, `cashier/${prepayId}`, { action: 'pay' });
}

/** Closes an order, as the merchant's server does. */
export function close(cloud: LocalCloud, { outTradeNo }: Bought): Promise<unknown> {
  return call(cloud, 'closeOrder', { outTradeNo }, { service: true });
}

/** Refunds a part of an order, or all of it, as the merchant's server does. */
export function refund(cloud: LocalCloud, order: Bought, refundFee: number): Promise<unknown> {
  const { outTradeNo } = order;
  const data = { outTradeNo, outRefundNo: `R${outTradeNo}`, refundFee };
  return call(cloud, 'refund', data, { service: true });
}

/** Moves time on; each timer on the way runs at its minute where `timers` is `all`. */
export async function pass(cloud: LocalCloud, by: string, timers: 'all' | 'none'): Promise<void> {
  await ask(cloud, 'clock', { advance: by, timers });
}
