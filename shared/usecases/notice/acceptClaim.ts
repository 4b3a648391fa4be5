import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import type { PaymentClaim, RefundClaim } from '../../ports/unverifiedClaim.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { answerStoreFailure } from './acceptNotification.ts';

/** What a callback takes, by its kind. */
interface Taken {
  payment: PaymentClaim;
  refund: RefundClaim;
}

/**
 * What every callback of cloud pay (云支付) does: reads what nobody signed and lets `judge` find out what it
 * is worth; one of another kind, or that is not as agreed, is refused. A failure of the store is answered
 * so that WeChat sends it again.
 */
export async function acceptClaim<K extends keyof Taken>(
  kind: K,
  event: unknown,
  { claims }: Pick<UseCaseDeps, 'claims'>,
  invocation: Invocation,
  judge: (claim: Taken[K]) => Promise<NotificationAnswer>,
): Promise<NotificationAnswer> {
  const claim = claims.read(event);
  if (claim.kind !== kind) {
    const reason = claim.kind === 'refused' ? claim.reason : `claim:${claim.kind}`;
    invocation.log.add({ level: 'warn', refused: reason });
    return { status: 400, code: 'FAIL', message: reason };
  }
  invocation.log.add({ outTradeNo: claim.outTradeNo });
  try {
    return await judge(claim as Taken[K]);
  } catch (error) {
    const answer = answerStoreFailure(error, invocation);
    if (answer) return answer;
    throw error;
  }
}
