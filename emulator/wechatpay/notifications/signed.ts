import { seal } from '../../../shared/gateway/apiV3/crypto/aead.ts';
import { answerMessage, SCHEME } from '../../../shared/gateway/apiV3/crypto/message.ts';
import { sign } from '../../../shared/gateway/apiV3/crypto/sign.ts';
import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import type { LedgerOrder } from '../orders/ledger.ts';
import { rfc3339 } from '../orders/wire.ts';

/** What WeChat Pay posts to a `notify_url`. */
export interface Notice {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What a notice is about, before it is sealed and signed. */
export interface Told {
  /** Whose APIv3 key seals it. */
  mchid: string;
  notifyUrl: string;
  signer: LedgerOrder['signer'];
  notificationId: string;
  atMs: number;
  /** `TRANSACTION.SUCCESS`, `REFUND.CLOSED`, … */
  eventType: string;
  summary: string;
  originalType: 'transaction' | 'refund';
  /** What is said; `lies` of a fault's code change it, validly signed and sealed. */
  resource: Record<string, unknown>;
  lies: Record<string, Record<string, unknown>>;
}

/** Makes a notice, really sealed and signed; a fault may spoil or change it. */
export function noticeOf(world: World, keys: KeyRing, told: Told, fault?: Fault): Notice {
  const lie = told.lies[fault?.code ?? ''];
  const apiV3Key = keys.merchant(told.mchid)?.apiV3Key ?? '';
  const nonce = world.randomBytes(6).toString('hex');
  const plain = JSON.stringify({ ...told.resource, ...lie });
  const sealed = seal(plain, Buffer.from(apiV3Key), nonce, told.originalType);
  const body = JSON.stringify({
    id: told.notificationId,
    create_time: rfc3339(told.atMs),
    resource_type: 'encrypt-resource',
    event_type: told.eventType,
    summary: told.summary,
    resource: {
      original_type: told.originalType,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed.ciphertext,
      associated_data: sealed.associatedData,
      nonce: sealed.nonce,
    },
  });
  const changed = fault?.kind === 'mutated' && !lie;
  return {
    url: told.notifyUrl,
    headers: signedHeaders(world, keys, told.signer, body, fault?.kind === 'forged'),
    body: changed ? body.replace('encrypt-resource', 'encrypt-resourcE') : body,
  };
}

/** Makes a signature probe (签名探测流量): a notice whose signature is wrong on purpose. */
export function probeOf(world: World, keys: KeyRing, told: Told): Notice {
  const notice = noticeOf(world, keys, told);
  const signature = `WECHATPAY/SIGNTEST/${notice.headers['Wechatpay-Signature']}`;
  return { ...notice, headers: { ...notice.headers, 'Wechatpay-Signature': signature } };
}

/** The headers with which WeChat Pay signs what it sends. */
export function signedHeaders(
  world: World,
  keys: KeyRing,
  signer: LedgerOrder['signer'],
  body: string,
  forged = false,
): Record<string, string> {
  const { serial, key } = keys.signer(signer);
  const timestamp = String(Math.floor(world.clock.nowMs() / 1000));
  const nonce = world.randomBytes(16).toString('hex');
  const message = answerMessage(timestamp, nonce, Buffer.from(body));
  return {
    'Content-Type': 'application/json',
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': serial,
    'Wechatpay-Signature': sign(message, forged ? keys.foreignKey : key),
    'Wechatpay-Signature-Type': SCHEME,
  };
}
