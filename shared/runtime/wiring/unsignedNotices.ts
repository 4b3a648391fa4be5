import { createUnsignedNoticeParser } from '../../gateway/apiV2/refundNotice.ts';
import type { UnsignedNoticeParser } from '../../ports/unsignedNotice.ts';
import type { Config } from '../config.ts';

/** The parser of refund notices of APIv2. */
export const wireUnsignedNotices = ({ mchid, apiV3, apiV2Key }: Config): UnsignedNoticeParser =>
  createUnsignedNoticeParser({ mchid, spMchid: apiV3?.provider?.mchid, apiV2Key });
