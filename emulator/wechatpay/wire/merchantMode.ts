/** Says where a merchant, or its provider, places and finds orders, and under which field names. */
export interface MerchantMode {
  kind: 'direct' | 'partner';
  /** The path that its orders are under. */
  transactions: string;
  /** The field that names the number that signs. */
  signer: 'mchid' | 'sp_mchid';
  mchid: 'mchid' | 'sub_mchid';
  appid: 'appid' | 'sub_appid';
  openid: 'openid' | 'sub_openid';
}

/** Both modes. Sources: D4012791856; `partner-jsapi-payment`. */
export const MERCHANT_MODES: readonly MerchantMode[] = [
  {
    kind: 'direct',
    transactions: '/v3/pay/transactions',
    signer: 'mchid',
    mchid: 'mchid',
    appid: 'appid',
    openid: 'openid',
  },
  {
    kind: 'partner',
    transactions: '/v3/pay/partner/transactions',
    signer: 'sp_mchid',
    mchid: 'sub_mchid',
    appid: 'sub_appid',
    openid: 'sub_openid',
  },
];
