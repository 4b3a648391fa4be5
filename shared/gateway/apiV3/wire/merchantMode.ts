/**
 * The two forms of APIv3 and all in which they differ: a merchant with keys of its own (直连商户), or one
 * that is paid through its provider's (服务商模式, 特约商户). With wire.ts and refundWire.ts the only place
 * of their snake_case. Pure. Sources: D4012791856 and its neighbours; `partner-jsapi-payment`.
 */

import type { Order } from '../../../domain/order/order.ts';
import type { Fields } from '../../read.ts';

/** Whose an order is: a merchant's, and its provider's where it has one. */
export type MerchantIds = Pick<Order, 'mchid' | 'spMchid'>;

/** 服务商: its number, which signs, and an appid of its own. */
export interface Provider {
  mchid: string;
  appid: string;
}

/** How a form names things; what is built and read below is the same for both. */
export interface MerchantMode {
  /** Where orders are placed, asked about and closed. */
  transactions: string;
  mchid: 'mchid' | 'sub_mchid';
  appid: 'appid' | 'sub_appid';
  openid: 'openid' | 'sub_openid';
  /** Who places an order, beside the merchant, and who asks about it. */
  places: Readonly<Record<string, string>>;
  asks: Readonly<Record<string, string>>;
}

const direct: MerchantMode = {
  transactions: '/v3/pay/transactions',
  mchid: 'mchid',
  appid: 'appid',
  openid: 'openid',
  places: {},
  asks: {},
};

/** The form of a provider's merchants, or, without one, of a merchant of its own. */
export function merchantModeOf(provider?: Provider): MerchantMode {
  if (!provider) return direct;
  return {
    transactions: '/v3/pay/partner/transactions',
    mchid: 'sub_mchid',
    appid: 'sub_appid',
    openid: 'sub_openid',
    places: { sp_appid: provider.appid, sp_mchid: provider.mchid },
    asks: { sp_mchid: provider.mchid },
  };
}

/** Who asks about an order or closes it, and whose it is. */
export function merchantFieldsOf(form: MerchantMode, mchid: string): Record<string, string> {
  return { ...form.asks, [form.mchid]: mchid };
}

/**
 * Names the merchant in refunds and bills: nothing where the signature tells it. A refund follows its
 * order, so that its frozen bytes are right whatever is configured by now.
 */
export function subMerchantOf({ mchid, spMchid }: MerchantIds): { sub_mchid?: string } {
  return spMchid === undefined ? {} : { sub_mchid: mchid };
}

/** Makes the query string of a path, which is signed with it; empty without fields. */
export function queryOf(fields: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(fields).toString();
  return query === '' ? '' : `?${query}`;
}

/** Reads whose an order or a refund is; in another form than was agreed it is malformed. */
export function readMerchantIds(result: Fields, form: MerchantMode): MerchantIds {
  const mchid = result.word(form.mchid);
  return form === direct ? { mchid } : { mchid, spMchid: result.word('sp_mchid') };
}
