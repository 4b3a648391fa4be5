import { seal } from '../../../shared/gateway/apiV3/crypto/aead.ts';
import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import { asProbe, signedHeaders } from '../keys/signature.ts';
import type { SignerKind } from '../wire/operation.ts';
import { rfc3339 } from '../wire/time.ts';
import type { Notice } from './notice.ts';

/** The content of a notification of APIv3, before it is sealed and signed. */
export interface SignedContent {
  kind: 'signed';
  /** The merchant whose APIv3 key seals it. */
  mchid: string;
  notifyUrl: string;
  signer: SignerKind;
  notificationId: string;
  atMs: number;
  /** `TRANSACTION.SUCCESS`, `REFUND.CLOSED`, … */
  eventType: string;
  summary: string;
  originalType: 'transaction' | 'refund';
  resource: Record<string, unknown>;
  /** The resource by the code of a `mutated` fault: changed, and validly signed and sealed. */
  tampered: Record<string, Record<string, unknown>>;
}

/** Makes a notice, really sealed and signed; a fault may spoil or change it. */
export function signedNotice(
  world: World,
  keys: KeyRing,
  content: SignedContent,
  fault?: Fault,
): Notice {
  const tampered = content.tampered[fault?.code ?? ''];
  const apiV3Key = keys.merchant(content.mchid)?.apiV3Key ?? '';
  const nonce = world.randomBytes(6).toString('hex');
  const plain = JSON.stringify({ ...content.resource, ...tampered });
  const sealed = seal(plain, Buffer.from(apiV3Key), nonce, content.originalType);
  const body = JSON.stringify({
    id: content.notificationId,
    create_time: rfc3339(content.atMs),
    resource_type: 'encrypt-resource',
    event_type: content.eventType,
    summary: content.summary,
    resource: {
      original_type: content.originalType,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed.ciphertext,
      associated_data: sealed.associatedData,
      nonce: sealed.nonce,
    },
  });
  const isSpoilt = fault?.kind === 'mutated' && !tampered;
  const isForged = fault?.kind === 'forged';
  return {
    url: content.notifyUrl,
    headers: signedHeaders(world, keys, body, { signer: content.signer, isForged }),
    body: isSpoilt ? body.replace('encrypt-resource', 'encrypt-resourcE') : body,
  };
}

/** Makes a signature probe (签名探测流量): a notice whose signature is wrong on purpose. */
export function signatureProbe(world: World, keys: KeyRing, content: SignedContent): Notice {
  const notice = signedNotice(world, keys, content);
  return { ...notice, headers: asProbe(notice.headers) };
}
