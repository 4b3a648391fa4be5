import { differenceOf } from '../../domain/order/conclude.ts';
import type { Order } from '../../domain/order/order.ts';
import type { Claim, ClaimDoor, PaymentClaim } from '../../ports/unverifiedClaim.ts';
import { type Fields, Malformed } from '../read.ts';
import { fieldsOf } from './json.ts';
import { hasSecret } from './secret.ts';
import { readPaid } from './wire/order.ts';
import { readRefundClaim } from './wire/refund.ts';

/** Makes the door for cloud pay's callbacks (回调): plain fields, no signature, in either spelling. */
export function createClaimDoor(): ClaimDoor {
  return { read, isProven };
}

function read(event: unknown): Claim {
  try {
    return claimOf(fieldsOf(event));
  } catch (error) {
    if (error instanceof Malformed)
      return { is: 'refused', reason: `event_malformed:${error.field}` };
    throw error;
  }
}

function claimOf(event: Fields): Claim {
  if (event.word('return_code') !== 'SUCCESS') return { is: 'refused', reason: 'return_code' };
  const outTradeNo = event.word('out_trade_no');
  if (event.has('out_refund_no')) {
    return { is: 'refund', outTradeNo, evidence: readRefundClaim(event) };
  }
  if (event.word('result_code') !== 'SUCCESS') return { is: 'refused', reason: 'result_code' };
  try {
    const evidence = readPaid(event, 'callback');
    const attach = event.has('attach') ? { attach: event.text('attach') } : {};
    return { is: 'payment', outTradeNo, evidence, ...attach };
  } catch (error) {
    if (error instanceof Malformed) return { is: 'payment', outTradeNo };
    throw error;
  }
}

/** What a query may leave out has to be there: the payer could have left it out. */
function isProven(order: Order, { evidence, attach }: PaymentClaim): boolean {
  const isWhole = evidence?.appid !== undefined && evidence.openid !== undefined;
  return isWhole && hasSecret(order.request, attach) && differenceOf(order, evidence) === undefined;
}
