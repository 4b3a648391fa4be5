import { createHmac } from 'node:crypto';

/** A key pair of an account; `token` where it is a temporary one. */
export interface Keys {
  secretId: string;
  secretKey: string;
  token?: string;
}

/** A refusal, with Tencent Cloud's code. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const CLOCK_SKEW_S = 300;

/**
 * Checks signature v1: HMAC-SHA1, or SHA256 where the request says so, over method, host, path and
 * all parameters in the order of their names. Throws a {@link Refusal}. Source: 213/30435.
 */
export function verifySignature(
  where: { method: string; host: string; path: string },
  params: URLSearchParams,
  keys: Keys,
): void {
  const signed = [...params]
    .filter(([key]) => key !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  const algorithm = params.get('SignatureMethod') === 'HmacSHA256' ? 'sha256' : 'sha1';
  const expected = createHmac(algorithm, keys.secretKey)
    .update(`${where.method}${where.host}${where.path}?${signed.join('&')}`)
    .digest('base64');
  const skewS = Math.abs(Date.now() / 1000 - Number(params.get('Timestamp')));
  if (params.get('SecretId') !== keys.secretId) {
    throw new Refusal('AuthFailure.SecretIdNotFound', 'The SecretId is not found.');
  }
  if (params.get('Signature') !== expected) {
    throw new Refusal('AuthFailure.SignatureFailure', 'Please check your signature is correct.');
  }
  if (!(skewS <= CLOCK_SKEW_S)) throw new Refusal('AuthFailure.SignatureExpire', 'Expired.');
  if ((params.get('Token') ?? '') !== (keys.token ?? '')) {
    throw new Refusal('AuthFailure.TokenFailure', 'The token is invalid or has expired.');
  }
}
