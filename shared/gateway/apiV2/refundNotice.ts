import { BODY_BYTES_MAX } from '../../domain/limits.ts';
import type {
  UnsignedNotice,
  UnsignedNoticeParser,
  UnsignedRefundNotice,
} from '../../ports/unsignedNotice.ts';
import { Fields, Malformed } from '../read.ts';
import { openEcb, reqInfoKey } from './reqInfo.ts';
import { readXml } from './xml.ts';

/** Options of the parser: the merchant whose notices it opens, and the key. */
export interface UnsignedNoticeParserOptions {
  mchid: string;
  /** 服务商商户号, where the keys are the provider's. */
  spMchid?: string | undefined;
  /** APIv2 密钥; without it every notice is refused, and the setting named. */
  apiV2Key?: string | undefined;
}

/**
 * Makes the parser of refund notices of APIv2 (退款结果通知): WeChat sends them, to APIv3 merchants too, for
 * refunds without an address of their own, which are those of the merchant console (商户平台). Nothing in
 * them is signed and their cipher has no integrity: what opens with our key is never evidence.
 */
export function createUnsignedNoticeParser({
  mchid,
  spMchid,
  apiV2Key,
}: UnsignedNoticeParserOptions): UnsignedNoticeParser {
  // Sent again for a day: the key may be there by then.
  if (apiV2Key === undefined) return () => refused(500, 'missing:WXPAY_API_V2_KEY');
  const key = reqInfoKey(apiV2Key);
  return (body) => {
    if (body.length > BODY_BYTES_MAX) return refused(400, 'body_too_large');
    return malformedIsRefused('body_malformed', () => {
      const notice = new Fields(readXml(body, 'xml'));
      if (notice.word('return_code') !== 'SUCCESS') return refused(400, 'return_code');
      if (notice.word('mch_id') !== (spMchid ?? mchid)) return refused(400, 'mch_id');
      if (spMchid === undefined) return opened(notice.text('req_info'), { mchid }, key);
      if (notice.word('sub_mch_id') !== mchid) return refused(400, 'sub_mch_id');
      return opened(notice.text('req_info'), { mchid, spMchid }, key);
    });
  };
}

type NoticeMerchant = Pick<UnsignedRefundNotice, 'mchid' | 'spMchid'>;

function opened(reqInfo: string, merchant: NoticeMerchant, key: Buffer): UnsignedNotice {
  const plain = openEcb(reqInfo, key);
  if (!plain) return refused(400, 'decrypt:WXPAY_API_V2_KEY');
  return malformedIsRefused('req_info_malformed', () => {
    const result = new Fields(readXml(plain, 'root'));
    const outTradeNo = result.word('out_trade_no');
    const outRefundNo = result.word('out_refund_no');
    return { kind: 'unsigned_notice', ...merchant, outTradeNo, outRefundNo };
  });
}

function malformedIsRefused(reason: string, read: () => UnsignedNotice): UnsignedNotice {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return refused(400, `${reason}:${error.field}`);
    throw error;
  }
}

function refused(status: 400 | 500, reason: string): UnsignedNotice {
  return { kind: 'refused', status, reason };
}
