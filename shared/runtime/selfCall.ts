/**
 * Calls of a function by itself: signed with a key that only its own instances can make, so that nobody
 * else can pass for one.
 */
import { createHmac } from 'node:crypto';
import type { Config } from './config.ts';

/**
 * Makes the key of calls by the function itself, from the APIv3 key that its instances share; undefined
 * where there is none: what cloud pay needs, a call without the platform's token cannot do.
 */
export function selfKeyOf({ apiV3 }: Pick<Config, 'apiV3'>): string | undefined {
  if (!apiV3) return undefined;
  return createHmac('sha256', apiV3.apiV3Key).update('scf-wechatpay self call').digest('hex');
}
