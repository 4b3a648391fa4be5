import { answerMessage, SCHEME } from '../../../shared/gateway/apiV3/crypto/message.ts';
import { sign } from '../../../shared/gateway/apiV3/crypto/sign.ts';
import type { World } from '../../world/world.ts';
import type { SignerKind } from '../wire/operation.ts';
import type { KeyRing } from './keyRing.ts';

/** Says how a body is signed. */
export interface SignatureOptions {
  signer: SignerKind;
  /** Signs with a key that is not WeChat's. */
  isForged?: boolean;
}

/** Makes a signature probe (签名探测流量) of signed headers: wrong on purpose, to see whether we look. */
export function asProbe(headers: Record<string, string>): Record<string, string> {
  const signature = `WECHATPAY/SIGNTEST/${headers['Wechatpay-Signature']}`;
  return { ...headers, 'Wechatpay-Signature': signature };
}

/** Makes the headers with which WeChat Pay signs an answer or a notification. */
export function signedHeaders(
  world: World,
  keys: KeyRing,
  body: string,
  { signer, isForged = false }: SignatureOptions,
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
    'Wechatpay-Signature': sign(message, isForged ? keys.foreignKey : key),
    'Wechatpay-Signature-Type': SCHEME,
  };
}
