import type { KeyRing, Merchant } from './keys/keyRing.ts';
import type { Platform } from './keys/platformKeys.ts';

/** The settings of a merchant: its own keys or its provider's, and WeChat's in both modes. */
export interface MerchantFacts extends Platform {
  /** 服务商, where the keys are its own. */
  provider?: { mchid: string; appid: string };
  mchid: string;
  appid: string;
  apiV3Key: string;
  apiV2Key: string;
  serialNo: string;
  privateKeyPem: string;
}

/** Collects what a merchant configures. */
export function merchantFacts(
  { platform }: KeyRing,
  { mchid, apiV3Key, apiV2Key, certificates }: Merchant,
  appid: string,
): MerchantFacts {
  const current = certificates.at(-1);
  return {
    ...platform(),
    mchid,
    appid,
    apiV3Key,
    apiV2Key,
    serialNo: current?.serialNo ?? '',
    privateKeyPem: current?.privateKeyPem ?? '',
  };
}
