import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import type { PaidEvidence } from '../../domain/order/evidence.ts';
import { checkNow } from '../../domain/order/nextCheck.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { PaymentClaim } from '../../ports/unverifiedClaim.ts';
import { applyEvidence } from '../order/applyEvidence.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { acceptClaim } from './acceptClaim.ts';
import { ACKNOWLEDGED, refuseUnconfirmed } from './acceptNotification.ts';

type Deps = Pick<UseCaseDeps, 'claims' | 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 云支付支付通知: a callback that nobody signed. WeChat is asked where this call can; where it cannot, the
 * secret that only WeChat was told, with every field equal, is proof. All else is a claim that nothing
 * confirms: it has the order checked at once, and is not acknowledged, so that it comes again.
 */
export function receivePaymentClaim(
  event: unknown,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const confirm = (claim: PaymentClaim) => confirmPayment(claim, deps, invocation);
  return acceptClaim(event, { kind: 'payment', confirm }, deps, invocation);
}

async function confirmPayment(
  claim: PaymentClaim,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const kept = await deps.store.get(claim.outTradeNo);
  if (kept && isOfAnotherLink(kept)) return refuseUnconfirmed('claim:link', invocation);
  if (kept && isKnown(kept, claim.evidence?.transactionId)) return ACKNOWLEDGED;
  const order = kept?.kind === 'order' ? kept : undefined;
  const proof = await proofOf(claim, order, deps, invocation);
  if (proof) {
    await applyEvidence(proof, deps, invocation, kept);
    return ACKNOWLEDGED;
  }
  // Asked about at once, by whoever can.
  if (order) await changeOrder(deps, order.outTradeNo, checkNow, order);
  return refuseUnconfirmed('claim:unconfirmed', invocation);
}

/** An order is believed through its own link alone; what came with a signature needs no claim. */
function isOfAnotherLink(kept: OrderDocument): boolean {
  return kept.kind === 'order' && kept.link !== 'cloudPay';
}

/** Tells a repeat of what is applied already. */
function isKnown(kept: OrderDocument, transactionId: string | undefined): boolean {
  if (kept.kind === 'orphan') return kept.receipt.transactionId === transactionId;
  return kept.status.state === 'paid' && kept.status.receipt.transactionId === transactionId;
}

/** Finds proof: WeChat's answer to a query, or the claim itself where none can be asked and it has the secret. */
async function proofOf(
  claim: PaymentClaim,
  order: Order | undefined,
  deps: Deps,
  invocation: Invocation,
): Promise<PaidEvidence | undefined> {
  const { outTradeNo } = claim;
  const asked = order ?? { outTradeNo, mchid: deps.settings.merchant.mchid };
  try {
    const gateway = deps.gatewayOf('cloudPay');
    const result = await retryUnchanged(gateway.queryOrder, [asked], deps, invocation);
    return result.kind === 'paid' ? result : undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return order && deps.claims.hasProof(order, claim) ? claim.evidence : undefined;
  }
}
