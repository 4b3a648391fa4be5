import { RefusalError } from '../errors.ts';
import { textIn } from '../wire/fields.ts';
import type { MerchantMode } from '../wire/merchantMode.ts';
import type { OperationRequest } from '../wire/operation.ts';
import type { Owner } from '../wire/owner.ts';
import type { KeyRing } from './keyRing.ts';

/**
 * Finds whose order a request is about; the number that signs must be named, and be the signer's.
 */
export function orderOwner(mode: MerchantMode, request: OperationRequest, keys: KeyRing): Owner {
  const signer = numberNamed(request, mode.signer);
  if (!signer) throw new RefusalError('PARAM_ERROR', `缺少${mode.signer}`);
  if (signer !== request.mchid) throw new RefusalError('SIGN_ERROR', '商户号与签名的商户号不一致');
  return mode.kind === 'direct' ? { mchid: signer } : subMerchantOf(request, keys);
}

/**
 * Finds whose refund or bill is asked for, where one path serves both modes: a provider names its
 * sub-merchant.
 */
export function refundOrBillOwner(request: OperationRequest, keys: KeyRing): Owner {
  if (keys.isProvider(request.mchid)) return subMerchantOf(request, keys);
  if (numberNamed(request, 'sub_mchid'))
    throw new RefusalError('PARAM_ERROR', '非服务商不能传入sub_mchid');
  return { mchid: request.mchid };
}

function subMerchantOf(request: OperationRequest, keys: KeyRing): Owner {
  const spMchid = request.mchid;
  const mchid = numberNamed(request, 'sub_mchid');
  if (!mchid) throw new RefusalError('PARAM_ERROR', '受理机构必须传入sub_mchid');
  if (!keys.isSubMerchant(spMchid, mchid))
    throw new RefusalError('NO_AUTH', '特约子商户商户号未授权服务商的产品权限');
  return { mchid, spMchid };
}

function numberNamed({ url, body }: OperationRequest, name: string): string | undefined {
  return url.searchParams.get(name) ?? textIn(body, name);
}
