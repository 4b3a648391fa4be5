import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../world/clock.ts';
import { type Credential, isNearNow, signTc3 } from '../../world/tc3.ts';
import type { HttpHeaders, HttpRequest } from '../../world/wire/http.ts';
import { refuse } from '../errors.ts';
import type { Body } from './body.ts';

const AUTHORIZATION_FORM =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/tcb\/tc3_request,(?: SignedParams=([^,]*),)? SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** An `Authorization` header of the form above claims this. */
interface ClaimedSignature {
  secretId: string;
  date: string;
  signedParams: string[];
  signedHeaders: string[];
  signature: string;
  timestamp: string;
}

/**
 * Checks who asks: TC3-HMAC-SHA256 in the form of `@cloudbase/signature-nodejs`, which signs the
 * fields by name and value and not the body's bytes. Refuses with SIGN_PARAM_INVALID when the key
 * is unknown, the signature differs, a field is not covered by it, or its time lies more than five
 * minutes from both the real and the virtual present.
 */
export function verifySignature(
  request: HttpRequest,
  body: Body,
  credentialOf: (secretId: string) => Credential | undefined,
  clock: Clock,
): void {
  const claim = readClaimedSignature(request.headers);
  const credential = credentialOf(claim.secretId);
  if (!credential) throw refuse.signature('unknown secretId');
  const values = signableValues(body);
  for (const [name, value] of values) {
    if (value.length > 0 && !claim.signedParams.includes(name)) {
      throw refuse.signature(`${name} is not signed`);
    }
  }
  const canonical = canonicalRequest(request, claim, values);
  const scope = { date: claim.date, service: 'tcb', timestamp: claim.timestamp };
  const expected = signTc3(scope, canonical, credential.secretKey);
  if (!timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'))) {
    throw refuse.signature('signature does not match');
  }
  if (!isNearNow(Number(claim.timestamp) * 1000, clock)) {
    throw refuse.signature('timestamp is too far from now');
  }
  if (
    credential.token !== undefined &&
    values.get('sessiontoken')?.toString() !== credential.token
  ) {
    throw refuse.signature('sessionToken does not belong to secretId');
  }
}

function readClaimedSignature(headers: HttpHeaders): ClaimedSignature {
  const authorization = headers.get('authorization') ?? '';
  if (authorization.startsWith('Bearer ')) throw refuse.signature('there are no access keys here');
  const found = AUTHORIZATION_FORM.exec(authorization);
  const timestamp = headers.get('x-timestamp') ?? '';
  if (!found || !/^\d{1,12}$/.test(timestamp)) throw refuse.signature('no TC3 authorization');
  const [, secretId = '', date = '', params = '', signedHeaders = '', signature = ''] = found;
  if (new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date) {
    throw refuse.signature('date and timestamp differ');
  }
  return {
    secretId,
    date,
    signature,
    timestamp,
    signedParams: params.split(';').filter(Boolean),
    signedHeaders: signedHeaders.split(';'),
  };
}

/** Lists field values as they were signed, under the names they were signed by. */
function signableValues({ fields, multipart }: Body): Map<string, string | Buffer> {
  const values = new Map<string, string | Buffer>();
  for (const [name, value] of fields) {
    const key = percentEncode(name.toLowerCase().trim());
    if (multipart && Buffer.isBuffer(value)) values.set(key, value);
    else values.set(key, (typeof value === 'string' ? value : JSON.stringify(value)).trim());
  }
  return values;
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalRequest(
  request: HttpRequest,
  claim: ClaimedSignature,
  values: Map<string, string | Buffer>,
): string {
  const url = new URL(request.url);
  const host = request.headers.get('host') ?? url.host;
  const headers = claim.signedHeaders.map((name) => `${name}:${headerValue(request, name, host)}`);
  const payload = createHash('sha256');
  for (const name of claim.signedParams) {
    const value = values.get(name);
    if (value === undefined) throw refuse.signature(`${name} is signed but was not sent`);
    // An empty text is signed by its name alone; SDKs up to 2.8 list it, later ones leave it out.
    if (value === '') continue;
    payload.update(`&${name}=`).update(value).update('\r\n');
  }
  return [
    request.method.toLowerCase(),
    `//${host}${url.pathname}`,
    url.search.slice(1),
    ...headers,
    '',
    claim.signedHeaders.join(';'),
    payload.digest('hex'),
  ].join('\n');
}

function headerValue(request: HttpRequest, name: string, host: string): string {
  if (name === 'host') return host.toLowerCase();
  const value = request.headers.get(name) ?? '';
  if (name !== 'content-type') return value.trim().toLowerCase();
  return value.startsWith('multipart/form-data') ? 'multipart/form-data' : value;
}
