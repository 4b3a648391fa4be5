import { failure, malformedAnswer } from '../failure.ts';
import { KeyError } from './keys/keyError.ts';
import { judge, type PlatformKeys } from './platformKeys.ts';
import { type ApiCall, ask, type SigningContext } from './send.ts';
import { requestIdOf } from './wire/errors.ts';
import type { MerchantIds, MerchantMode } from './wire/merchantMode.ts';

/** What a call needs of the world and the configuration. */
export interface ApiV3Context extends SigningContext {
  platformKeys: PlatformKeys;
  /** `https://api.mch.weixin.qq.com`, or where a local WeChat Pay listens. */
  apiUrl: string;
  /** The merchant that is configured: only its orders are spoken of. */
  merchantIds: MerchantIds;
  mode: MerchantMode;
}

/**
 * Makes one call and believes its answer only if it has the status that means success and is signed
 * by WeChat Pay. Everything else throws a {@link GatewayError}.
 */
export async function call(link: ApiV3Context, asked: ApiCall, success: number): Promise<Buffer> {
  const endsAtMs = link.now().getTime() + asked.timeoutMs;
  const leftMs = () => Math.max(1, Math.min(asked.timeoutMs, endsAtMs - link.now().getTime()));
  await link.platformKeys.prepare(asked.timeoutMs);
  const answer = await ask(link, { ...asked, timeoutMs: leftMs() });
  const from = { asker: 'answer', timeoutMs: leftMs() } as const;
  const { flaw, trouble } = await judge(answer, link.platformKeys, link.now(), from);
  if (flaw) {
    const cause = trouble ?? (flaw === 'timestamp_window' ? new KeyError('CLOCK_OFF') : undefined);
    const found = cause ? `${flaw}; ${cause.message}` : flaw;
    const requestId = requestIdOf(answer);
    throw failure('ANSWER_UNVERIFIED', 'query_first', { found, requestId, cause });
  }
  if (answer.status !== success)
    throw malformedAnswer(`HTTP ${answer.status}`, requestIdOf(answer));
  return answer.body;
}

/** Refuses an order of another merchant number, or of another provider's, before anything is sent. */
export function refuseOtherMerchant(
  { merchantIds: whose }: ApiV3Context,
  order: MerchantIds,
): void {
  if (order.mchid === whose.mchid && order.spMchid === whose.spMchid) return;
  const found = `${numbersOf(order)} ≠ ${numbersOf(whose)}`;
  throw failure('MERCHANT_NOT_CONFIGURED', 'never', { found });
}

function numbersOf({ mchid, spMchid }: MerchantIds): string {
  return spMchid === undefined ? mchid : `${spMchid}/${mchid}`;
}
