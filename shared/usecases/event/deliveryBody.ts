import {
  type DeliveredRefund,
  type DeliveryBody,
  type DeliveryData,
  PAYLOAD_VERSION,
} from '../../contract/event/delivery.ts';
import type { OrderEvent } from '../../domain/order/event.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import {
  isCounted,
  type Refund,
  refundIdOf,
  refundedFee as sumOf,
} from '../../domain/order/refund.ts';
import { ownRefunds, paidFeeOf } from '../../domain/refund/refundedPayment.ts';

/** Makes the body of a delivery: the event, and its order as it stands now. */
export function deliveryBodyOf(document: OrderDocument, event: OrderEvent): DeliveryBody {
  const { outTradeNo, mchid, openid, appid, totalFee } = document;
  const data: DeliveryData = {
    payloadVersion: PAYLOAD_VERSION,
    eventId: event.id,
    seq: event.seq,
    outTradeNo,
    mchid,
    state: document.kind === 'order' ? document.status.state : 'orphan',
    ...(document.kind === 'order' ? termsOf(document) : {}),
    ...paymentOf(document),
    ...refundsOf(document),
  };
  if (document.traceId !== undefined) data.traceId = document.traceId;
  if (openid !== undefined) data.openid = openid;
  if (appid !== undefined) data.appid = appid;
  if (totalFee !== undefined) data.totalFee = totalFee;
  if (event.about !== undefined) data.about = event.about;
  const refund = refundOf(document, event);
  if (refund) data.refund = refund;
  return { type: event.type, timestamp: event.at.toISOString(), data };
}

function termsOf(order: Order): Partial<DeliveryData> {
  const { link, body, attach, purchaseId, totalFee } = order;
  const paidFee = paidFeeOf(order);
  return {
    link,
    body,
    ...(paidFee === totalFee ? {} : { paidFee }),
    ...(attach === undefined || attach === '' ? {} : { attach }),
    ...(purchaseId === undefined ? {} : { purchaseId }),
  };
}

/** Finds who paid what: of a payment that differs its number, for that is what has to be decided about. */
function paymentOf(document: OrderDocument): Partial<DeliveryData> {
  const receipt =
    document.kind === 'orphan'
      ? document.receipt
      : document.status.state === 'paid' && document.status.receipt;
  if (receipt) {
    return { transactionId: receipt.transactionId, paidAt: receipt.paidAt.toISOString() };
  }
  const quarantine = document.kind === 'order' ? document.quarantine : undefined;
  return quarantine ? { transactionId: quarantine.transactionId } : {};
}

function refundsOf(document: OrderDocument): Partial<DeliveryData> {
  // What was not sent yet may never be taken; what is of a second payment leaves this one as it is.
  const taken = ownRefunds(document).filter((each) => isCounted(each) && refundIdOf(each.status));
  const refundedFee = sumOf(taken);
  return {
    ...(refundedFee === 0 ? {} : { refundedFee }),
    ...(document.refundedExternallyAt ? { refundedExternally: true } : {}),
  };
}

/** Finds the refund that an event is about: its number is the first word. */
function refundOf({ refunds }: OrderDocument, event: OrderEvent): DeliveredRefund | undefined {
  if (!event.type.startsWith('refund.')) return undefined;
  const [outRefundNo] = (event.about ?? '').split(' ');
  const found = refunds?.find((each) => each.outRefundNo === outRefundNo);
  return found && deliveredRefund(found);
}

function deliveredRefund({ outRefundNo, refundFee, status }: Refund): DeliveredRefund {
  const refundId = refundIdOf(status);
  const known = { outRefundNo, refundFee, status: status.state };
  return refundId === undefined ? known : { ...known, refundId };
}
