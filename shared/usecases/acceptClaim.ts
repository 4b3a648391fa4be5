import type { NotificationAnswer } from '../contract/notification.ts';
import type { Claim } from '../ports/claim.ts';
import { failedWith, storeFailed } from './acceptNotification.ts';
import type { Call, Tools } from './tools.ts';

type Kind = Exclude<Claim['is'], 'refused'>;

/**
 * What every callback of cloud pay (云支付) does: reads what nobody signed and lets `judge` find out what it
 * is worth; one of another kind, or that is not as agreed, is refused. A failure of the store is answered
 * so that WeChat sends it again.
 */
export async function acceptClaim<K extends Kind>(
  kind: K,
  event: unknown,
  { claims }: Pick<Tools, 'claims'>,
  call: Call,
  judge: (claim: Extract<Claim, { is: K }>) => Promise<NotificationAnswer>,
): Promise<NotificationAnswer> {
  const claim = claims.read(event);
  if (claim.is !== kind) {
    const reason = claim.is === 'refused' ? claim.reason : `claim:${claim.is}`;
    call.log.add({ level: 'warn', refused: reason });
    return { status: 400, code: 'FAIL', message: reason };
  }
  const wanted = claim as Extract<Claim, { is: K }>;
  call.log.add({ outTradeNo: wanted.evidence.outTradeNo });
  try {
    return await judge(wanted);
  } catch (error) {
    return storeFailed(error, call);
  }
}

/** Not acknowledged, so that it comes again; nothing but the time of the next question has changed. */
export function unproven(reason: string, { log }: Call): NotificationAnswer {
  log.add({ level: 'warn', refused: reason });
  return failedWith(reason);
}
