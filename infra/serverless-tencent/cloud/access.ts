import { Agent } from 'node:http';
import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';

/** The account and the region whose cloud is called. */
export interface Access {
  secretId: string;
  secretKey: string;
  /** The token of temporary credentials. */
  token?: string;
  region: string;
  /** Another Tencent Cloud: the local one. Only http on the loopback address. */
  endpoint?: URL;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Credentials are missing or cannot be used; the message says where to get them. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code = 'ACCESS';
}

/**
 * Reads the credentials of this shell: `TENCENTCLOUD_SECRET_ID`, `…_SECRET_KEY`, `…_SESSION_TOKEN`.
 */
export function readAccess(env: Environment, region: string): Access {
  const secretId = env.TENCENTCLOUD_SECRET_ID || env.TENCENT_SECRET_ID;
  const secretKey = env.TENCENTCLOUD_SECRET_KEY || env.TENCENT_SECRET_KEY;
  const token = env.TENCENTCLOUD_SESSION_TOKEN || env.TENCENT_TOKEN;
  if (!secretId || !secretKey) {
    throw new AccessError(
      '未设置密钥：设置 TENCENTCLOUD_SECRET_ID 与 TENCENTCLOUD_SECRET_KEY（可写入 .env），' +
        '见控制台「访问管理-API 密钥管理」 (set both, in the shell or in .env)',
    );
  }
  if (secretKey.startsWith('AKID')) {
    throw new AccessError(
      'TENCENTCLOUD_SECRET_KEY 填的是 SecretId，两者可能填反了 (this is a SecretId: both may be in each other’s place)，见控制台「访问管理-API 密钥管理」',
    );
  }
  const endpoint = env.TENCENTCLOUD_ENDPOINT;
  return {
    secretId,
    secretKey,
    region,
    ...(token ? { token } : {}),
    ...(endpoint ? { endpoint: loopbackUrl(endpoint) } : {}),
  };
}

/** Refuses any other address: a variable must not send the key pair to a stranger. */
function loopbackUrl(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const { protocol, hostname = '', host = '' } = url ?? {};
  if (url && protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    return url;
  }
  throw new AccessError(
    `TENCENTCLOUD_ENDPOINT=${host}: 仅用于本地云，形如 http://127.0.0.1:7100 (for the local cloud, on the loopback address, alone)`,
  );
}

/**
 * Makes the SDK's configuration: it signs a host without its port, and names the service by the
 * host.
 */
export function clientConfig(access: Access, service: string, timeoutS: number): ClientConfig {
  const { secretId, secretKey, token, region, endpoint } = access;
  const local = endpoint && {
    protocol: 'http://',
    endpoint: `${service}.tencentcloudapi.com:${endpoint.port || 80}`,
    agent: agentTo(endpoint),
  };
  return {
    credential: { secretId, secretKey, ...(token ? { token } : {}) },
    region,
    profile: { httpProfile: { reqTimeout: timeoutS, ...local } },
  } as ClientConfig;
}

/** Connects to the endpoint whatever name is asked for, so that no name is ever looked up. */
export function agentTo(endpoint: URL): Agent {
  const address = endpoint.hostname === '[::1]' ? '::1' : '127.0.0.1';
  const family = address === '::1' ? 6 : 4;
  return new Agent({
    keepAlive: true,
    lookup: (_name, options, found) =>
      options.all ? found(null, [{ address, family }]) : found(null, address, family),
  });
}
