import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import type { PaymentClaim, RefundClaim } from '../../ports/unverifiedClaim.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { answerStoreFailure } from './acceptNotification.ts';

/** The claims that callbacks accept, by their kind. */
interface Taken {
  payment: PaymentClaim;
  refund: RefundClaim;
}

/** The kind of claim that a callback accepts, and how it confirms one. */
interface ClaimKind<K extends keyof Taken> {
  kind: K;
  confirm(claim: Taken[K]): Promise<NotificationAnswer>;
}

/**
 * Serves every callback of cloud pay (云支付): reads the unsigned claim and lets `confirm` check it; one of
 * another kind, or malformed, is refused. A failure of the store is answered so that WeChat sends it again.
 */
export async function acceptClaim<K extends keyof Taken>(
  event: unknown,
  { kind, confirm }: ClaimKind<K>,
  { claims }: Pick<UseCaseDeps, 'claims'>,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const claim = claims.read(event);
  if (claim.kind !== kind) {
    const reason = claim.kind === 'refused' ? claim.reason : `claim:${claim.kind}`;
    invocation.log.add({ level: 'warn', refused: reason });
    return { status: 400, code: 'FAIL', message: reason };
  }
  invocation.log.add({ outTradeNo: claim.outTradeNo });
  try {
    return await confirm(claim as Taken[K]);
  } catch (error) {
    const answer = answerStoreFailure(error, invocation);
    if (answer) return answer;
    throw error;
  }
}
