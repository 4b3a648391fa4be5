import { createRumourDoor } from '../../gateway/apiV2/refundNotice.ts';
import type { RumourDoor } from '../../ports/unsignedNotice.ts';
import type { Config } from '../config.ts';

/** The door for refund notices of APIv2. */
export const wireRumours = ({ mchid, apiV3, apiV2Key }: Config): RumourDoor =>
  createRumourDoor({ mchid, spMchid: apiV3?.provider?.mchid, apiV2Key });
