/** Names a refund that has come to an end, by a notice without signature: it proves nothing. */
export interface UnsignedRefundNotice {
  kind: 'unsigned_notice';
  mchid: string;
  /** 服务商商户号, where the notice names a merchant under its provider. */
  spMchid?: string;
  outTradeNo: string;
  outRefundNo: string;
}

/** The result of reading a posted XML; `reason` names the first check that failed. */
export type UnsignedNotice =
  | UnsignedRefundNotice
  | { kind: 'refused'; status: 400 | 500; reason: string };

/** Reads refund notices of APIv2 (退款结果通知) from the raw body; never throws, calls nobody. */
export type UnsignedNoticeParser = (body: Uint8Array) => UnsignedNotice;
