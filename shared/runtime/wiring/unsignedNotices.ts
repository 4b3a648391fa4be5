import { createUnsignedNoticeParser } from '../../gateway/apiV2/refundNotice.ts';
import type { UnsignedNoticeParser } from '../../ports/unsignedNotice.ts';
import type { Config } from '../config.ts';

/** Makes the parser of APIv2's refund notices. */
export const wireUnsignedNotices = ({ mchid, apiV3, apiV2Key }: Config): UnsignedNoticeParser =>
  createUnsignedNoticeParser({ mchid, spMchid: apiV3?.provider?.mchid, apiV2Key });
