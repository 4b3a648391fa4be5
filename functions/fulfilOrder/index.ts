import cloudbase from '@cloudbase/node-sdk';
import { once, onDelivery } from '../../shared/merchant/merchant.ts';

const purchases = cloudbase
  .init({ env: cloudbase.SYMBOL_CURRENT_ENV })
  .database()
  .collection('purchases');

/**
 * 履约（样例，改成你自己的）: marks a purchase as fulfilled, exactly once, in the merchant's own collection `purchases`.
 * The document is the fulfilment: an event that comes twice finds it there.
 */
export const main = onDelivery(async ({ type, data }) => {
  const { outTradeNo, purchaseId = outTradeNo, totalFee = 0, refundedFee = 0 } = data;
  const { paidFee = totalFee } = data;
  switch (type) {
    case 'order.paid':
    case 'order.paid_after_close': {
      // An event that arrives late may be of a payment that was refunded since.
      if (data.refundedExternally || refundedFee >= paidFee) return;
      const { openid, body, attach } = data;
      const purchase = { outTradeNo, openid, body, totalFee, paidFee, refundedFee, attach };
      await once(() => purchases.add({ _id: purchaseId, ...purchase, fulfilledAt: new Date() }));
      return;
    }
    case 'refund.success':
      await purchases.where({ _id: purchaseId, outTradeNo }).update({ refundedFee });
      return;
    default:
    // order.mismatch, order.duplicate_payment, refund.abnormal …: for a person, see listAttention.
  }
});
