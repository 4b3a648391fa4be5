import { failure, malformedAnswer } from '../failure.ts';
import { describeRejection, isPublicKeyId, type RejectReason } from './crypto/verify.ts';
import { KeyError } from './keys/keyError.ts';
import type { PlatformKeys } from './platformKeys.ts';
import { type ApiCall, type SigningContext, send } from './request.ts';
import { verifySigned } from './verifySigned.ts';
import { requestIdOf } from './wire/errors.ts';
import type { MerchantIds, MerchantMode } from './wire/merchantMode.ts';

/** Holds what a call needs of the world and the configuration. */
export interface ApiV3Context extends SigningContext {
  platformKeys: PlatformKeys;
  /** `https://api.mch.weixin.qq.com`, or where a local WeChat Pay listens. */
  apiUrl: string;
  /** The merchant that is configured: calls concern its orders only. */
  merchantIds: MerchantIds;
  mode: MerchantMode;
}

/**
 * Makes one call and accepts its answer only if it has the status that means success and is signed by
 * WeChat Pay. Everything else throws a {@link GatewayError}.
 */
export async function callApi(
  context: ApiV3Context,
  call: ApiCall,
  success: number,
): Promise<Buffer> {
  const { now, platformKeys, watch } = context;
  const endsAtMs = now().getTime() + call.timeoutMs;
  const leftMs = () => Math.max(1, Math.min(call.timeoutMs, endsAtMs - now().getTime()));
  await platformKeys.prepare(call.timeoutMs, watch);
  const answer = await send(context, { ...call, timeoutMs: leftMs() });
  const lookup = { asker: 'answer', timeoutMs: leftMs(), watch } as const;
  const { rejectReason, lookupError } = await verifySigned(answer, platformKeys, now(), lookup);
  const requestId = requestIdOf(answer);
  if (rejectReason) {
    const cause = lookupError ?? causeOf(rejectReason, answer.headers['wechatpay-serial']);
    const described = describeRejection(rejectReason, answer);
    const found = cause ? `${described}; ${cause.message}` : described;
    throw failure('ANSWER_UNVERIFIED', 'query_first', { found, requestId, cause });
  }
  if (answer.status !== success) throw malformedAnswer(`HTTP ${answer.status}`, requestId);
  return answer.body;
}

/** Finds the setting of ours that makes WeChat's signature unverifiable, where the answer shows it. */
function causeOf(rejectReason: RejectReason, serial = ''): KeyError | undefined {
  if (rejectReason === 'timestamp_window') return new KeyError('CLOCK_OFF');
  if (rejectReason !== 'serial_unknown' || !isPublicKeyId(serial)) return undefined;
  return new KeyError('PUBLIC_KEY_NOT_CONFIGURED', { found: serial });
}

/** Refuses an order of another merchant number, or of another provider's, before anything is sent. */
export function refuseOtherMerchant(
  { merchantIds: configured }: ApiV3Context,
  order: MerchantIds,
): void {
  if (order.mchid === configured.mchid && order.spMchid === configured.spMchid) return;
  const found = `${numbersOf(order)} ≠ ${numbersOf(configured)}`;
  throw failure('MERCHANT_NOT_CONFIGURED', 'never', { found });
}

function numbersOf({ mchid, spMchid }: MerchantIds): string {
  return spMchid === undefined ? mchid : `${spMchid}/${mchid}`;
}
