/** Records what was sold and refunded, each once, however often and in whatever order events arrive. */

/**
 * Makes `take` for the listener of events. `fulfil(number, data)` is the work outside of the ledger, such as a
 * message or a parcel: it is done before it is recorded, so that it may come twice, under the same number.
 */
export function shopOf(ledger, { fulfil }) {
  return async (event) => {
    const { type, data } = event;
    if (await ledger.read('events', data.eventId)) return;
    if (type === 'order.paid' || type === 'order.paid_after_close') await sell(data);
    if (type === 'refund.success' && data.refund)
      await ledger.once('refunds', data.refund.outRefundNo, data);
    // Last, so that an event whose work was cut off is worked on again.
    await ledger.once('events', data.eventId, event);
  };

  /** Also where the event comes late: the money may have gone back by then. */
  async function sell(data) {
    const { purchaseId, outTradeNo, totalFee, paidFee = totalFee, refundedFee = 0 } = data;
    if (data.refundedExternally || refundedFee >= paidFee) return;
    const number = purchaseId ?? outTradeNo;
    if (!(await ledger.read('purchases', number))) await fulfil(number, data);
    await ledger.once('purchases', number, { outTradeNo, openid: data.openid, paidFee });
  }
}
