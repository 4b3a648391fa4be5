/**
 * The owner of orders and refunds: a merchant (直连商户), or a sub-merchant (特约商户) under its provider.
 */
export interface Owner {
  mchid: string;
  spMchid?: string;
}

/** Passes on only what is the owner's: an order placed in one mode does not exist in the other. */
export function ownedBy<T extends Owner>({ spMchid }: Owner, found: T | undefined): T | undefined {
  return found?.spMchid === spMchid ? found : undefined;
}

/** Takes the owner out of something that has one. */
export function ownerOf({ mchid, spMchid }: Owner): Owner {
  return spMchid === undefined ? { mchid } : { mchid, spMchid };
}
