import { createHash } from 'node:crypto';

/** The openids that this WeChat gives payers at another app begin so; real ones show nothing. */
const AT_PROVIDER = 'oAtSp';

/** Makes the payer's openid at the provider's own app, 28 characters; the mini program's is another. */
export function providerOpenid(openid: string): string {
  const hash = createHash('sha256').update(openid).digest('base64url').slice(0, 23);
  return `${AT_PROVIDER}${hash}`;
}

/** Tells whether an openid belongs to another app than the mini program: nobody can pay with it there. */
export function isForeignOpenid(openid: string): boolean {
  return openid.startsWith(AT_PROVIDER);
}
