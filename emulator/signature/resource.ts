import { open } from '../../shared/gateway/apiV3/crypto/aead.ts';
import { readNotification } from '../../shared/gateway/apiV3/wire/order.ts';
import { Malformed } from '../../shared/gateway/read.ts';
import type { Finding, Question } from './question.ts';

/** Finds whose notification it is, and whether the APIv3 key opens it, once its signature is right. */
export function resourceFinding({ signed, keys, others }: Question): Finding {
  const sealed = sealedIn(signed.body);
  if (!sealed) return {};
  const resource = open(sealed, Buffer.from(keys.apiV3Key))?.toString();
  if (resource !== undefined) return { resource, ...ownerFinding(resource, keys.mchid) };
  const owner = others.find(({ apiV3Key }) => open(sealed, Buffer.from(apiV3Key)));
  if (owner) return { cause: 'other_merchant', where: owner.mchid };
  return { cause: 'api_v3_key', where: 'WXPAY_API_V3_KEY' };
}

function sealedIn(body: Uint8Array) {
  try {
    return readNotification(body).sealed;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Compares the merchant that a resource names; a provider's names its sub-merchant. */
function ownerFinding(resource: string, mchid: string): Finding {
  const named = /"(?:sub_)?mchid"\s*:\s*"(\d+)"/.exec(resource)?.[1];
  return named === undefined || named === mchid ? {} : { cause: 'other_merchant', where: named };
}
