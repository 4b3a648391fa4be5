/** That a refund has come to an end, as a notice without signature says: it names, and proves nothing. */
export interface UnsignedRefundNotice {
  kind: 'unsigned_notice';
  mchid: string;
  /** 服务商商户号, where the notice names a merchant under its provider. */
  spMchid?: string;
  outTradeNo: string;
  outRefundNo: string;
}

/** A posted XML, once it was read; `reason` names the first check that failed. */
export type UnsignedNotice =
  | UnsignedRefundNotice
  | { kind: 'refused'; status: 400 | 500; reason: string };

/** The parser of refund notices of APIv2 (退款结果通知), by the raw body; never throws, asks nobody. */
export type UnsignedNoticeParser = (body: Uint8Array) => UnsignedNotice;
