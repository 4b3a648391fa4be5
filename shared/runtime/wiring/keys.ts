import { createKeys, type Keys } from '../../gateway/apiV3/keys/keys.ts';
import type { ApiV3Config, Config } from '../config.ts';

/** Makes the keys of the configuration: the merchant's, or its provider's. */
export function wireKeys({ mchid }: Pick<Config, 'mchid'>, direct: ApiV3Config): Keys {
  const { serialNo, privateKey, next, apiV3Key, publicKey, platformCert } = direct;
  return createKeys({
    mchid: direct.provider?.mchid ?? mchid,
    serialNo,
    privateKey,
    apiV3Key,
    downloads: true,
    ...(next === undefined ? {} : { next }),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(platformCert === undefined ? {} : { certificates: [platformCert] }),
  });
}
