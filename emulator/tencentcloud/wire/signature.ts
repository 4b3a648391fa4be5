import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../world/clock.ts';
import { type Credential, isNearNow, signTc3 } from '../../world/tc3.ts';
import type { HttpHeaders, HttpRequest } from '../../world/wire/http.ts';
import { refuse } from '../errors.ts';

const AUTHORIZATION_FORM =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/(\w+)\/tc3_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

interface ClaimedSignature {
  secretId: string;
  date: string;
  service: string;
  signedHeaders: string[];
  signature: string;
  timestamp: string;
}

/**
 * Checks who asks: TC3-HMAC-SHA256 over the raw bytes of the body. Refuses with the words of
 * `AuthFailure` when the form is wrong, the key unknown, the signature another one, its time more
 * than five minutes from both the real and the virtual present, or the token not the key's.
 */
export function verifySignature(
  request: HttpRequest,
  body: Buffer,
  credentialOf: (secretId: string) => Credential | undefined,
  clock: Clock,
): void {
  const claim = readClaimedSignature(request.headers);
  const atMs = Number(claim.timestamp) * 1000;
  if (!isNearNow(atMs, clock)) {
    throw refuse(
      'AuthFailure.SignatureExpire',
      '签名时间与服务器相差超过 5 分钟，请校准时钟 (signed more than 5 minutes from now, set the clock)',
    );
  }
  const credential = credentialOf(claim.secretId);
  if (!credential) {
    throw refuse('AuthFailure.SecretIdNotFound', '密钥不存在 (the SecretId is not known here)');
  }
  const expected = signTc3(claim, canonicalRequest(request, claim, body), credential.secretKey);
  const isScoped = claim.service === serviceOf(request) && claim.date === dayOf(atMs);
  if (!isScoped || !timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'))) {
    throw refuse(
      'AuthFailure.SignatureFailure',
      '签名不一致，请检查密钥与请求体 (the signature does not match: check the key and the body)',
    );
  }
  if (credential.token !== undefined && request.headers.get('x-tc-token') !== credential.token) {
    throw refuse('AuthFailure.TokenFailure', '临时密钥的 token 不符 (the token is not the key’s)');
  }
}

/** Reads the host of a request without its port: that is what the SDK signs. */
export function hostOf(request: HttpRequest): string {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return host.replace(/:\d+$/, '').toLowerCase();
}

/** Reads the service that a request is for, `scf` of `scf.tencentcloudapi.com`. */
export function serviceOf(request: HttpRequest): string {
  return hostOf(request).split('.')[0] ?? '';
}

function readClaimedSignature(headers: HttpHeaders): ClaimedSignature {
  const found = AUTHORIZATION_FORM.exec(headers.get('authorization') ?? '');
  const timestamp = headers.get('x-tc-timestamp') ?? '';
  const [, secretId = '', date = '', service = '', signed = '', signature = ''] = found ?? [];
  const signedHeaders = signed.split(';');
  const coversEnough = ['content-type', 'host'].every((name) => signedHeaders.includes(name));
  if (!found || !coversEnough || !/^\d{1,11}$/.test(timestamp)) {
    throw refuse(
      'AuthFailure.InvalidAuthorization',
      '请求未按 TC3-HMAC-SHA256 签名 (the request is not signed with TC3-HMAC-SHA256)',
    );
  }
  return { secretId, date, service, signedHeaders, signature, timestamp };
}

function canonicalRequest(request: HttpRequest, claim: ClaimedSignature, body: Buffer): string {
  const url = new URL(request.url);
  return [
    request.method,
    url.pathname,
    url.search.slice(1),
    ...claim.signedHeaders.map((name) => `${name}:${headerValue(request, name)}`),
    '',
    claim.signedHeaders.join(';'),
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
}

/** Reads a header as the SDK signs it: a content type may hold a boundary, whose case counts. */
function headerValue(request: HttpRequest, name: string): string {
  if (name === 'host') return hostOf(request);
  const value = (request.headers.get(name) ?? '').trim();
  return name === 'content-type' ? value : value.toLowerCase();
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
