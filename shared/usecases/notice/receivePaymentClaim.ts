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
import { orderFields } from '../step/trace.ts';
import { acceptClaim } from './acceptClaim.ts';
import { ACKNOWLEDGED, refuseUnconfirmed } from './acceptNotification.ts';

type Deps = Pick<UseCaseDeps, 'claims' | 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 云支付支付通知: receives an unsigned callback. WeChat is queried where this call can; where it cannot, the
 * secret that only WeChat was given, with every field equal, is proof. Nothing confirms any other claim:
 * the order is checked at once, and the callback not acknowledged, so that it comes again.
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
  const stored = await deps.store.get(claim.outTradeNo);
  if (stored) invocation.log.add(orderFields(stored));
  if (stored && isOfAnotherLink(stored)) return refuseUnconfirmed('claim:link', invocation);
  if (stored && isKnown(stored, claim.evidence?.transactionId)) return ACKNOWLEDGED;
  const order = stored?.kind === 'order' ? stored : undefined;
  const proof = await proofOf(claim, order, deps, invocation);
  if (proof) {
    await applyEvidence(proof, deps, invocation, stored);
    return ACKNOWLEDGED;
  }
  // The next call or timer that can query WeChat does it at once.
  if (order) await changeOrder(order, checkNow, deps, invocation);
  return refuseUnconfirmed('claim:unconfirmed', invocation);
}

/** Tells whether an order was placed through another link, whose signed notifications alone count for it. */
function isOfAnotherLink(stored: OrderDocument): boolean {
  return stored.kind === 'order' && stored.link !== 'cloudPay';
}

/** Tells whether a claim repeats a payment that is applied already. */
function isKnown(stored: OrderDocument, transactionId: string | undefined): boolean {
  if (stored.kind === 'orphan') return stored.receipt.transactionId === transactionId;
  return stored.status.state === 'paid' && stored.status.receipt.transactionId === transactionId;
}

/** Finds proof: WeChat's answer to a query, or, where none can be sent, the claim itself if it has the secret. */
async function proofOf(
  claim: PaymentClaim,
  order: Order | undefined,
  deps: Deps,
  invocation: Invocation,
): Promise<PaidEvidence | undefined> {
  const { outTradeNo } = claim;
  const ids = order ?? { outTradeNo, mchid: deps.settings.merchant.mchid };
  try {
    const gateway = deps.gatewayOf('cloudPay');
    const result = await retryUnchanged(gateway.queryOrder, [ids], deps, invocation);
    return result.kind === 'paid' ? result : undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return order && deps.claims.hasProof(order, claim) ? claim.evidence : undefined;
  }
}
