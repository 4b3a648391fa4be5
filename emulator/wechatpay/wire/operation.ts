import type { Owner } from './owner.ts';

/** Names the kind of key that WeChat signs with. */
export type SignerKind = 'publicKey' | 'certificate';

/** An authentic request of the merchant that signed it, and then of the owner that it asks for. */
export interface OperationRequest extends Owner {
  url: URL;
  body: string;
  /** The key that answers and notifications are to be signed with. */
  signer: SignerKind;
  /** `Wechatpay-Serial` of the request: the key that its secret fields are encrypted with. */
  serial: string;
  /** The part of the path that names the thing asked for. */
  pathPart: string;
}

/** A good answer; a body of undefined is 204. */
export interface OperationAnswer {
  json?: unknown;
}
