import { RefusalError } from '../errors.ts';
import { onLink } from '../orders/ledger.ts';
import { type Owner, ownedBy } from '../wire/owner.ts';
import type { LedgerRefund } from './ledger.ts';

/**
 * Passes on a refund that exists for its owner on APIv3; throws RESOURCE_NOT_EXISTS for any other.
 */
export function existingRefund(owner: Owner, found: LedgerRefund | undefined): LedgerRefund {
  const refund = onLink('apiV3', ownedBy(owner, found));
  if (!refund) throw new RefusalError('RESOURCE_NOT_EXISTS', '退款单不存在');
  return refund;
}
