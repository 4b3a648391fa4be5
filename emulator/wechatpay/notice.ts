import { seal } from '../../shared/gateway/apiV3/aead.ts';
import { answerMessage, SCHEME } from '../../shared/gateway/apiV3/message.ts';
import { sign } from '../../shared/gateway/apiV3/sign.ts';
import type { Fault } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import type { KeyRing } from './keys.ts';
import type { LedgerOrder } from './ledger.ts';
import { orderJson, rfc3339 } from './wire.ts';

/** What WeChat Pay posts to a `notify_url`. */
export interface Notice {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Faults whose code changes what is said, validly signed and sealed. */
const lies: Record<string, (order: LedgerOrder) => LedgerOrder> = {
  AMOUNT: (order) => ({ ...order, total: order.total + 1 }),
  APPID: (order) => ({ ...order, appid: 'wxffffffffffffffff' }),
  MCHID: (order) => ({ ...order, mchid: '1999999999' }),
  OPENID: (order) => ({ ...order, openid: 'oSomebodyElse' }),
  UNKNOWN_ORDER: (order) => ({ ...order, outTradeNo: `NOBODY${order.outTradeNo}`.slice(0, 32) }),
};

/** Makes the notice of a payment, really sealed and signed; a fault may spoil or change it. */
export function noticeOf(world: World, keys: KeyRing, order: LedgerOrder, fault?: Fault): Notice {
  const told = lies[fault?.code ?? '']?.(order) ?? order;
  const apiV3Key = keys.merchant(order.mchid)?.apiV3Key ?? '';
  const nonce = world.randomBytes(6).toString('hex');
  const sealed = seal(JSON.stringify(orderJson(told)), Buffer.from(apiV3Key), nonce, 'transaction');
  const body = JSON.stringify({
    id: order.notificationId,
    create_time: rfc3339(order.paidAtMs ?? 0),
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed.ciphertext,
      associated_data: sealed.associatedData,
      nonce: sealed.nonce,
    },
  });
  const changed = fault?.kind === 'mutated' && !lies[fault.code ?? ''];
  return {
    url: order.notifyUrl,
    headers: signedHeaders(world, keys, order.signer, body, fault?.kind === 'forged'),
    body: changed ? body.replace('encrypt-resource', 'encrypt-resourcE') : body,
  };
}

/** Makes a signature probe (签名探测流量): a notice whose signature is wrong on purpose. */
export function probeOf(world: World, keys: KeyRing, order: LedgerOrder): Notice {
  const notice = noticeOf(world, keys, order);
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
  const { serial, key } = keys.signers[signer];
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
