import type { Signed } from '../../shared/gateway/apiV3/crypto/verify.ts';
import type { KeysOptions } from '../../shared/gateway/apiV3/keys/keys.ts';
import type { Diagnosis, SignatureCause } from '../control/api/signature.ts';

/** A key that WeChat really has: its id or serial, and the key or certificate as PEM. */
export interface WeChatsKey {
  serial: string;
  pem: string;
}

/** A notification, and all that can be known about it. */
export interface Question {
  signed: Signed;
  /** The keys that verify it. */
  keys: KeysOptions;
  /** When it really arrived, and what the clock of the verifying server said then. */
  receivedAt: Date;
  clock: Date;
  /** Keys of WeChat's beside the configured ones. */
  wechats: readonly WeChatsKey[];
  /** Other merchants whose APIv3 keys are known. */
  others: readonly { mchid: string; apiV3Key: string }[];
}

/** A look at a notification found this. */
export interface Finding {
  cause?: SignatureCause | undefined;
  where?: string | undefined;
  difference?: Diagnosis['difference'] | undefined;
  resource?: string | undefined;
}
