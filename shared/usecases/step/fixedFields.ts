import type { Refusal } from '../../contract/answer.ts';
import { openidOf } from '../../contract/callers.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Settings } from '../../ports/settings.ts';
import type { Invocation } from './deps.ts';

/** Fields that code written for CloudPay sends, and that our configuration or the caller decides. */
interface FixedFields {
  functionName?: string | undefined;
  envId?: string | undefined;
  subMchId?: string | undefined;
  subAppid?: string | undefined;
  openid?: string | undefined;
  subOpenid?: string | undefined;
  tradeType?: string | undefined;
  feeType?: string | undefined;
}

/**
 * Refuses by name a field that differs from the configuration or the caller's identity.
 * `functionName` is the callback whose address WeChat gets.
 */
export function refuseFixedField(
  sent: FixedFields,
  { merchant, envId }: Settings,
  { caller }: Invocation,
  functionName = 'payCallback',
): Refusal | undefined {
  const openid = openidOf(caller);
  const applied: Required<FixedFields> = {
    functionName,
    envId,
    subMchId: merchant.mchid,
    subAppid: merchant.appid,
    openid,
    subOpenid: openid,
    tradeType: 'JSAPI',
    feeType: 'CNY',
  };
  const field = (Object.keys(applied) as (keyof FixedFields)[]).find(
    (key) => sent[key] !== undefined && applied[key] !== undefined && sent[key] !== applied[key],
  );
  if (field === undefined) return undefined;
  const why =
    '此字段由配置决定，与之不同 (the configuration decides this field and says otherwise)';
  return refuse('PARAM_ERROR', { field, why });
}
