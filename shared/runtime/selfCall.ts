/**
 * Calls of our functions by themselves: signed with a key that only they can make, so that nobody else can
 * pass for one.
 */
import { createHmac } from 'node:crypto';
import type { FunctionName } from '../contract/callers.ts';
import type { Config } from './config.ts';
import type { OwnCalls } from './invocation/steps.ts';

/**
 * Makes the key of calls by the function itself, from the APIv3 key that its instances share; undefined
 * where there is none: what cloud pay needs, a call without the platform's token cannot do.
 */
export function selfKeyOf({ apiV3 }: Pick<Config, 'apiV3'>): string | undefined {
  if (!apiV3) return undefined;
  return createHmac('sha256', apiV3.apiV3Key).update('scf-wechatpay self call').digest('hex');
}

/**
 * Makes the keys of calls that start deliveries, from those that sign the deliveries themselves, the newest
 * first: whoever else has them can start no more than what is due anyway.
 */
export function startKeysOf({ merchant }: Pick<Config, 'merchant'>): string[] {
  return merchant.eventsKeys.map((key) =>
    createHmac('sha256', key).update('scf-wechatpay start of deliveries').digest('hex'),
  );
}

/** Says whose calls are our own, by which keys: another function's to deliverEvents, else the function's. */
export function ownCallsOf(name: FunctionName, config: Config): OwnCalls {
  if (name === 'deliverEvents') return { kind: 'backend', keys: startKeysOf(config) };
  const key = selfKeyOf(config);
  return { kind: 'self', keys: key === undefined ? [] : [key] };
}
