import { createKeys, type Keys } from '../gateway/apiV3/keys.ts';
import type { Config } from './config.ts';

/** The merchant's keys as the configuration holds them. */
export function wireKeys(config: Config): Keys {
  const { mchid, serialNo, privateKey, next, apiV3Key, publicKey, platformCert } = config;
  return createKeys({
    mchid,
    serialNo,
    privateKey,
    apiV3Key,
    downloads: true,
    ...(next === undefined ? {} : { next }),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(platformCert === undefined ? {} : { certificates: [platformCert] }),
  });
}
