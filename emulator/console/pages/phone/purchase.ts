import type { AnswerOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import { callFunction, type FunctionAnswer, OPENIDS } from '../../client/functions.ts';

/** A sale that the shop offers. */
export type Goods = AnswerOf<'GET /_local/shop'>[number];
export type PriceSource = AnswerOf<'GET /_local/world'>['priceSource'];

/** WeChat's sheet as it lies before the payer: what WeChat shows, not what the page believes. */
export interface Sheet {
  outTradeNo: string;
  prepayId: string;
  description: string;
  totalFee: number;
  expiresAt?: string;
}

/** Orders one piece, as the phone does where the merchant's quote, its server or the phone names the price. */
export async function place(goods: Goods, priceSource: PriceSource): Promise<Sheet> {
  const { productId, name, price } = goods;
  if (priceSource === 'quote') {
    const purchaseId = crypto.randomUUID();
    const request = { productId, count: 1, purchaseId };
    return sheetOf(await callFunction('unifiedOrder', { request, totalFee: price }));
  }
  const order = { outTradeNo: newNumber(), body: name, totalFee: price };
  if (priceSource === 'client') return sheetOf(await callFunction('unifiedOrder', order));
  const begun = { ...order, openid: OPENIDS.user };
  return sheetOf(await callFunction('unifiedOrder', begun, { role: 'service' }));
}

/** Opens the sheet of an order that is there already. */
export async function placeAgain(outTradeNo: string, totalFee: number): Promise<Sheet> {
  return sheetOf(await callFunction('unifiedOrder', { outTradeNo, totalFee }));
}

async function sheetOf({ outTradeNo, prepayId }: FunctionAnswer): Promise<Sheet> {
  const path = { outTradeNo: String(outTradeNo) };
  const order = await ask('GET /_local/wechatpay/orders/{outTradeNo}', { path });
  return {
    ...path,
    prepayId: String(prepayId),
    description: order.description,
    totalFee: order.amount.total,
    ...(order.time_expire === undefined ? {} : { expiresAt: order.time_expire }),
  };
}

function newNumber(): string {
  return `L${crypto.randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase()}`;
}
