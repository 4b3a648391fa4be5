import { Refusal } from '../errors.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import { textIn } from './fields.ts';

/** Whose orders and refunds are: a merchant's (直连商户), or a sub-merchant's (特约商户) under its provider. */
export interface Owner {
  mchid: string;
  spMchid?: string;
}

/** A request, and the number that signed it. */
type Signed = { mchid: string; url: URL; body: string };

/** How the orders of a form are asked for: where, and under which names. */
export interface Form {
  transactions: string;
  /** The number that signs. */
  signer: 'mchid' | 'sp_mchid';
  mchid: 'mchid' | 'sub_mchid';
  appid: 'appid' | 'sub_appid';
  openid: 'openid' | 'sub_openid';
}

/** The merchant's own form, and its provider's. Sources: D4012791856; `partner-jsapi-payment`. */
export const forms: readonly Form[] = [
  {
    transactions: '/v3/pay/transactions',
    ...{ signer: 'mchid', mchid: 'mchid', appid: 'appid', openid: 'openid' },
  },
  {
    transactions: '/v3/pay/partner/transactions',
    ...{ signer: 'sp_mchid', mchid: 'sub_mchid', appid: 'sub_appid', openid: 'sub_openid' },
  },
];

/** Whose order a request of a form is about; the number that signs must be named, and be the signer's. */
export function ownerIn(form: Form, asked: Signed, keys: KeyRing): Owner {
  const signer = named(asked, form.signer);
  if (!signer) throw new Refusal('PARAM_ERROR', `缺少${form.signer}`);
  if (signer !== asked.mchid) throw new Refusal('SIGN_ERROR', '商户号与签名的商户号不一致');
  return form.mchid === form.signer ? { mchid: signer } : subMerchantIn(asked, keys);
}

/** Whose refund or bill is asked for, where both forms have one path: a provider names its sub-merchant. */
export function sharedOwner(asked: Signed, keys: KeyRing): Owner {
  if (keys.isProvider(asked.mchid)) return subMerchantIn(asked, keys);
  if (named(asked, 'sub_mchid')) throw new Refusal('PARAM_ERROR', '非服务商不能传入sub_mchid');
  return { mchid: asked.mchid };
}

function subMerchantIn(asked: Signed, keys: KeyRing): Owner {
  const [spMchid, mchid] = [asked.mchid, named(asked, 'sub_mchid')];
  if (!mchid) throw new Refusal('PARAM_ERROR', '受理机构必须传入sub_mchid');
  if (!keys.isSubMerchant(spMchid, mchid))
    throw new Refusal('NO_AUTH', '特约子商户商户号未授权服务商的产品权限');
  return { mchid, spMchid };
}

function named({ url, body }: Signed, name: string): string | undefined {
  return url.searchParams.get(name) ?? textIn(body, name);
}

/** Only what is the owner's: what was placed in one form does not exist in the other. */
export function own<T extends Owner>(found: T | undefined, { spMchid }: Owner): T | undefined {
  return found?.spMchid === spMchid ? found : undefined;
}

/** The owner of something, without the rest of it. */
export function ownerOf({ mchid, spMchid }: Owner): Owner {
  return spMchid === undefined ? { mchid } : { mchid, spMchid };
}
