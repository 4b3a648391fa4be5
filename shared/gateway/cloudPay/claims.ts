import { differenceOf } from '../../domain/order/conclude.ts';
import type { Order } from '../../domain/order/order.ts';
import type { ClaimParser, PaymentClaim, UnverifiedClaim } from '../../ports/unverifiedClaim.ts';
import { type Fields, Malformed } from '../read.ts';
import { fieldsOf } from './json.ts';
import { hasSecret } from './secret.ts';
import { readPaid } from './wire/order.ts';
import { readRefundClaim } from './wire/refund.ts';

/** Makes the parser of cloud pay's callbacks (回调): plain fields, no signature, in either spelling. */
export function createClaimParser(): ClaimParser {
  return { read, hasProof };
}

function read(event: unknown): UnverifiedClaim {
  try {
    return claimOf(fieldsOf(event));
  } catch (error) {
    if (error instanceof Malformed)
      return { kind: 'refused', reason: `event_malformed:${error.field}` };
    throw error;
  }
}

function claimOf(event: Fields): UnverifiedClaim {
  if (event.word('return_code') !== 'SUCCESS') return { kind: 'refused', reason: 'return_code' };
  const outTradeNo = event.word('out_trade_no');
  if (event.has('out_refund_no')) {
    return { kind: 'refund', outTradeNo, evidence: readRefundClaim(event) };
  }
  if (event.word('result_code') !== 'SUCCESS') return { kind: 'refused', reason: 'result_code' };
  try {
    const evidence = readPaid(event, 'callback');
    const attach = event.has('attach') ? { attach: event.text('attach') } : {};
    return { kind: 'payment', outTradeNo, evidence, ...attach };
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'payment', outTradeNo };
    throw error;
  }
}

/** Tells whether a claim proves itself: every field must be there, or the payer could leave one out. */
function hasProof(order: Order, { evidence, attach }: PaymentClaim): boolean {
  const isWhole = evidence?.appid !== undefined && evidence.openid !== undefined;
  return isWhole && hasSecret(order.request, attach) && differenceOf(order, evidence) === undefined;
}
