/**
 * Defines the two modes of APIv3 and all in which they differ: a merchant with keys of its own (直连商户), or
 * one that is paid through its provider's (服务商模式, 特约商户). Only this file, order.ts and refund.ts have
 * their snake_case. Pure. Sources: D4012791856 and its neighbours; `partner-jsapi-payment`.
 */

import type { Order } from '../../../domain/order/order.ts';
import type { Fields } from '../../read.ts';

/** The merchant number of an order, and its provider's where it has one. */
export type MerchantIds = Pick<Order, 'mchid' | 'spMchid'>;

/** 服务商: its merchant number, which signs, and its own appid. */
export interface Provider {
  mchid: string;
  appid: string;
}

/** The paths and field names of a mode; all else is the same for both. */
export interface MerchantMode {
  /** The path under which orders are placed, queried and closed. */
  transactions: string;
  mchid: 'mchid' | 'sub_mchid';
  appid: 'appid' | 'sub_appid';
  openid: 'openid' | 'sub_openid';
  /** The provider's fields of a request that places an order, and of one that queries or closes it. */
  placeFields: Readonly<Record<string, string>>;
  queryFields: Readonly<Record<string, string>>;
}

const direct: MerchantMode = {
  transactions: '/v3/pay/transactions',
  mchid: 'mchid',
  appid: 'appid',
  openid: 'openid',
  placeFields: {},
  queryFields: {},
};

/** Picks the mode of a provider's merchants, or, without one, of a merchant with its own keys. */
export function merchantModeOf(provider?: Provider): MerchantMode {
  if (!provider) return direct;
  return {
    transactions: '/v3/pay/partner/transactions',
    mchid: 'sub_mchid',
    appid: 'sub_appid',
    openid: 'sub_openid',
    placeFields: { sp_appid: provider.appid, sp_mchid: provider.mchid },
    queryFields: { sp_mchid: provider.mchid },
  };
}

/** Makes the fields that name the merchant, and its provider, in a query or a close. */
export function merchantFieldsOf(mode: MerchantMode, mchid: string): Record<string, string> {
  return { ...mode.queryFields, [mode.mchid]: mchid };
}

/**
 * Names the merchant in refunds and bills: nothing where the signature does. A refund follows its
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

/** Reads the merchant of an order or a refund; fields of the other mode are malformed. */
export function readMerchantIds(result: Fields, mode: MerchantMode): MerchantIds {
  const mchid = result.word(mode.mchid);
  return mode === direct ? { mchid } : { mchid, spMchid: result.word('sp_mchid') };
}
