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
import { ACKNOWLEDGED, unproven } from './acceptNotification.ts';

type Needs = Pick<UseCaseDeps, 'claims' | 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 云支付支付通知: a callback that nobody signed. WeChat is asked where this call can; where it cannot, the
 * secret that only WeChat was told, with every field equal, is proof. All else is a unsigned_notice: it has the
 * order asked about soon, and is not acknowledged, so that it comes again.
 */
export function receivePaymentClaim(
  event: unknown,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  return acceptClaim('payment', event, tools, call, (claim) => confirmPayment(claim, tools, call));
}

async function confirmPayment(
  claim: PaymentClaim,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  const kept = await tools.store.get(claim.outTradeNo);
  if (kept && isOfAnotherLink(kept)) return unproven('claim:link', call);
  if (kept && isKnown(kept, claim.evidence?.transactionId)) return ACKNOWLEDGED;
  const order = kept?.kind === 'order' ? kept : undefined;
  const proof = await proofOf(claim, order, tools, call);
  if (proof) {
    await applyEvidence(proof, tools, call, kept);
    return ACKNOWLEDGED;
  }
  // Asked about at once, by whoever can.
  const { store, clock } = tools;
  if (order) await changeOrder(store, order.outTradeNo, (now) => checkNow(now, clock.now()), order);
  return unproven('claim:unconfirmed', call);
}

/** An order is believed through its own link alone; what came with a signature needs no claim. */
function isOfAnotherLink(kept: OrderDocument): boolean {
  return kept.kind === 'order' && kept.link !== 'cloudPay';
}

/** A repeat of what is settled already. */
function isKnown(kept: OrderDocument, transactionId: string | undefined): boolean {
  if (kept.kind === 'orphan') return kept.receipt.transactionId === transactionId;
  return kept.status.state === 'paid' && kept.status.receipt.transactionId === transactionId;
}

/** What WeChat says when it is asked, or the claim itself where it cannot be asked and has the secret. */
async function proofOf(
  claim: PaymentClaim,
  order: Order | undefined,
  tools: Needs,
  call: Invocation,
): Promise<PaidEvidence | undefined> {
  const { outTradeNo } = claim;
  const asked = order ?? { outTradeNo, mchid: tools.settings.merchant.mchid };
  try {
    const gateway = tools.gatewayOf('cloudPay');
    const said = await retryUnchanged((ms) => gateway.queryOrder(asked, ms), tools.clock, call);
    return said.kind === 'paid' ? said : undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return order && tools.claims.hasProof(order, claim) ? claim.evidence : undefined;
  }
}
