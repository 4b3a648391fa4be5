import type { CloudBase } from '@cloudbase/node-sdk';
import { createClaimParser } from '../../gateway/cloudPay/claims.ts';
import { createCloudPay } from '../../gateway/cloudPay/client.ts';
import type { CallWatch, Gateway } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { ClaimParser } from '../../ports/unverifiedClaim.ts';
import type { Config } from '../config.ts';
import { hasPayToken } from '../invocation/caller.ts';
import type { FunctionInvocation } from '../invocation/invocation.ts';

/**
 * Makes the private link of the platform, for one call. The call's own context shows whether it has a
 * token; the SDK then sends the one that the platform put into `process.env` for that call.
 */
export function wireCloudPay(
  { mchid }: Pick<Config, 'mchid'>,
  envId: string,
  randomBytes: RandomBytes,
): (invocation: FunctionInvocation, watch: CallWatch) => Gateway {
  return ({ variables }, watch) =>
    createCloudPay({ send, hasToken: hasPayToken(variables), envId, mchid, randomBytes, watch });
}

/** Makes the parser of cloud pay's callbacks. */
export const wireClaims = (): ClaimParser => createClaimParser();

/** The SDK, loaded at the first call: a function without database pays for it only on this link. */
let loading: Promise<CloudBase> | undefined;

async function load(): Promise<CloudBase> {
  const { default: cloudbase } = await import('@cloudbase/node-sdk');
  return cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
}

async function send(apiName: string, requestData: Buffer, timeout: number): Promise<unknown> {
  loading ??= load();
  const app = await loading;
  return app.callWxPayApi({ apiName, requestData }, { timeout });
}
