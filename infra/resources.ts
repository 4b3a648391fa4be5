import type { SampleName } from '../shared/contract/callers.ts';

/** An index of a collection; `keys` maps a field path to its direction. */
export interface IndexResource {
  name: string;
  keys: Record<string, 1 | -1>;
  unique?: boolean;
  /** Documents without the field are left out of the index. */
  sparse?: boolean;
}

/** A collection of the CloudBase document database. */
export interface CollectionResource {
  /** Who may reach it from a client; `ADMINONLY`: no client. */
  acl: 'READONLY' | 'PRIVATE' | 'ADMINWRITE' | 'ADMINONLY';
  indexes: IndexResource[];
  /** The sample function that keeps its documents here. It is made only where that one is deployed, and is the merchant's. */
  sampleOf?: SampleName;
}

/** The resources that the functions need beside themselves; the local cloud makes the same. */
export const resources: { collections: Record<string, CollectionResource> } = {
  collections: {
    orders: {
      acl: 'ADMINONLY',
      indexes: [
        // No key holds `_id`: every document has one, so that none would be left out.
        { name: 'check_at', keys: { checkAt: 1 }, sparse: true },
        { name: 'urgent_check_at', keys: { urgent: 1, checkAt: 1 }, sparse: true },
        { name: 'delivery_at', keys: { deliveryAt: 1 }, sparse: true },
        { name: 'attention_at', keys: { attentionAt: 1 }, sparse: true },
        { name: 'transaction_id', keys: { transactionId: 1 }, sparse: true },
        { name: 'paid_at', keys: { paidAt: 1 }, sparse: true },
        { name: 'refund_numbers', keys: { outRefundNos: 1 }, unique: true, sparse: true },
      ],
    },
    // Counts the orders that each payer begins, by openid alone.
    payers: { acl: 'ADMINONLY', indexes: [] },
    // Which channels of deliveries the merchant does not want any more: a document each.
    channels: { acl: 'ADMINONLY', indexes: [] },
    products: {
      acl: 'ADMINWRITE',
      indexes: [{ name: 'on_sale', keys: { onSale: 1, _id: 1 } }],
      sampleOf: 'quoteOrder',
    },
    purchases: {
      acl: 'ADMINONLY',
      indexes: [{ name: 'payer', keys: { openid: 1, fulfilledAt: -1 } }],
      sampleOf: 'fulfilOrder',
    },
  },
};
