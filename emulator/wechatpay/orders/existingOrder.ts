import { RefusalError } from '../errors.ts';
import { type Owner, ownedBy } from '../wire/owner.ts';
import { type LedgerOrder, onLink } from './ledger.ts';

/** Passes on an order that exists for its owner on APIv3; throws ORDER_NOT_EXIST for any other. */
export function existingOrder(owner: Owner, found: LedgerOrder | undefined): LedgerOrder {
  const order = onLink('apiV3', ownedBy(owner, found));
  if (!order) throw new RefusalError('ORDER_NOT_EXIST');
  return order;
}
