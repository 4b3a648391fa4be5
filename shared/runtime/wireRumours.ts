import { createRumourDoor } from '../gateway/apiV2/refundNotice.ts';
import type { RumourDoor } from '../ports/rumour.ts';
import type { Config } from './config.ts';

/** The door for refund notices of APIv2. */
export const wireRumours = ({ mchid, apiV2Key }: Config): RumourDoor =>
  createRumourDoor({ mchid, apiV2Key });
